/** The job that asks the provider about a check and decides: the only way a verdict comes in. */
import type { Findings, PersonalData } from '../domain/findings.js';
import { mapFindings, type Outcome } from '../domain/mapping.js';
import type { Reading } from '../domain/registration.js';
import { silent, unreadable } from '../domain/unanswered.js';
import type { JobHandler, JobOutcome } from '../jobs/runner.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import type { Snapshot } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { seal } from '../runtime/keyring.js';
import { commitEvent } from '../store/commit.js';
import { findIdentity } from '../store/identities.js';
import { mostSilenceMs } from '../store/lost-work.js';
import {
  type CheckRow,
  findCheck,
  findRegistration,
  noteCheck,
  type StoredRegistration,
} from '../store/registrations.js';
import type { Store } from '../store/store.js';

export interface ReadOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** The context what was read from a document is sealed for. */
export function personContext(checkId: string): string {
  return `person of ${checkId}`;
}

const longestPauseMs = 6 * 3_600_000;

/** Builds the handler. */
export function createReadCheck(options: ReadOptions): JobHandler<'read'> {
  const { store, clock } = options;
  return {
    async run(job, signal): Promise<JobOutcome> {
      const subject = subjectOf(options, job.payload);
      if (!subject || subject.check.check_ref === null) return undefined;
      const { stored, check, organization } = subject;
      // taken before the question, so that an answer is never dated later than what it may have missed
      const asOf = asOfNow(subject, clock.now());
      const { provider } = organization;
      const snapshot = await provider.fetch(check.check_ref ?? '', check.workflow === 1, signal);
      options.failpoint?.('provider.read');
      const findings = provider.interpret(snapshot);
      // the vendor's link ran out unused: while ours lives the customer gets another, and its end is our own deadline
      const renewable = provider.page.kind === 'redirect' && check.submitted === 0;
      if (findings.state === 'abandoned' && renewable) return undefined;
      const ours = isOurs(subject, snapshot);
      const outcome = mapFindings(findings, rulesOf(organization, ours));
      if (outcome.kind === 'pending' && findings.captured) noteCaptured(options, subject);
      const holds = outcome.kind === 'final' ? organization.holds(findings.person, clock.now()) : [];
      // of a check that somebody else made, not even the word is told
      const said = ours && outcome.kind === 'final' ? vendorWordOf(findings) : {};
      commitEvent(store.main, {
        registrationId: stored.row.id,
        event: { kind: 'read', checkId: check.id, reading: { ...toReading(outcome, asOf, holds), ...said } },
        policy: organization.policy,
        now: clock.now(),
        alongside: () => {
          if (outcome.kind !== 'final' || outcome.withdrawn) return;
          noteCheck(store.main, check.id, { media: findings.media });
          if (findings.person) keepPerson(store, stored, check.id, findings.person);
        },
      });
      return outcome.kind === 'final' ? undefined : askLater(options, subject, asOf);
    },
    gaveUp(job) {
      const subject = subjectOf(options, job.payload);
      if (!subject) return;
      commitEvent(store.main, {
        registrationId: subject.stored.row.id,
        event: {
          kind: 'read',
          checkId: subject.check.id,
          reading: unreadable(asOfNow(subject, clock.now())),
        },
        policy: subject.organization.policy,
        now: clock.now(),
      });
    },
  };
}

/** A check of ours with whose it is. */
export interface CheckSubject {
  readonly stored: StoredRegistration;
  readonly check: CheckRow;
  readonly organization: ServedOrganization;
}

function subjectOf(
  options: ReadOptions,
  payload: { registrationId: string; checkId: string },
): CheckSubject | undefined {
  const stored = findRegistration(options.store.main, payload.registrationId);
  const organization = stored && options.organizations.of(stored.row);
  const check = stored?.checks.find(({ id }) => id === payload.checkId);
  return stored && organization && check ? { stored, check, organization } : undefined;
}

/**
 * When a check is read. Its readings are made one after another, and the later one counts, also when the box's clock was
 * set back in between.
 */
