import type { PersonAction, Reading } from './registration.js';

/** What may happen to a registration. All but `person` are machine events: any order and repetition ends the same. */
export type Event =
  /** the SMS vendor took the link */
  | { readonly kind: 'link_taken' }
  /** the customer went on from the first page */
  | { readonly kind: 'opened'; readonly via: 'sms' | 'kiosk' }
  /** the provider has a run for this check, into which the customer may now upload */
  | { readonly kind: 'run_opened'; readonly checkId: string; readonly checkRef: string }
  /** the provider has everything it needs for this check */
  | { readonly kind: 'submitted'; readonly checkId: string; readonly checkRef: string }
  /** another run of this check ended worse than the one that counted: it counts from now on */
  | { readonly kind: 'run_outdone'; readonly checkId: string; readonly checkRef: string }
  /** the provider was asked about this check */
  | { readonly kind: 'read'; readonly checkId: string; readonly reading: Reading }
  /** the time ran out that was set to `expiresAt`, and the provider has no uploads */
  | { readonly kind: 'deadline'; readonly expiresAt: number }
  /** the provider refuses to make an applicant or a session */
  | { readonly kind: 'failed' }
  /** whether an earlier registration of the same person is turned down for good, and no person has cleared that since */
  | { readonly kind: 'earlier_declined'; readonly declined: boolean }
  | { readonly kind: 'person'; readonly action: PersonAction };
