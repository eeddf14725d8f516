/**
 * The port to whoever carries SMS, owned by the notices. A vendor repeats nothing by itself: the job does, and asks
 * {@link SmsVendor.find} first whenever an attempt may have acted. Network methods throw {@link SmsError}.
 */
import type { IncomingHttpHeaders } from 'node:http';

/**
 * How far a message is. `sent` may be the last word for good, since not every network reports delivery; `undelivered`
 * and `failed` are final.
 */
export type DeliveryStatus = 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed';

/** One message to one phone. */
export interface SmsMessage {
  /** E.164 */
  readonly to: string;
  readonly body: string;
  /** sender, where the organization's differs from the vendor's own */
  readonly from?: string;
  /** URL the vendor reports progress to */
  readonly statusCallback?: string;
}

/** Looking for a message whose answer was lost. */
export interface SmsQuery {
  readonly to: string;
  readonly body: string;
  /** epoch milliseconds of the attempt, on our clock */
  readonly since: number;
  /** whether a message found belongs to another notice already, as after a resend of the same link */
  readonly isClaimed?: (ref: string) => boolean;
}

/** What a vendor says about one message. */
export interface DeliveryReport {
  /** the vendor's id of the message */
  readonly ref: string;
  readonly status: DeliveryStatus;
  /** the vendor's code, digits or a fixed word */
  readonly errorCode?: string;
  /** why it will not arrive, where the code says so */
  readonly cause?: 'unsubscribed' | 'unreachable';
}

/** A status callback as received. */
export interface StatusCallback {
  /** the public URL that the vendor was given, which is what it signed; never made from `Host` */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
}

/** The port. */
export interface SmsVendor {
  /** `twilio`, `console` */
  readonly name: string;
  /** @throws {SmsError} */
  send(
    message: SmsMessage,
    signal: AbortSignal,
  ): Promise<{ readonly ref: string; readonly segments?: number }>;
  /**
   * The unclaimed message to that number with that text since a moment, the best of several; null when the vendor
   * knows none, which after a lost answer means that sending again is safe.
   *
   * @throws {SmsError}
   */
  find(query: SmsQuery, signal: AbortSignal): Promise<DeliveryReport | null>;
  /** A genuine status callback, or null for everything else. Constant-time; never throws. They come in any order. */
  readStatus(callback: StatusCallback): DeliveryReport | null;
}

/** How a failed call may be treated. */
export type SmsErrorKind =
  /** repeat later: connection, time-out, 429, 5xx */
  | 'later'
  /** nothing was sent: it may be in the making, by an earlier call whose answer is not known */
  | 'under_way'
  /** the vendor refuses this very message, for a reason an operator can see to */
  | 'refused'
  /** the customer answered STOP: this number gets nothing more */
  | 'unsubscribed'
  /** no SMS reaches this number */
  | 'unreachable'
  /** our credentials are refused: an operator must act */
  | 'unauthorized';

/** A call to a vendor that did not succeed. The message names vendor, status and code only: no number, no text. */
export class SmsError extends Error {
  override readonly name = 'SmsError';
  /** the vendor's code, where it gave one */
  readonly code?: string;
  /** whether the message may be on its way all the same: then ask `find` before sending again */
  readonly mayHaveActed: boolean;
  /** whether it may be sent after this: the vendor did not say that it is through with it */
  readonly mayStillAct: boolean;
  /** milliseconds the vendor asks us to wait */
  readonly retryAfterMs?: number;

  constructor(
    readonly kind: SmsErrorKind,
    message: string,
    details: {
      readonly code?: string;
      readonly mayHaveActed: boolean;
      /** default: no */
      readonly mayStillAct?: boolean;
      readonly retryAfterMs?: number;
    },
  ) {
    super(message);
    this.mayHaveActed = details.mayHaveActed;
    this.mayStillAct = details.mayStillAct ?? false;
    if (details.code !== undefined) this.code = details.code;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}

const rank: Readonly<Record<DeliveryStatus, number>> = {
  accepted: 0,
  sent: 1,
  undelivered: 2,
  failed: 2,
  delivered: 3,
};

/**
 * Whether a report says more than what is known. Callbacks overtake each other: a late `sent` never undoes
 * `delivered`, and a delivery receipt outweighs an earlier failure.
 */
export function isNews(known: DeliveryStatus | null, reported: DeliveryStatus): boolean {
  return known === null || rank[reported] > rank[known];
}
