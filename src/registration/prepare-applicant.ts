/** The job that makes a registration's applicant and, for an external verification site, tells the site about it. */
import { externalPath } from '../domain/links.js';
import { currentCheck, isOpen } from '../domain/registration.js';
import type { JobHandler } from '../jobs/runner.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import { ProviderError } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { open } from '../runtime/keyring.js';
import type { Outbound } from '../runtime/outbound.js';
import { commitEvent } from '../store/commit.js';
import { addLinkNotice, namesContext } from '../store/commit-registration.js';
import { findIdentity } from '../store/identities.js';
import {
  findRegistration,
  findRegistrationByApplicant,
  type StoredRegistration,
  setApplicant,
} from '../store/registrations.js';
import type { Store } from '../store/store.js';

export interface PrepareOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly outbound: Outbound;
  /** base of what an external site calls back */
  readonly submitBase: string;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** Builds the handler. */
export function createPrepareApplicant(options: PrepareOptions): JobHandler<'prepare'> {
  const { store, clock } = options;
  return {
    async run(job, signal) {
      const stored = findRegistration(store.main, job.payload.registrationId);
      const organization = stored && options.organizations.find(stored.row.organization);
      if (!stored || !organization || !isOpen(stored.registration.status)) return undefined;
      const applicantRef =
        stored.row.applicant_ref ?? (await makeApplicant(options, stored, organization, job, signal));
      options.failpoint?.('applicant.kept');
      const { verificationSite: site } = organization.settings;
      if (site.kind === 'built-in') return undefined;
      await tellSite(options, { stored, organization, applicantRef, site: site.url }, signal);
      options.failpoint?.('site.told');
      const now = clock.now();
      if (stored.row.notifies === 1) store.main.transaction(() => addLinkNotice(store, stored, 0, now));
      return undefined;
    },
    gaveUp(job) {
      const stored = findRegistration(store.main, job.payload.registrationId);
      const organization = stored && options.organizations.find(stored.row.organization);
      if (!stored || !organization || stored.row.applicant_ref !== null) return;
      const { policy } = organization;
      commitEvent(store.main, {
        registrationId: stored.row.id,
        event: { kind: 'failed' },
        policy,
        now: clock.now(),
      });
    },
  };
}

async function makeApplicant(
  options: PrepareOptions,
  stored: StoredRegistration,
  organization: ServedOrganization,
  job: { attempts: number },
  signal: AbortSignal,
): Promise<string> {
  const { store } = options;
  const { row } = stored;
  const { settings, provider } = organization;
  const country = row.country ?? settings.countries[0];
  const applicantRef = await provider.createApplicant(
    {
      ...namesOf(store, stored, settings.placeholderName),
      ...(country === undefined ? {} : { country }),
      since: row.created_at,
      repeat: job.attempts > 1,
      isClaimed: ref => findRegistrationByApplicant(store.main, provider.name, ref) !== undefined,
    },
    signal,
  );
  options.failpoint?.('applicant.made');
  if (setApplicant(store.main, row.id, provider.name, applicantRef)) return applicantRef;
  throw new ProviderError(
    'later',
    'the applicant found at the provider was claimed by another registration meanwhile',
  );
}

function namesOf(
  store: Store,
  stored: StoredRegistration,
  placeholder: { first: string; last: string },
): { firstName: string; lastName: string } {
  const { row } = stored;
  const owner = findIdentity(store.main, row.identity_id);
  if (row.names_sealed === null || !owner)
    return { firstName: placeholder.first, lastName: placeholder.last };
  const key = store.keyring.unwrapDataKey(owner.row.data_key, owner.row.id);
  return JSON.parse(open(key, row.names_sealed, namesContext(row.id)).toString()) as ReturnType<
    typeof namesOf
  >;
}

/**
 * Registers the applicant with the site as General Bytes' open-source site expects it (Onfido notes, section 11, row 2).
 * The site keeps one token for each applicant, so telling it twice does no harm.
 */
async function tellSite(
  options: PrepareOptions,
  about: { stored: StoredRegistration; organization: ServedOrganization; applicantRef: string; site: string },
  signal: AbortSignal,
): Promise<void> {
  const { origin } = new URL(about.site);
  const session = await about.organization.provider.openSession(
    {
      applicantRef: about.applicantRef,
      checkId: currentCheck(about.stored.registration).id,
      referrer: about.organization.settings.provider.referrer ?? `${origin}/*`,
      language: about.stored.row.language,
    },
    signal,
  );
  const answer = await options.outbound.request({
    method: 'POST',
    url: externalPath(about.site, 'verification/register'),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      applicantId: about.applicantRef,
      sdkToken: session.token,
      serverUrl: options.submitBase,
    }),
    timeoutMs: 15_000,
    maxBytes: 65_536,
    signal,
  });
  if (answer.status < 200 || answer.status > 299)
    throw new ProviderError('later', `the verification site answered ${answer.status} to a registration`, {
      status: answer.status,
    });
}
