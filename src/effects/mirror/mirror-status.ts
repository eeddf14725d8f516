/** The job that copies a registration's status onto the customer's Kratos identity. */
import type { JobHandler, JobOutcome } from '../../jobs/runner.js';
import type { Organizations } from '../../providers/organizations.js';
import type { OryValue, OryWords } from '../../providers/provider.js';
import type { Clock } from '../../runtime/clock.js';
import type { Failpoint } from '../../runtime/failpoint.js';
import { addAlert, countAlerts, wasAlertedLately } from '../../store/alerts.js';
import { compareJob } from '../../store/commit.js';
import { eraseOrphan } from '../../store/commit-erasure.js';
import { addJob, delayJob } from '../../store/jobs.js';
import { findRegistration, noteMirrored, type StoredRegistration } from '../../store/registrations.js';
import type { Store } from '../../store/store.js';
import { type KratosClient, KratosError } from './kratos-client.js';
import { mirrorState, mirrorValue } from './patch.js';
import { toldOf } from './told.js';

export interface MirrorOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** null when no Kratos is configured: nothing is then mirrored */
  readonly kratos: KratosClient | null;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

export interface CreateMirrorOptions extends MirrorOptions {
  /** see `domain/lost-answer.ts` */
  readonly lostAnswerMs: number;
}

/** Builds the handler. What is written is what holds when the job runs, so a late one never writes something old. */
export function createMirrorStatus(options: CreateMirrorOptions): JobHandler<'mirror'> {
  const { store, kratos } = options;
  return {
    async run(job, signal) {
      const asked = findRegistration(store.main, job.payload.registrationId);
      const kratosId = asked?.row.kratos_identity_id;
      const organization = asked && options.organizations.of(asked.row);
      if (!kratos || !asked || kratosId == null || !organization?.ory || !organization.settings.mirror) {
        // there is nothing to tell, and nothing for the sweep to find
        if (asked) noteMirrored(store.main, asked.row.id, true);
        return undefined;
      }
      const { path } = organization.ory;
      const value = meantFor(options, asked, kratosId, organization.ory);
      if (job.interruptions > 0) compareLater(options, asked);
      const written = await kratos.writeStatus(kratosId, { path, value }, signal).catch(error => {
        if (error instanceof KratosError && error.mayStillAct) compareLater(options, asked);
        throw error;
      });
      options.failpoint?.('kratos.patched');
      if (written === 'orphan') return noteOrphan(options, asked, kratosId);
      noteMirrored(store.main, asked.row.id, true);
      return undefined;
    },
  };
}

/** What was written and not answered may be put there after what is written next, and is older. */
function compareLater(
  { store: { main }, clock, lostAnswerMs }: CreateMirrorOptions,
  { row }: StoredRegistration,
): void {
  const now = clock.now();
  const job = compareJob(row, now + lostAnswerMs);
  addJob(main, job, now, 'again');
  // one that waits because of an earlier write would look too early
  delayJob(main, job.key, job.runAt);
}

/** More identities than these do not vanish in an hour: rather is it another Kratos that answers. */
const mostOrphans = 20;
const hourMs = 3_600_000;

/**
 * Whom Kratos does not know any more asked Ory for nothing that could still be used: their data goes here and at the
 * provider. A kiosk's customer is somebody by a phone, and only loses the place that the status was written to.
 */
function noteOrphan(
  { store, clock }: MirrorOptions,
  asked: StoredRegistration,
  kratosId: string,
): JobOutcome {
  const now = clock.now();
  const lastHour = { lastMs: hourMs, now };
  if (countAlerts(store.main, 'kratos_identity_gone', lastHour) >= mostOrphans) {
    const alert = { code: 'kratos_identities_gone', subject: 'kratos' };
    if (!wasAlertedLately(store.main, alert, lastHour)) addAlert(store.main, alert, now);
    return { lookAgainAt: now + hourMs };
  }
  store.main.transaction(() => {
    noteMirrored(store.main, asked.row.id, true);
    eraseOrphan(store, kratosId, now);
    addAlert(store.main, { code: 'kratos_identity_gone', subject: asked.row.id }, now);
  });
  // its lane is named by the Kratos identity
  return { forget: true };
}

/** What the identity is to have at the provider's place now. */
export function meantFor(
  options: Pick<MirrorOptions, 'store' | 'organizations'>,
  asked: StoredRegistration,
  kratosId: string,
  words: OryWords,
): OryValue {
  const { stored, standing } = toldOf(options, asked, kratosId);
  return mirrorValue(words, mirrorState(stored, standing));
}
