/** The job that copies a registration's status onto the customer's Kratos identity. */
import type { Registration } from '../../domain/registration.js';
import { currentCheck } from '../../domain/registration.js';
import { familyOf } from '../../domain/results.js';
import type { JobHandler } from '../../jobs/runner.js';
import type { Organizations } from '../../providers/organizations.js';
import type { Clock } from '../../runtime/clock.js';
import type { Failpoint } from '../../runtime/failpoint.js';
import { addAlert } from '../../store/alerts.js';
import {
  findRegistration,
  newestOfKratosIdentity,
  noteMirrored,
  type StoredRegistration,
} from '../../store/registrations.js';
import type { Store } from '../../store/store.js';
import type { KratosClient } from './kratos-client.js';
import { isMirrored, type MirrorPhase, mirrorValue } from './patch.js';

export interface MirrorOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** null when no Kratos is configured: nothing is then mirrored */
  readonly kratos: KratosClient | null;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** Builds the handler. What is written is what holds when the job runs, so a late one never writes something old. */
export function createMirrorStatus(options: MirrorOptions): JobHandler<'mirror'> {
  const { store, clock, kratos } = options;
  return {
    async run(job, signal) {
      const asked = findRegistration(store.main, job.payload.registrationId);
      const kratosId = asked?.row.kratos_identity_id;
      if (!kratos || !asked || kratosId == null || !isMirrored(asked.row.provider)) return undefined;
      if (!options.organizations.find(asked.row.organization)?.settings.mirror) {
        // there is nothing to tell, and nothing for the sweep to find
        noteMirrored(store.main, asked.row.id, true);
        return undefined;
      }
      const stored = newestOfKratosIdentity(store.main, kratosId, asked.row.organization) ?? asked;
      const { provider } = asked.row;
      const { value } = mirrorValue(provider, stateOf(stored));
      const written = await kratos.writeStatus(kratosId, { provider, value }, signal);
      options.failpoint?.('kratos.patched');
      noteMirrored(store.main, asked.row.id, true);
      if (written === 'orphan')
        addAlert(store.main, { code: 'kratos_identity_gone', subject: asked.row.id }, clock.now());
      return undefined;
    },
  };
}

function stateOf({ row, registration, checks }: StoredRegistration) {
  const check = checks.at(-1);
  return {
    phase: phaseOf(registration),
    applicantRef: row.applicant_ref,
    checkRef: check?.workflow === 1 ? currentCheck(registration).checkRef : null,
    initiatedAt: row.created_at,
    decidedAt: registration.status === 'decided' ? row.decided_at : null,
  };
}

function phaseOf(registration: Registration): MirrorPhase {
  switch (registration.status) {
    case 'created':
    case 'link_sent':
    case 'opened':
      return 'created';
    case 'in_review':
      return 'awaiting';
    case 'decided':
      return decidedPhase(registration);
    default:
      return registration.status;
  }
}

function decidedPhase({ person, result }: Registration): MirrorPhase {
  if (person?.action === 'again') return 'retry';
  if (person) return person.action === 'register' ? 'registered' : 'rejected';
  if (result === 'CLEAR') return 'registered';
  return result !== null && familyOf(result) === 'rejected' ? 'retry' : 'rejected';
}
