/** The job that acts on a final decline in Kratos beyond the next login, where the operator wants that. */
import { standingOf } from '../../domain/phase.js';
import type { JobHandler } from '../../jobs/runner.js';
import { findOryPerson } from '../../store/ory-people.js';
import { findRegistration } from '../../store/registrations.js';
import type { Store } from '../../store/store.js';
import type { KratosClient } from './kratos-client.js';

export interface RestrictOptions {
  readonly store: Store;
  readonly kratos: KratosClient | null;
  readonly onDecline: 'none' | 'revokeSessions' | 'deactivate';
}

/** Builds the handler. A decline that was taken back meanwhile is not acted on. */
export function createRestrictIdentity(options: RestrictOptions): JobHandler<'restrict'> {
  const { store, kratos, onDecline } = options;
  return {
    async run(job, signal) {
      const stored = findRegistration(store.main, job.payload.registrationId);
      const kratosId = stored?.row.kratos_identity_id;
      if (!kratos || !stored || kratosId == null || onDecline === 'none') return undefined;
      const known = findOryPerson(store.main, stored.row.organization, kratosId);
      if (standingOf(known?.person ?? null) !== 'rejected') return undefined;
      // first, so that no session can be begun between the two
      if (onDecline === 'deactivate') await kratos.deactivate(kratosId, signal);
      await kratos.revokeSessions(kratosId, signal);
      return undefined;
    },
  };
}
