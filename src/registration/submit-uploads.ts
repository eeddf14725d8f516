/**
 * The job that turns a customer's uploads into the provider's check, once for each attempt. It runs when a page says
 * that the capture ended, and by itself when no page ever does.
 */
import { isOpen } from '../domain/registration.js';
import type { JobHandler, JobOutcome } from '../jobs/runner.js';
import type { Organizations } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { commitEvent } from '../store/commit.js';
import type { Job } from '../store/jobs.js';
import { findRegistration, noteCheck } from '../store/registrations.js';
import type { Store } from '../store/store.js';
import { usedBefore } from './used-media.js';

export interface SubmitOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** Uploads may be listed a little later than the page says they are done. */
const patienceMs = 60_000;
const lookAgainMs = 5_000;

/** Builds the handler of the hint. */
export function createSubmitUploads(options: SubmitOptions): JobHandler<'submit'> {
  const { store, clock } = options;
  return {
    async run(job, signal) {
      const submitted = await submitUploads(options, job, signal);
      if (submitted !== false) return undefined;
      const check = findRegistration(store.main, job.payload.registrationId)?.checks.find(
        ({ id }) => id === job.payload.checkId,
      );
      const hintedAt = check?.hinted_at;
      if (hintedAt == null) return undefined;
      if (clock.now() - hintedAt < patienceMs) return { lookAgainAt: clock.now() + lookAgainMs };
      noteCheck(store.main, job.payload.checkId, { hintedAt: null });
      return undefined;
    },
  };
}

/** Builds the handler of the sweep: looks again until the link's time is over, when the deadline looks a last time. */
export function createLookForUploads(options: SubmitOptions): JobHandler<'look_for_uploads'> {
  const { store, clock, organizations } = options;
  return {
    async run(job, signal): Promise<JobOutcome> {
      const submitted = await submitUploads(options, job, signal);
      const stored = findRegistration(store.main, job.payload.registrationId);
      const organization = stored && organizations.of(stored.row);
      if (submitted !== false || !stored || !organization) return undefined;
      const next = clock.now() + organization.uploadsMs;
      return next < stored.registration.expiresAt ? { lookAgainAt: next } : undefined;
    },
  };
}

/**
 * Asks the provider for a check of what was uploaded, unless it exists. True when the check exists now, false when there
 * is nothing to check (yet), null when the attempt is over anyway.
 */
export async function submitUploads(
  options: SubmitOptions,
  job: Pick<Job<'submit' | 'look_for_uploads'>, 'payload'>,
  signal: AbortSignal,
): Promise<boolean | null> {
  const stored = findRegistration(options.store.main, job.payload.registrationId);
  const organization = stored && options.organizations.of(stored.row);
  const check = stored?.checks.find(({ id }) => id === job.payload.checkId);
  if (!stored || !organization || !check || check.submitted === 1 || stored.row.person_action !== null)
    return null;
  if (!isOpen(stored.registration.status) && stored.registration.status !== 'expired') return null;
  if (stored.row.applicant_ref === null) return false;
  const { main } = options.store;
  const { provider } = organization;
  const used = await usedBefore({ store: options.store, provider }, stored, check, signal);
  if (!used) return false;
  const submission = await provider.submit(
    {
      applicantRef: stored.row.applicant_ref,
      checkId: check.id,
      ...(check.check_ref === null ? {} : { checkRef: check.check_ref }),
      usedMedia: used,
    },
    signal,
  );
  if (submission.outcome === 'nothing_to_submit') return false;
  options.failpoint?.('check.made');
  const { checkRef, usedMedia } = submission;
  commitEvent(main, {
    registrationId: stored.row.id,
    event: { kind: 'submitted', checkId: check.id, checkRef },
    policy: organization.policy,
    now: options.clock.now(),
    alongside: () => noteCheck(main, check.id, { usedMedia, workflow: provider.page.workflow }),
  });
  return true;
}
