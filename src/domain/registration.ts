import type { Result } from './results.js';

/** How far a registration is, as the kiosk API tells it (design: "Registrations and identities"). */
export const registrationStatuses = [
  'created',
  'link_sent',
  'opened',
  'submitted',
  'in_review',
  'decided',
  'expired',
  'failed',
] as const;

export type RegistrationStatus = (typeof registrationStatuses)[number];

/** What a person may decide about a registration. `again` lets the customer start over. */
export type PersonAction = 'register' | 'reject' | 'again';

/**
 * What the provider's word about one check came to, at one reading. Readings are ordered by `asOf`, so that whichever
 * order they arrive in, the newest counts.
 */
export interface Reading {
  /** epoch milliseconds at which the provider was asked */
  readonly asOf: number;
  readonly kind: 'pending' | 'reopened' | 'final';
  /** set when `final` */
  readonly result?: Result;
  /** sorted; fixed vocabulary, no personal data */
  readonly reasonCodes?: readonly string[];
  readonly reason?: string;
  /** the vendor's own word, where it is told beside ours; decides nothing here */
  readonly vendorVerdict?: string;
  /** why a CLEAR must wait for a person all the same: codes of the organization's policy */
  readonly holds?: readonly string[];
  /** the operator should know, whatever the status (e.g. a report is missing) */
  readonly alert?: boolean;
  /** the provider took the check back after it may have been complete */
  readonly withdrawn?: boolean;
}

/** One attempt of a registration at the provider. */
export interface Check {
  readonly id: string;
  /** 1 for the first, one more for each resubmission */
  readonly attempt: number;
  /** the provider's check or workflow run; null until it exists */
  readonly checkRef: string | null;
  /** whether the provider has everything it needs from the customer */
  readonly submitted: boolean;
  /** the newest reading that said more than that the check still runs */
  readonly latest: Reading | null;
  /** the newest reading that was final and not withdrawn */
  readonly lastFinal: Reading | null;
}

/** What `decide` knows of a registration. Facts only ever accumulate; everything else follows from them. */
export interface Registration {
  readonly id: string;
  /** order of creation, over all registrations */
  readonly seq: number;
  readonly status: RegistrationStatus;
  readonly expiresAt: number;
  /** the vendor took the SMS with the link */
  readonly linkSent: boolean;
  readonly openedBySms: boolean;
  readonly openedByKiosk: boolean;
  /** the kiosk vouches for the number */
  readonly phoneVerified: boolean;
  /** links of an external site cannot be told apart: see {@link phoneProven} */
  readonly externalSite: boolean;
  /** an SMS with the link is part of this registration */
  readonly notifies: boolean;
  /** `expiresAt` of the deadline that has passed with nothing uploaded, or null */
  readonly deadlinePassed: number | null;
  /** no session can ever be opened for it (the provider refuses the applicant) */
  readonly failed: boolean;
  /** an earlier registration of the same person is turned down for good, and no person has cleared that since */
  readonly earlierDeclined: boolean;
  readonly person: { readonly action: PersonAction; readonly at: number } | null;
  /** the check of each attempt, first to last; at least one */
  readonly checks: readonly Check[];
  readonly result: Result | null;
  readonly reason: string | null;
  readonly reasonCodes: readonly string[];
  /** the last thing the customer was told by SMS about the outcome, with its attempt; told once */
  readonly told: string | null;
  /** grows by one with every commit that changes something; effects are keyed by it */
  readonly revision: number;
}

/**
 * Whether the phone number is known to be the customer's (design: "The link in the SMS proves the phone"). An external
 * site gives both links the same address, so there only the absence of the kiosk's link proves that the SMS was used.
 */
export function phoneProven(registration: Registration): boolean {
  if (registration.phoneVerified || registration.openedBySms) return true;
  return registration.externalSite && registration.notifies && !registration.openedByKiosk;
}

/** The check of the attempt that counts now. */
export function currentCheck(registration: Registration): Check {
  const check = registration.checks.at(-1);
  if (!check) throw new Error(`registration ${registration.id} has no check`);
  return check;
}

/** The vendor's own word about the attempt that counts now, where it has one that is told beside ours. */
export function vendorVerdictOf(registration: Registration): string | undefined {
  return currentCheck(registration).lastFinal?.vendorVerdict;
}

/** Whether the customer can still do something with the link. */
export function isOpen(status: RegistrationStatus): boolean {
  return status === 'created' || status === 'link_sent' || status === 'opened' || status === 'submitted';
}
