/** Finds what waits for a job that does not exist, and makes the job. The same job is never made twice: keys decide. */
import type { NewJob } from '../domain/job.js';
import type { Clock } from '../runtime/clock.js';
import { deadlineJob, mirrorJob, readJob } from '../store/commit.js';
import { prepareJob } from '../store/commit-registration.js';
import { addJob } from '../store/jobs.js';
import {
  mostSilenceMs,
  unaskedChecks,
  unmirrored,
  unsentNotices,
  withoutApplicant,
  withoutDeadline,
} from '../store/lost-work.js';
import { noticeJob } from '../store/notices.js';
import type { Store } from '../store/store.js';

export interface ReconcileOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** ids of the organizations that are served */
  readonly organizations: readonly string[];
  /** a Kratos is configured */
  readonly mirrors: boolean;
}

/** Of each kind, in one look; the next look finds the rest. */
const most = 200;

/** Makes the missing jobs. Returns how many of each kind; an empty object when nothing was lost, as it should be. */
export function reconcile(options: ReconcileOptions): Readonly<Record<string, number>> {
  const { main } = options.store;
  const now = options.clock.now();
  const missing = missingJobs(options, now);
  const made: Record<string, number> = {};
  if (missing.length === 0) return made;
  main.transaction(() => {
    for (const job of missing) {
      addJob(main, job, now, 'again');
      made[job.kind] = (made[job.kind] ?? 0) + 1;
    }
  });
  return made;
}

function missingJobs({ store: { main }, organizations, mirrors }: ReconcileOptions, now: number): NewJob[] {
  const background = { background: true };
  return [
    ...unaskedChecks(main, now - mostSilenceMs, organizations, most).map(check => ({
      ...readJob(check, check.checkId, now),
      ...background,
    })),
    ...withoutDeadline(main, organizations, most).map(subject => deadlineJob(subject, subject.expiresAt)),
    ...withoutApplicant(main, now, organizations, most).map(subject => prepareJob(subject, now)),
    ...unsentNotices(main, organizations, most).map(notice => noticeJob(notice, now)),
    ...(mirrors
      ? unmirrored(main, organizations, most).map(subject => ({ ...mirrorJob(subject, now), ...background }))
      : []),
  ];
}
