/**
 * The job that tells an external verification site about an applicant and then has the link texted. The site is a
 * receiver of its own: when it is down, the provider's other jobs go on.
 */
import type { NewJob } from '../domain/job.js';
import { externalPath } from '../domain/links.js';
import { currentCheck, isOpen } from '../domain/registration.js';
import type { JobHandler } from '../jobs/runner.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import { ProviderError } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import type { Outbound } from '../runtime/outbound.js';
import { addLinkNotice } from '../store/commit-registration.js';
import { findRegistration, type StoredRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';

export interface TellSiteOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly outbound: Outbound;
  /** base of what an external site calls back */
  readonly submitBase: string;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** The job, for a registration whose applicant exists. */
export function tellSiteJob(
  subject: { readonly id: string; readonly organization: string },
  runAt: number,
): NewJob<'tell_site'> {
  return {
    kind: 'tell_site',
    key: `tell_site:${subject.id}`,
    lane: `site:${subject.id}`,
    receiver: `site:${subject.organization}`,
    payload: { registrationId: subject.id },
    runAt,
  };
}

/** Builds the handler. */
export function createTellSite(options: TellSiteOptions): JobHandler<'tell_site'> {
  const { store, clock } = options;
  return {
    async run(job, signal) {
      const stored = findRegistration(store.main, job.payload.registrationId);
      const organization = stored && options.organizations.of(stored.row);
      if (!stored || !organization || !isOpen(stored.registration.status)) return undefined;
      const { verificationSite: site } = organization.settings;
      const { applicant_ref: applicantRef } = stored.row;
      if (site.kind === 'built-in' || applicantRef === null) return undefined;
      await tellSite(options, { stored, organization, applicantRef, site: site.url }, signal);
      options.failpoint?.('site.told');
      const now = clock.now();
      if (stored.row.notifies === 1) store.main.transaction(() => addLinkNotice(store, stored, 0, now));
      return undefined;
    },
  };
}

/**
 * Registers the applicant with the site as General Bytes' open-source site expects it (Onfido notes, section 11, row 2).
 * The site keeps one token for each applicant, so telling it twice does no harm.
 */
async function tellSite(
  options: TellSiteOptions,
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
