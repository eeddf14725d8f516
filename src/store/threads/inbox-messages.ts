/** What the gateway and the inbox's thread say to each other. One request is answered by one answer, in order. */
import type { DeliveryOutcome } from '../deliveries.js';

/** A delivery within a request: its body is a part of the request's `bytes`. */
export interface KeptPart {
  readonly organization: string;
  readonly provider: string;
  readonly receivedAt: number;
  readonly offset: number;
  readonly length: number;
}

/** What became of a delivery. */
export interface Settlement {
  readonly id: number;
  readonly outcome: DeliveryOutcome;
  readonly action?: string;
  readonly checkRef?: string;
}

/** Everything of one request lands in one commit. */
export interface InboxRequest {
  readonly keep: readonly KeptPart[];
  readonly bytes: Uint8Array;
  readonly settle: readonly Settlement[];
}

/** `ok` after the commit; else nothing of the request was kept. */
export type InboxAnswer = { readonly ok: true } | { readonly ok: false; readonly code: string };

/** What the thread is started with. */
export interface InboxThreadData {
  readonly file: string;
  readonly masterKey: Uint8Array;
}
