/** Where a person stands, as it is told to those who asked through Ory: on the identity there, and at the gate. */
import type { IdentityStatus } from './identity.js';
import type { Registration } from './registration.js';
import { familyOf } from './results.js';

/** How far one check is. `retry`: turned down, but the customer may try again. */
export const phases = [
  'created',
  'submitted',
  'awaiting',
  'registered',
  'rejected',
  'retry',
  'expired',
  'failed',
] as const;

export type Phase = (typeof phases)[number];

/** The same of a person; `none`: nobody asked for a check. */
export type Standing = Phase | 'none';

/** What a registration says about its phase. */
export type Told = Pick<Registration, 'status' | 'person' | 'result'>;

/** The phase of one registration. */
export function phaseOf(told: Told): Phase {
  switch (told.status) {
    case 'created':
    case 'link_sent':
    case 'opened':
      return 'created';
    case 'in_review':
      return 'awaiting';
    case 'decided':
      return decidedPhase(told);
    default:
      return told.status;
  }
}

/** A person's refusal and fraud are final; a document that could not be accepted may be followed by a better one. */
function decidedPhase({ person, result }: Told): Phase {
  if (person?.action === 'again') return 'retry';
  if (person) return person.action === 'register' ? 'registered' : 'rejected';
  if (result === 'CLEAR') return 'registered';
  return result !== null && familyOf(result) === 'rejected' ? 'retry' : 'rejected';
}

/** Whether somebody is turned down for good. */
export function isFinalDecline(told: Told): boolean {
  return told.status === 'decided' && phaseOf(told) === 'rejected';
}

/** What a registration makes of the person when no newer one decides anything; null when it decides nothing itself. */
export function standingGivenBy(told: Told): IdentityStatus | null {
  switch (phaseOf(told)) {
    case 'registered':
      return 'registered';
    case 'awaiting':
      return 'awaiting_registration';
    case 'rejected':
      return 'rejected';
    case 'retry':
      return told.person ? null : 'rejected';
    default:
      return null;
  }
}

/** The phase a registration was in before people decided about it, as far as the result that was left tells. */
export function machinePhaseOf(told: Told): Phase {
  if (!told.person) return phaseOf(told);
  switch (told.result === null ? null : familyOf(told.result)) {
    case 'clear':
    case 'caution':
    case 'unknown':
      return 'awaiting';
    case 'suspected':
      return 'rejected';
    case 'rejected':
      return 'retry';
    case 'expired':
      return 'expired';
    default:
      return 'created';
  }
}

/**
 * What a person's status says by itself, whatever was begun since. Null: the newest registration says it.
 *
 * @param source the registration that gave the status
 */
export function settledStanding(
  status: IdentityStatus,
  source: Told | null,
): 'registered' | 'awaiting' | 'rejected' | null {
  if (status === 'registered') return 'registered';
  if (status === 'awaiting_registration') return 'awaiting';
  return status === 'rejected' && !(source && phaseOf(source) === 'retry') ? 'rejected' : null;
}

/** What a registration says of a person with this status, which alone makes anyone `registered`. */
export function standingBy(told: Told, status: IdentityStatus): Phase {
  const phase = phaseOf(told);
  return phase === 'registered' && status !== 'registered' ? 'awaiting' : phase;
}

/** What is known of a person: the status, the registration that gave it, and the newest one. */
export interface KnownPerson {
  readonly status: IdentityStatus;
  readonly source: Told | null;
  readonly newest: Told | null;
  /** some attempt of theirs was turned down for good, and no person has let them in since */
  readonly declined: boolean;
}

/**
 * Where a person stands. Only the identity's own status makes anyone `registered`, and a final refusal holds whatever
 * was begun since.
 */
export function standingOf(known: KnownPerson | null): Standing {
  if (!known) return 'none';
  // an earlier attempt may turn out to be fraud while a later one is clear
  if (known.declined) return 'rejected';
  const settled = settledStanding(known.status, known.source);
  if (settled) return settled;
  return known.newest ? standingBy(known.newest, known.status) : 'none';
}
