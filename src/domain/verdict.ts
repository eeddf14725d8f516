/**
 * What the facts of a registration come to. A pure function of facts that only accumulate: this is why the order in
 * which machine events arrive does not matter.
 */
import type { CaseCause, OutcomeNotice } from './effects.js';
import type { IdentityStatus } from './identity.js';
import type { Policy } from './policy.js';
import type { Check, Reading, Registration, RegistrationStatus } from './registration.js';
import { currentCheck, phoneProven } from './registration.js';
import type { Result } from './results.js';
import { familyOf, severityOf } from './results.js';

/** What follows from a registration's facts. */
export interface Verdict {
  readonly status: RegistrationStatus;
  readonly result: Result | null;
  readonly reason: string | null;
  readonly reasonCodes: readonly string[];
  /** what the identity becomes; null leaves it as it is */
  readonly standing: IdentityStatus | null;
  readonly cause: CaseCause | null;
  readonly notice: OutcomeNotice | null;
}

/** The machine's verdict joined with what people decided, whose word stands. */
export function verdictOf(registration: Registration, policy: Policy): Verdict {
  const machine = machineVerdictOf(registration, policy);
  const action = registration.person?.action;
  if (!action) return machine;
  const told = {
    result: registration.result,
    reason: registration.reason,
    reasonCodes: registration.reasonCodes,
  };
  const decided = { status: 'decided', ...told, cause: null } as const;
  if (action === 'register') return { ...decided, standing: 'registered', notice: 'registered' };
  if (action === 'reject') return { ...decided, standing: 'rejected', notice: 'rejected' };
  return { ...decided, standing: 'unknown', notice: null };
}

/** What the provider's word, the customer's steps and the time come to, people left aside. */
export function machineVerdictOf(registration: Registration, policy: Policy): Verdict {
  const check = decidingCheck(registration);
  const reading = standingReading(check);
  if (reading && isTakenBack(reading)) return ofTakenBack(reading, check.lastFinal);
  if (reading) return ofReading(registration, reading, policy);
  if (registration.failed) return open('failed');
  const resubmitted = check.attempt > 1;
  const status = openStatus(registration, check);
  if (status === 'expired')
    return {
      ...open('expired'),
      result: 'EXPIRED',
      reason: 'The customer did not finish in time.',
      notice: 'expired',
    };
  if (!resubmitted) return open(status);
  const before = registration.checks[check.attempt - 2]?.latest;
  return {
    ...open(status),
    result: 'RESUBMISSION_REQUESTED',
    reason: before?.reason ?? null,
    reasonCodes: before?.reasonCodes ?? [],
    standing: 'pending',
    notice: 'resubmission',
  };
}

/** Whether this reading of the newest attempt asks the customer to try once more instead of ending the registration. */
export function asksAgain(reading: Reading | null, attempt: number, policy: Policy): boolean {
  return isUnreadable(reading) && attempt <= policy.resubmissions;
}

function isUnreadable(reading: Reading | null): boolean {
  return reading?.kind === 'final' && reading.result === 'REJECTED_IMAGE_INTEGRITY';
}

/**
 * Usually the newest attempt. Pictures that could not be read say nothing about the customer once there are others; but
 * when the provider changed its word about an earlier attempt, that counts too, and of several words the one that speaks
 * most against the customer: no attempt covers up what another turned out to be, whichever was heard of last. What the
 * policy allows today plays no part: an attempt that was asked for was asked for.
 */
function decidingCheck(registration: Registration): Check {
  const told = registration.checks.filter(check => {
    const reading = standingReading(check);
    return reading !== null && !isUnreadable(reading);
  });
  const [first, ...others] = told;
  if (!first) return currentCheck(registration);
  return others.reduce((worst, check) => (weightOf(check) > weightOf(worst) ? check : worst), first);
}

/** One that was taken back waits for a person, as one that says nothing. */
function weightOf(check: Check): number {
  const reading = standingReading(check);
  return severityOf((reading && !isTakenBack(reading) && reading.result) || 'UNKNOWN');
}

