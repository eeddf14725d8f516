import type { NoticeKind } from '../../../config/config.js';
import type { Amount } from '../../../domain/duration.js';

/**
 * Why a customer who was REJECTED may try again, told in the words of their language as `{reason}`. Deliberately few:
 * an SMS is read by whoever holds the phone.
 */
export type RetryReason = 'document' | 'pictures' | 'age';

/** The default texts of one language. */
export interface Catalogue {
  readonly texts: Readonly<Record<NoticeKind, string>>;
  readonly reasons: Readonly<Record<RetryReason, string>>;
  /** one and several, in the case that the texts need after “within” */
  readonly units: Readonly<Record<Amount['unit'], readonly [one: string, several: string]>>;
}
