/**
 * The job that gives an external verification site a token for an applicant and then lets go the texts with the link to
 * it. The site is a receiver of its own: when it is down, the provider's other jobs go on.
 */
import { externalPath } from '../domain/links.js';
import { currentCheck, isOpen } from '../domain/registration.js';
import type { JobHandler, JobOutcome } from '../jobs/runner.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import { ProviderError, type Session } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import type { Outbound } from '../runtime/outbound.js';
import { releaseNotices } from '../store/notices.js';
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

interface Subject {
  readonly stored: StoredRegistration;
  readonly organization: ServedOrganization;
  readonly applicantRef: string;
  readonly site: string;
}

/** A customer who comes this long before a token ends has time for the capture. */
const renewMs = 15 * 60_000;

/** Builds the handler. */
export function createTellSite(options: TellSiteOptions): JobHandler<'tell_site'> {
  const { store, clock } = options;
  return {
    async run(job, signal) {
      const { registrationId } = job.payload;
      const subject = subjectOf(options, registrationId);
      if (subject === 'later') return undefined;
      const askedAt = clock.now();
      const session = subject && (await tellSite(options, subject, signal));
      options.failpoint?.('site.told');
      // a text that was asked for since waits for a token that was made since
      releaseNotices(store.main, registrationId, askedAt, clock.now());
      return session ? renewal(options, registrationId, session) : undefined;
    },
  };
}

/** Whom to tell of; null when there is nothing to tell (any more), `later` when somebody will ask for it again. */
function subjectOf(
  { store, organizations }: TellSiteOptions,
  registrationId: string,
): Subject | null | 'later' {
  const stored = findRegistration(store.main, registrationId);
  const organization = stored && organizations.of(stored.row);
  if (!stored || !organization) return 'later';
  const { status } = stored.registration;
  const { verificationSite: site } = organization.settings;
  if (!isOpen(status) || status === 'submitted' || site.kind === 'built-in') return null;
  const { applicant_ref: applicantRef } = stored.row;
  return applicantRef === null ? 'later' : { stored, organization, applicantRef, site: site.url };
}

/** Where the link lives longer than the token, the site is told again before the token ends. */
function renewal(
  { store, clock }: TellSiteOptions,
  registrationId: string,
  { expiresAt }: Session,
): JobOutcome {
  const stored = findRegistration(store.main, registrationId);
  if (!stored || expiresAt >= stored.row.expires_at) return undefined;
  // not at once, whatever the clocks say
  const lookAgainAt = Math.max(expiresAt - renewMs, clock.now() + renewMs);
  return { lookAgainAt, background: true };
}

/**
 * Registers the applicant with the site as General Bytes' open-source site expects it (Onfido notes, section 11, row 2).
 * The site keeps one token for each applicant, the newest, so telling it twice does no harm.
 */
async function tellSite(options: TellSiteOptions, about: Subject, signal: AbortSignal): Promise<Session> {
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
  return session;
}
