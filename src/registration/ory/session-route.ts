/**
 * `POST /{provider}/session` on the public listener. The caller is whoever Kratos says has the session; pages must come
 * from an origin on the list, and a cookie without an origin is refused, since any page could have had it sent.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../runtime/app-error.js';
import { languageOf } from './hook-body.js';
import { type OryOrganization, type OryParts, oryOrganizations } from './ory-parts.js';
import { createPerMinute } from './per-minute.js';
import { openSession } from './session.js';
import { credentialOf, type Whoami } from './whoami.js';

export interface SessionRouteOptions extends OryParts {
  readonly whoami: Whoami;
}

const perMinute = 10;

const refusals = {
  origin: () => new AppError('origin_not_allowed', 403, 'This page may not ask for a session.'),
  unauthorized: () => new AppError('unauthorized', 401, 'A Kratos session is needed.'),
  aal2: () => new AppError('session_aal2_required', 403, 'The session needs the second factor first.'),
  unavailable: () => new AppError('kratos_unavailable', 503, 'The session cannot be checked now; try again.'),
  tooMany: () =>
    new AppError('too_many_requests', 429, 'Too many sessions were asked for; try again in a minute.', {
      retryAfterSeconds: 60,
    }),
};

/** Registers the route of every provider that serves Ory. To be called in a scope of its own. */
export function registerOrySession(app: FastifyInstance, options: SessionRouteOptions): void {
  const within = createPerMinute(perMinute, options.clock);
  app.addHook('onRequest', async (request, reply) => {
    const origin = demandOrigin(request, options.settings.origins);
    if (origin === undefined) return;
    // allowed pages may read the answer, whatever it is
    reply.headers({
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    });
  });
  for (const served of oryOrganizations(options.organizations)) {
    const path = `/${served.provider}/session`;
    app.options(path, async (request, reply) => preflight(request, reply));
    app.post(path, async (request, reply) => {
      const session = await sessionOf(options, served, request, within);
      return reply.header('cache-control', 'no-store').send(session);
    });
  }
}

function demandOrigin(request: FastifyRequest, allowed: readonly string[]): string | undefined {
  const { origin } = request.headers;
  if (origin !== undefined && !allowed.includes(origin)) throw refusals.origin();
  return origin;
}

function preflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.headers.origin === undefined) throw refusals.origin();
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Authorization, Content-Type, X-Session-Token',
      'access-control-max-age': '600',
    })
    .send();
}

async function sessionOf(
  options: SessionRouteOptions,
  served: OryOrganization,
  request: FastifyRequest,
  within: (key: string) => boolean,
): Promise<object> {
  const { origin } = request.headers;
  const credential = credentialOf(request.headers);
  if (!credential) throw refusals.unauthorized();
  if (credential.kind === 'cookie' && origin === undefined) throw refusals.origin();
  // before Kratos is asked, so that nobody can make us ask it for ever
  if (!within(`credential ${Object.values(credential.headers).join()}`)) throw refusals.tooMany();
  const owner = await options.whoami(credential);
  if (owner.kind === 'none') throw refusals.unauthorized();
  if (owner.kind === 'aal2_required') throw refusals.aal2();
  if (owner.kind === 'unavailable') throw refusals.unavailable();
  const { kratosId } = owner;
  if (!within(`identity ${kratosId}`)) throw refusals.tooMany();
  return await openSession(options, served, { kratosId, origin, language: languageOf(request.body) });
}
