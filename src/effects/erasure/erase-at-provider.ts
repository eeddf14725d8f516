/** The job that has a provider delete what it has of somebody who was erased here. */
import type { JobHandler } from '../../jobs/runner.js';
import type { Organizations } from '../../providers/organizations.js';
import { ProviderError } from '../../providers/provider.js';
import { findErasure } from '../../store/erasures.js';
import type { Store } from '../../store/store.js';

export interface EraseAtProviderOptions {
  readonly store: Store;
  readonly organizations: Organizations;
}

/** Weeks of trying, at last every few hours: a check that still runs keeps some providers from deleting. */
export const erasurePlan = { attempts: 150, firstMs: 2_000, longestMs: 6 * 3_600_000 };

/** Builds the handler. Deleting twice is harmless at every provider. */
export function createEraseAtProvider(options: EraseAtProviderOptions): JobHandler<'erase_at_provider'> {
  const { store, organizations } = options;
  return {
    plan: erasurePlan,
    async run(job, signal) {
      const applicant = findErasure(store, job.payload.erasureId)?.remains.applicants[job.payload.place];
      if (!applicant) return { forget: true };
      const provider = organizations.find(applicant.organization)?.provider;
      if (provider?.name !== applicant.provider)
        throw new ProviderError(
          'refused',
          `organization ${applicant.organization} is not served by ${applicant.provider} any more: what is there has to be deleted there`,
          { mayHaveActed: false },
        );
      await provider.deleteApplicant(applicant.applicantRef, signal, applicant.checkRefs);
      return { forget: true };
    },
  };
}
