/**
 * The job that has the provider make a token for an external verification site. It speaks to the provider only and keeps
 * to its pace; the site is told by a job of its own (see tell-site.ts), so that neither is taken for the other.
 */
import type { NewJob } from '../domain/job.js';
import { currentCheck } from '../domain/registration.js';
import type { JobHandler, JobOutcome } from '../jobs/runner.js';
import type { Organizations } from '../providers/organizations.js';
import { ProviderError } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { tellSiteJob } from '../store/commit.js';
import { addJob, hastenJob, isGivenUp } from '../store/jobs.js';
import { findRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';
import { type SiteSubject, siteSubjectOf } from './site-subject.js';
import type { SiteToken, SiteTokens } from './site-tokens.js';

export interface MakeSiteTokenOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly tokens: SiteTokens;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** A customer who comes this long before a token ends has time for the capture. */
const renewMs = 15 * 60_000;
/** While so many wait for a site that no more tokens are made for it. */
const fullMs = 60_000;

/** Builds the handler. */
export function createMakeSiteToken(options: MakeSiteTokenOptions): JobHandler<'site_token'> {
  const { store, clock, tokens } = options;
  return {
    async run({ payload: { registrationId }, background }, signal) {
      const subject = siteSubjectOf(options, registrationId);
      if (!subject) return undefined;
      const { row } = subject.stored;
      // a site that was given up is left to a person; for whoever asks anew it is tried again
      if (background && isGivenUp(store.main, tellSiteJob(row, 0).key, Infinity, clock.now()))
        return undefined;
      if (!tokens.hasRoom(row)) return { lookAgainAt: clock.now() + fullMs };
      const token = await makeToken(subject, clock, signal);
      options.failpoint?.('session.opened');
      // erased meanwhile: nothing more is to be known of whoever it was
      if (!findRegistration(store.main, registrationId)) return undefined;
      tokens.keep(row, token);
      wakeTelling(options, { ...tellSiteJob(row, clock.now()), background });
      return renewal(options, registrationId, token);
    },
  };
}

/** Also one that waits because the site failed: what it has to say is new, and costs it no attempt. */
function wakeTelling({ store, clock }: MakeSiteTokenOptions, job: NewJob<'tell_site'>): void {
  const now = clock.now();
  store.main.transaction(() => {
    addJob(store.main, job, now, 'again');
    hastenJob(store.main, job.key, now);
  });
}

async function makeToken(about: SiteSubject, clock: Clock, signal: AbortSignal): Promise<SiteToken> {
  const askedAt = clock.now();
  const { origin } = new URL(about.site);
  const { token, expiresAt } = await about.organization.provider.openSession(
    {
      applicantRef: about.applicantRef,
      checkId: currentCheck(about.stored.registration).id,
      referrer: about.organization.settings.provider.referrer ?? `${origin}/*`,
      language: about.stored.row.language,
    },
    signal,
  );
  // one that cannot be handed on would be asked for again and again
  if (token === undefined || expiresAt <= clock.now())
    throw new ProviderError('refused', 'the session has no token for a verification site');
  return { token, askedAt, expiresAt };
}

/** Where the link lives longer than the token, the site is told again before the token ends. */
function renewal(
  { store, clock }: MakeSiteTokenOptions,
  registrationId: string,
  { expiresAt }: SiteToken,
): JobOutcome {
  const stored = findRegistration(store.main, registrationId);
  if (!stored || expiresAt >= stored.row.expires_at) return undefined;
  // not at once, whatever the clocks say
  const lookAgainAt = Math.max(expiresAt - renewMs, clock.now() + renewMs);
  return { lookAgainAt, background: true };
}
