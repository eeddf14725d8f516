/** The job that makes a registration's applicant. */
import { isOpen } from '../domain/registration.js';
import type { JobHandler } from '../jobs/runner.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { askForMirror, commitEvent, siteTokenJob } from '../store/commit.js';
import { eraseLatecomer } from '../store/commit-erasure.js';
import { customerDataOf } from '../store/customer-data.js';
import { addJob } from '../store/jobs.js';
import { releaseNotices } from '../store/notices.js';
import { findRegistration, type StoredRegistration, setApplicant } from '../store/registrations.js';
import type { Store } from '../store/store.js';
import { prepareRun } from './ory/open-run.js';

export interface PrepareOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** base of customers' links */
  readonly siteBase: string;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/**
 * A person has tried again what made the registration fail. It stays given up, and says so: the customer may have begun
 * anew meanwhile.
 */
export class RegistrationFailed extends Error {
  override readonly name = 'RegistrationFailed';
  constructor(id: string) {
    super(`registration ${id} has failed since: the customer begins a new one`);
  }
}

/** Builds the handler. */
export function createPrepareApplicant(options: PrepareOptions): JobHandler<'prepare'> {
  const { store, clock } = options;
  return {
    async run(job, signal) {
      const stored = findRegistration(store.main, job.payload.registrationId);
      const organization = stored && options.organizations.of(stored.row);
      if (!stored || !organization) return undefined;
      if (stored.registration.status === 'failed') throw new RegistrationFailed(stored.row.id);
      if (!isOpen(stored.registration.status)) return undefined;
      if (stored.row.applicant_ref === null) await makeApplicant(options, stored, organization, signal);
      options.failpoint?.('applicant.kept');
      if (stored.row.channel === 'ory') {
        const repeat = job.interruptions > 0;
        await prepareRun(options, stored.row.id, organization, { repeat }, signal);
      }
      if (organization.settings.verificationSite.kind === 'external')
        addJob(store.main, siteTokenJob(stored.row, clock.now()), clock.now(), 'again');
      return undefined;
    },
    gaveUp(job) {
      const stored = findRegistration(store.main, job.payload.registrationId);
      const organization = stored && options.organizations.of(stored.row);
      if (!stored || !organization || stored.row.applicant_ref !== null) return;
      const { policy } = organization;
      commitEvent(store.main, {
        registrationId: stored.row.id,
        event: { kind: 'failed' },
        policy,
        now: clock.now(),
      });
      // no site will ever be told: what was held for that is not sent any more
      releaseNotices(store.main, stored.row.id, clock.now(), clock.now());
    },
  };
}

async function makeApplicant(
  options: PrepareOptions,
  stored: StoredRegistration,
  organization: ServedOrganization,
  signal: AbortSignal,
): Promise<void> {
  const { store } = options;
  const { row } = stored;
  const { settings, provider } = organization;
  const country = row.country ?? settings.countries[0];
  const applicantRef = await provider.createApplicant(
    {
      ...namesOf(store, stored, settings.placeholderName),
      ...(country === undefined ? {} : { country }),
    },
    signal,
  );
  options.failpoint?.('applicant.made');
  if (!findRegistration(store.main, row.id)) {
    const latecomer = { organization: settings.id, provider: provider.name, applicantRef, checkRefs: [] };
    eraseLatecomer(store, row.identity_id, latecomer, options.clock.now());
    return;
  }
  setApplicant(store.main, row.id, applicantRef);
  // the applicant is part of what Kratos is told, and no status changes with it
  if (row.channel === 'ory') askForMirror(store.main, row, options.clock.now());
}

/** Providers take both names or none. */
function namesOf(
  store: Store,
  stored: StoredRegistration,
  placeholder: { first: string; last: string },
): { firstName: string; lastName: string } {
  const { firstName, lastName } = customerDataOf(store, stored);
  return firstName === undefined || lastName === undefined
    ? { firstName: placeholder.first, lastName: placeholder.last }
    : { firstName, lastName };
}
