import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { refusalOf } from '../runtime/refusal.js';
import { registerActions } from './action-routes.js';
import { sendFault } from './answers.js';
import { registerAssets } from './assets.js';
import type { SiteJourney } from './journey.js';
import { registerPages } from './page-routes.js';
import { type ResumeLinks, registerResume } from './resume-routes.js';
import { isSameOrigin } from './same-origin.js';

/** What the verification site is built on. */
export interface SiteDeps {
  readonly journey: SiteJourney;
  /** base of customers' links (`urls.site`); forms are accepted from this origin */
  readonly siteUrl: string;
  /** requests a minute on one link */
  readonly perMinute: number;
  /** links given to blocked logins; absent where none are given */
  readonly resumeLinks?: ResumeLinks;
}

// Two short fields at most: what the forms and scripts send is far below.
const bodyBytes = 4096;

function linkOf(request: FastifyRequest): string {
  const { params } = request;
  const linkId: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, 'linkId') : undefined;
  return typeof linkId === 'string' ? linkId : '';
}

async function limit(scope: FastifyInstance, perMinute: number): Promise<void> {
  const silent = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };
  await scope.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    // By link and never by address: behind a proxy, or a mobile network, many customers share one.
    keyGenerator: linkOf,
    addHeaders: { ...silent, 'retry-after': true },
    addHeadersOnExceeding: silent,
  });
}

function answerFaults(scope: FastifyInstance): void {
  scope.setNotFoundHandler((request, reply) => sendFault(request, reply, 'unknown_link'));
  scope.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 429) return sendFault(request, reply, 'too_many');
    if (status >= 400 && status < 500) return sendFault(request, reply, 'foreign_request', status);
    // a store that refuses is told of by its own health
    if (refusalOf(error) !== null) return sendFault(request, reply, 'trouble', 503);
    request.log.error({ err: error }, 'the verification site failed to answer');
    return sendFault(request, reply, 'trouble');
  });
}

async function site(scope: FastifyInstance, deps: SiteDeps): Promise<void> {
  // Forms are all this scope reads, whatever else the listener understands.
  scope.removeAllContentTypeParsers();
  await scope.register(formbody, { bodyLimit: bodyBytes });
  await limit(scope, deps.perMinute);
  answerFaults(scope);
  const { origin } = new URL(deps.siteUrl);
  scope.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST' || isSameOrigin(request, origin)) return undefined;
    return sendFault(request, reply, 'foreign_request');
  });
  registerAssets(scope);
  registerPages(scope, deps.journey);
  registerActions(scope, deps.journey);
  if (deps.resumeLinks) registerResume(scope, deps.resumeLinks);
}

/**
 * The built-in verification site: `/v/{linkId}` and below, in a scope of its own. HSTS is the listener's business, all
 * other headers of these pages are set here. Hand it over as `app.register(registerSite, deps)` or call it.
 */
export async function registerSite(app: FastifyInstance, deps: SiteDeps): Promise<void> {
  await app.register(scope => site(scope, deps), { prefix: '/v' });
}
