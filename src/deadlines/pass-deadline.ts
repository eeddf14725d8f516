/** The end of a link's time, as an input like any other. Uploads are looked for before anything expires. */
import type { JobHandler } from '../jobs/runner.js';
import type { Organizations } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import { commitEvent } from '../store/commit.js';
import { findRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';

export interface DeadlineOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** asks the provider for a check of what was uploaded; see `registration/submit-uploads.ts` */
  readonly submitUploads: (
    job: { payload: { registrationId: string; checkId: string } },
    signal: AbortSignal,
  ) => Promise<boolean | null>;
}

/** Builds the handler. */
export function createPassDeadline(options: DeadlineOptions): JobHandler<'deadline'> {
  const { store, clock } = options;

  function expire(payload: { registrationId: string; expiresAt: number }): void {
    const stored = findRegistration(store.main, payload.registrationId);
    const organization = stored && options.organizations.find(stored.row.organization);
    if (!stored || !organization) return;
    commitEvent(store.main, {
      registrationId: stored.row.id,
      event: { kind: 'deadline', expiresAt: payload.expiresAt },
      policy: organization.policy,
      now: clock.now(),
    });
  }

  return {
    async run(job, signal) {
      const stored = findRegistration(store.main, job.payload.registrationId);
      // the time was moved by a resend or a new attempt, which have deadlines of their own
      if (!stored || stored.registration.expiresAt !== job.payload.expiresAt) return undefined;
      const check = stored.checks.at(-1);
      const visited = check !== undefined && (check.started_at !== null || check.hinted_at !== null);
      const mayHaveUploads = visited || stored.registration.externalSite;
      if (check && mayHaveUploads && stored.row.applicant_ref !== null) {
        const payload = { registrationId: stored.row.id, checkId: check.id };
        if ((await options.submitUploads({ payload }, signal)) === true) return undefined;
      }
      expire(job.payload);
      return undefined;
    },
    gaveUp: job => expire(job.payload),
  };
}
