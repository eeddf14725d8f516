/** The job that finds out whether Kratos still has what it was told; if not, it is told again. */
import { isDeepStrictEqual } from 'node:util';
import type { JobHandler } from '../../jobs/runner.js';
import { askForMirror, mirrorJob } from '../../store/commit.js';
import { isGivenUp } from '../../store/jobs.js';
import { findRegistration } from '../../store/registrations.js';
import { type MirrorOptions, meantFor } from './mirror-status.js';

/** For so long; then the daily round may try whether it can be told after all. */
const givenUpMs = 12 * 3_600_000;

/** Builds the handler. Only reads in Kratos: what is amiss is the `mirror` job's to mend, a missing identity too. */
export function createCompareStatus(options: MirrorOptions): JobHandler<'compare'> {
  const { store, clock, kratos } = options;
  return {
    async run(job, signal) {
      const asked = findRegistration(store.main, job.payload.registrationId);
      const kratosId = asked?.row.kratos_identity_id;
      const organization = asked && options.organizations.of(asked.row);
      if (!kratos || !asked || kratosId == null || !organization?.ory || !organization.settings.mirror)
        return undefined;
      const found = await kratos.readStatus(kratosId, organization.ory.path, signal);
      // asked for after the answer: what was decided meanwhile has a job of its own
      const meant = meantFor(options, asked, kratosId, organization.ory);
      // whatever was given up for good is left to a person
      if (isGivenUp(store.main, mirrorJob(asked.row, 0).key, givenUpMs, clock.now())) return undefined;
      if (found === 'orphan' || !isDeepStrictEqual(found.value ?? null, meant))
        askForMirror(store.main, asked.row, clock.now());
      return undefined;
    },
  };
}