function asOfNow({ stored, check }: CheckSubject, now: number): number {
  const known = stored.registration.checks.find(({ id }) => id === check.id)?.latest;
  return known ? Math.max(now, known.asOf + 1) : now;
}

/** Where nothing but the recorded reference proves anything, the snapshot must also be about the same customer. */
function isOurs({ stored, check, organization }: CheckSubject, snapshot: Snapshot): boolean {
  const { provider } = organization;
  return provider.recordedOnly
    ? snapshot.applicantRef !== null && snapshot.applicantRef === stored.row.applicant_ref
    : provider.owner(snapshot) === check.id;
}

/** The customer is done, although no page of ours has said so. */
function noteCaptured(options: ReadOptions, { stored, check, organization }: CheckSubject): void {
  if (check.check_ref === null || check.submitted === 1) return;
  commitEvent(options.store.main, {
    registrationId: stored.row.id,
    event: { kind: 'submitted', checkId: check.id, checkRef: check.check_ref },
    policy: organization.policy,
    now: options.clock.now(),
  });
}

/** What an organization's verdicts are drawn by. */
export function rulesOf({ settings }: ServedOrganization, createdByUs: boolean) {
  return {
    expectedReports: settings.expectedReports,
    acceptSandbox: settings.sandbox,
    strictFace: settings.provider.strictFace,
    trustApproved: settings.provider.trustApproved,
    createdByUs,
  };
}

function toReading(outcome: Outcome, asOf: number, holds: readonly string[]): Reading {
  if (outcome.kind !== 'final') return { asOf, kind: outcome.kind };
  return {
    asOf,
    kind: 'final',
    result: outcome.result,
    reason: outcome.reason,
    reasonCodes: outcome.reasonCodes,
    ...(holds.length > 0 ? { holds } : {}),
    ...(outcome.alert ? { alert: true } : {}),
    ...(outcome.withdrawn ? { withdrawn: true } : {}),
  };
}

function vendorWordOf({ vendorVerdict }: Findings): Pick<Reading, 'vendorVerdict'> {
  return vendorVerdict === undefined ? {} : { vendorVerdict };
}

function keepPerson(store: Store, stored: StoredRegistration, checkId: string, person: PersonalData): void {
  const owner = findIdentity(store.main, stored.row.identity_id);
  if (!owner) return;
  const key = store.keyring.unwrapDataKey(owner.row.data_key, owner.row.id);
  noteCheck(store.main, checkId, {
    personSealed: seal(key, Buffer.from(JSON.stringify(person)), personContext(checkId)),
  });
}

/**
 * No verdict yet is a normal answer. A check that runs is asked about again, ever more rarely; a run the customer has
 * not finished is left to the sweep of uploads.
 */
function askLater(options: ReadOptions, subject: CheckSubject, asOf: number): JobOutcome {
  const now = options.clock.now();
  const fresh = findCheck(options.store.main, subject.check.id);
  if (fresh?.submitted !== 1) return undefined;
  const waitedMs = now - (fresh.submitted_at ?? fresh.created_at);
  if (waitedMs > mostSilenceMs) {
    noteSilent(options, subject, asOf);
    return undefined;
  }
  const { silenceMs } = subject.organization.policy;
  return {
    lookAgainAt: now + Math.min(longestPauseMs, Math.max(silenceMs, Math.round(waitedMs / 2))),
    background: true,
  };
}

/**
 * Whoever waits for a verdict that does not come is put before a person, once. Not where something was said or decided,
 * perhaps while the provider was asked just now.
 */
function noteSilent(
  { store, clock }: ReadOptions,
  { stored, check, organization }: CheckSubject,
  asOf: number,
): void {
  store.main.transaction(() => {
    const registration = findRegistration(store.main, stored.row.id)?.registration;
    const known = registration?.checks.find(({ id }) => id === check.id);
    if (registration?.status !== 'submitted' || !known || known.lastFinal) return;
    commitEvent(store.main, {
      registrationId: registration.id,
      event: { kind: 'read', checkId: check.id, reading: silent(asOf) },
      policy: organization.policy,
      now: clock.now(),
    });
  });
}
