/** The job that finds out whether Kratos still has what it was told; if not, it is told again. */
import { isDeepStrictEqual } from 'node:util';
import type { JobHandler } from '../../jobs/runner.js';
import { askForMirror } from '../../store/commit.js';
import { findRegistration } from '../../store/registrations.js';
import { type MirrorOptions, meantFor } from './mirror-status.js';

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
      if (found === 'orphan' || !isDeepStrictEqual(found.value ?? null, meant))
        askForMirror(store.main, asked.row, clock.now());
      return undefined;
    },
  };
}