/**
 * What counts of an attempt: the newest reading. But a refusal outlives its check: that the provider takes it back, or
 * has nothing to say any more (a deleted applicant), lets nobody in.
 */
export function standingReading({ latest, lastFinal }: Check): Reading | null {
  if (!latest || !lastFinal?.result) return latest;
  const family = familyOf(lastFinal.result);
  const refused = family === 'suspected' || family === 'rejected';
  return refused && (isTakenBack(latest) || saysNothing(latest)) ? lastFinal : latest;
}

/** Whether a final reading tells nothing about the customer. */
export function saysNothing({ kind, result = 'UNKNOWN' }: Reading): boolean {
  return kind === 'final' && (familyOf(result) === 'unknown' || familyOf(result) === 'expired');
}

function isTakenBack({ kind, withdrawn }: Reading): boolean {
  return kind === 'reopened' || withdrawn === true;
}

function openStatus(registration: Registration, check: Check): RegistrationStatus {
  if (check.submitted) return 'submitted';
  if (registration.deadlinePassed === registration.expiresAt) return 'expired';
  if (check.attempt > 1) return 'link_sent';
  if (registration.openedBySms || registration.openedByKiosk) return 'opened';
  return registration.linkSent ? 'link_sent' : 'created';
}

function open(status: RegistrationStatus): Verdict {
  return { status, result: null, reason: null, reasonCodes: [], standing: null, cause: null, notice: null };
}

function ofReading(registration: Registration, reading: Reading, policy: Policy): Verdict {
  const result = reading.result ?? 'UNKNOWN';
  const said = {
    result,
    reason: reading.reason ?? null,
    reasonCodes: reading.reasonCodes ?? [],
  };
  const waits = { status: 'in_review', standing: 'awaiting_registration', notice: 'awaiting' } as const;
  const rejects = { status: 'decided', standing: 'rejected', cause: null } as const;
  switch (familyOf(result)) {
    case 'clear':
      return ofClear(registration, reading, policy);
    case 'suspected':
      return { ...rejects, ...said, notice: 'rejected' };
    case 'rejected':
      return { ...rejects, ...said, notice: 'rejected_retry' };
    case 'caution':
      return { ...waits, ...said, cause: 'caution' };
    case 'expired':
      return { ...open('expired'), ...said, notice: 'expired' };
    default:
      return { ...waits, ...said, cause: 'unknown' };
  }
}

function ofClear(registration: Registration, reading: Reading, policy: Policy): Verdict {
  const holds = reading.holds ?? [];
  const cause = clearWaitsFor(registration, holds, policy);
  const said = { result: 'CLEAR', reason: reading.reason ?? null } as const;
  if (cause === null)
    return {
      ...said,
      reasonCodes: [],
      status: 'decided',
      standing: 'registered',
      cause,
      notice: 'registered',
    };
  const reasonCodes = cause === 'held' ? holds : [`policy.${cause}`];
  return {
    ...said,
    reasonCodes,
    status: 'in_review',
    standing: 'awaiting_registration',
    cause,
    notice: 'awaiting',
  };
}

function clearWaitsFor(
  registration: Registration,
  holds: readonly string[],
  policy: Policy,
): CaseCause | null {
  if (registration.earlierDeclined) return 'older_registration';
  if (holds.length > 0) return 'held';
  if (!policy.autoRegistration) return 'not_automatic';
  return phoneProven(registration) ? null : 'phone_not_proven';
}

/**
 * What is friendlier than a refusal waits for a person when the provider takes its word back. Whoever was told a verdict is
 * not texted about that; whoever never was waits for one.
 */
function ofTakenBack(reading: Reading, before: Reading | null): Verdict {
  const ends = reading.kind === 'final';
  return {
    status: 'in_review',
    result: ends ? 'UNKNOWN' : null,
    reason: reading.reason ?? 'The provider opened the check again.',
    reasonCodes: reading.reasonCodes ?? ['check.reopened'],
    standing: 'awaiting_registration',
    cause: 'reopened',
    notice: ends && before === null ? 'awaiting' : null,
  };
}
