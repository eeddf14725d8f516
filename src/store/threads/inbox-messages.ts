/** What the gateway and the inbox's thread say to each other. One request is answered by one answer, in order. */
import type { Arrival } from '../arrivals.js';
import type { DeliveryOutcome } from '../deliveries.js';

/** What became of a delivery. */
export interface Settlement {
  readonly id: number;
  readonly outcome: DeliveryOutcome;
  readonly action?: string;
  readonly checkRef?: string;
}

/** What the thread is asked, by kind. Each is one commit, or none. */
export interface InboxRequests {
  /** deliveries that came in together, and what became of others */
  commit: { readonly arrival: Arrival; readonly settle: readonly Settlement[] };
  /** gives deliveries rows of their own */
  unpack: { readonly atLeast: number };
  /** the settings of its connection */
  pragmas: object;
  /** writes something that changes nothing */
  probe: object;
}

/** What it answers, by kind, when it was not refused. */
export interface InboxValues {
  commit: null;
  unpack: { readonly left: boolean };
  pragmas: Record<string, unknown>;
  /** SQLite's code when it was refused, else null */
  probe: string | null;
}

export type InboxKind = keyof InboxRequests;

/** One request. */
export type InboxRequest<Kind extends InboxKind = InboxKind> = {
  [Each in Kind]: { readonly kind: Each } & InboxRequests[Each];
}[Kind];

/** `ok` after the commit; else nothing of it was committed. */
export type InboxAnswer<Kind extends InboxKind = InboxKind> =
  | { readonly ok: true; readonly value: InboxValues[Kind] }
  | InboxRefusal;

export interface InboxRefusal {
  readonly ok: false;
  /** SQLite's, or says why it was not tried */
  readonly code: string;
  /** whether deliveries are answered 503 for the same reason; else only what was asked failed */
  readonly refusesDeliveries: boolean;
  /** what happened underneath */
  readonly fault?: Error;
}

/** What the thread is started with. */
export interface InboxThreadData {
  readonly file: string;
  readonly masterKey: Uint8Array;
}
