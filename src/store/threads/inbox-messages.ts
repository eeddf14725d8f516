/** What the gateway and the inbox's thread say to each other. One request is answered by one answer, in order. */
import type { DeliveryOutcome } from '../deliveries.js';

/** Whose deliveries are: most of a request's are one and the same. */
export interface DeliverySource {
  readonly organization: string;
  readonly provider: string;
}

/** Numbers for each delivery in a request's `parts`: place of its source, when it was received, length of its body. */
export const numbersEach = 3;

/** What became of a delivery. */
export interface Settlement {
  readonly id: number;
  readonly outcome: DeliveryOutcome;
  readonly action?: string;
  readonly checkRef?: string;
}

/** Everything of one request lands in one commit. Flat, because an object for each delivery costs as much as its hash. */
export interface InboxRequest {
  readonly sources: readonly DeliverySource[];
  readonly parts: Float64Array;
  /** the bodies, one behind the other */
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
