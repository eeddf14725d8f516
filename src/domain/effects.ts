import type { RegistrationStatus } from './registration.js';

/** The outcome messages a customer may get; the link itself is sent when a registration is made. */
export type OutcomeNotice =
  | 'registered'
  | 'rejected'
  | 'rejected_retry'
  | 'awaiting'
  | 'resubmission'
  | 'expired';

/** Why a person must look. */
export type CaseCause =
  | 'caution'
  | 'unknown'
  | 'held'
  | 'not_automatic'
  | 'phone_not_proven'
  | 'reopened'
  | 'after_person'
  | 'older_registration';

/** What an operator is told beyond the cases; codes are stable. */
export type AlertCode =
  | 'result_unknown'
  | 'result_after_person'
  | 'registered_check_reopened'
  | 'older_registration_suspected'
  | 'registration_failed';

/**
 * What is to be done about a decision, as data: kinds, ids and times, never personal data. Committed with the decision,
 * acted on later by jobs (or, for what lives in the store itself, in the same transaction).
 */
export type Effect =
  | { readonly kind: 'notice'; readonly notice: OutcomeNotice; readonly attempt: number }
  | { readonly kind: 'announce'; readonly status: RegistrationStatus }
  | { readonly kind: 'mirror' }
  | { readonly kind: 'documents'; readonly checkId: string }
  | { readonly kind: 'open_case'; readonly cause: CaseCause }
  | { readonly kind: 'close_case' }
  | { readonly kind: 'alert'; readonly code: AlertCode }
  /** a new attempt begins: its check row is made */
  | { readonly kind: 'begin_attempt'; readonly attempt: number }
  | { readonly kind: 'deadline'; readonly at: number }
  /** ask the provider when it has been silent until then */
  | { readonly kind: 'ask_provider'; readonly checkId: string; readonly at: number };
