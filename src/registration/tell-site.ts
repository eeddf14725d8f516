/**
 * The job that gives an external verification site a token for an applicant and then lets go the texts with the link to
 * it. It speaks to the site only, which is a receiver of its own; the token was made by another job (make-site-token.ts).
 */
import { externalPath } from '../domain/links.js';
import type { JobHandler } from '../jobs/runner.js';
import type { Organizations } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import type { Outbound } from '../runtime/outbound.js';
import { siteTokenJob } from '../store/commit.js';
import { addJob, isGivenUp } from '../store/jobs.js';
import { releaseNotices } from '../store/notices.js';
import type { Store } from '../store/store.js';
import { type SiteSubject, siteSubjectOf } from './site-subject.js';
import type { SiteToken, SiteTokens } from './site-tokens.js';

export interface TellSiteOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly tokens: SiteTokens;
  /** speaks to the site of an organization */
  readonly outboundOf: (organization: string) => Outbound;
  /** base of what an external site calls back */
  readonly submitBase: string;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** The site answered a registration with anything but a 2xx. */
export class SiteError extends Error {
  override readonly name = 'SiteError';
  constructor(readonly status: number) {
    super(`the verification site answered ${status} to a registration`);
  }
}

/** The site failed before, and there is no token (any more) to try it with. */
export class NoSiteToken extends Error {
  override readonly name = 'NoSiteToken';
  constructor() {
    super('the token for the verification site is too old: another one is being made');
  }
}

/** Builds the handler. */
export function createTellSite(options: TellSiteOptions): JobHandler<'tell_site'> {
  const { store, clock, tokens } = options;
  return {
    async run({ payload: { registrationId }, background, attempts, interruptions }, signal) {
      const subject = siteSubjectOf(options, registrationId);
      if (!subject) return undefined;
      const { row } = subject.stored;
      const token = tokens.of(row);
      if (!token) {
        // lost with the process that had it made, or too old since: the job that makes another one wakes this one again
        const failedBefore = attempts - interruptions > 1;
        const asked = { ...siteTokenJob(row, clock.now()), background: background || failedBefore };
        // what the provider refused is asked for by whoever asks anew, not by every attempt of this one
        const isRefused = failedBefore && isGivenUp(store.main, asked.key, Infinity, clock.now());
        if (!isRefused) addJob(store.main, asked, clock.now(), 'again');
        // a site that takes no token at all is given up in the end, however many were made for it
        if (failedBefore) throw new NoSiteToken();
        return undefined;
      }
      await tellSite(options, subject, token, signal);
      options.failpoint?.('site.told');
      // a text that was asked for since waits for a token that was made since
      releaseNotices(store.main, registrationId, token.askedAt, clock.now());
      tokens.forget(row, token);
      return undefined;
    },
  };
}

/**
 * Registers the applicant with the site as General Bytes' open-source site expects it (Onfido notes, section 11, row 2).
 * The site keeps one token for each applicant, the newest, so telling it twice does no harm.
 */
async function tellSite(
  { outboundOf, submitBase }: TellSiteOptions,
  { applicantRef, site, stored }: SiteSubject,
  { token }: SiteToken,
  signal: AbortSignal,
): Promise<void> {
  const { status } = await outboundOf(stored.row.organization).request({
    method: 'POST',
    url: externalPath(site, 'verification/register'),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ applicantId: applicantRef, sdkToken: token, serverUrl: submitBase }),
    timeoutMs: 15_000,
    maxBytes: 65_536,
    signal,
  });
  if (status < 200 || status > 299) throw new SiteError(status);
}
