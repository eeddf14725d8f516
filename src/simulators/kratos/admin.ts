import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asFields } from '../wire/fields.js';
import { badRequest, errorBody, KratosError, notFound } from './errors.js';
import type { Identities, Identity } from './identities.js';
import type { Sessions } from './sessions.js';

export interface AdminState {
  readonly identities: Identities;
  readonly sessions: Sessions;
  /** asked for as a Bearer token; `null`: anybody may */
  readonly apiKey: string | null;
  /** as on the Network, two changes of one identity at the same time give 429 */
  readonly limitInFlight: boolean;
}

type ById = { Params: { id: string } };

/** Sends errors in Kratos' words. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    const known = error instanceof KratosError ? error : new KratosError(status, (error as Error).message);
    return reply.code(known.status).send(errorBody(known));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody(notFound())));
}

const filters = [
  'ids',
  'credentials_identifier',
  'organization_id',
  'preview_credentials_identifier_similar',
];

function filtered(all: readonly Identity[], query: URLSearchParams): readonly Identity[] {
  if (filters.filter(name => query.has(name)).length > 1)
    throw badRequest('Only one filter can be used at a time');
  const ids = query.getAll('ids');
  if (ids.length > 500) throw badRequest('The number of ids to filter must not exceed 500');
  const identifier = query.get('credentials_identifier');
  if (identifier !== null)
    return all.filter(({ traits }) => traits.email === identifier || traits.phone === identifier);
  return ids.length > 0 ? all.filter(({ id }) => ids.includes(id)) : all;
}

function listIdentities(
  state: AdminState,
  request: FastifyRequest,
  reply: FastifyReply,
): readonly Identity[] {
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const found = filtered([...state.identities.all.values()], query);
  const size = Math.min(1000, Math.max(1, Number(query.get('page_size') ?? 250) || 250));
  const start = Number(Buffer.from(query.get('page_token') ?? '', 'base64url').toString()) || 0;
  if (start + size < found.length) {
    const token = Buffer.from(String(start + size)).toString('base64url');
    reply.header('link', `</admin/identities?page_size=${size}&page_token=${token}>; rel="next"`);
  }
  return found.slice(start, start + size);
}

/** Refuses a second change of an identity while one is under way. */
function limitInFlight(app: FastifyInstance): void {
  const busy = new Set<string>();
  app.addHook('onRequest', async (request, reply) => {
    const id = (request.params as { id?: string }).id;
    if (id === undefined || request.method === 'GET') return;
    if (busy.has(id)) {
      reply.headers({ 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' });
      throw new KratosError(429, 'Too many requests in flight for this resource');
    }
    busy.add(id);
    // however it ends: answered, given up by the client, or cut by a fault
    reply.raw.once('close', () => busy.delete(id));
  });
}

function identityRoutes(app: FastifyInstance, state: AdminState): void {
  const { identities, sessions } = state;
  app.get('/identities', async (request, reply) => listIdentities(state, request, reply));
  app.post('/identities', async (request, reply) => {
    return reply.code(201).send(identities.create(asFields(request.body)));
  });
  app.get<ById>('/identities/by/external/:id', async request => {
    const found = [...identities.all.values()].find(identity => identity.external_id === request.params.id);
    if (!found) throw notFound();
    return found;
  });
  app.get<ById>('/identities/:id', async request => identities.find(request.params.id));
  app.patch<ById>('/identities/:id', async request => {
    if (!request.headers['content-type']?.startsWith('application/json'))
      throw badRequest('The content type must be application/json');
    return identities.patch(request.params.id, request.body);
  });
  app.delete<ById>('/identities/:id', async (request, reply) => {
    sessions.revoke(request.params.id);
    identities.remove(request.params.id);
    return reply.code(204).send();
  });
  app.delete<ById>('/identities/:id/sessions', async (request, reply) => {
    identities.find(request.params.id);
    if (!sessions.revoke(request.params.id)) throw notFound();
    return reply.code(204).send();
  });
}

/** The admin API below `/admin`; a missing `/admin` is understood too. */
export function registerAdmin(app: FastifyInstance, state: AdminState): void {
  for (const prefix of ['/admin', '']) {
    app.register(
      async scope => {
        scope.addHook('onRequest', async request => {
          if (state.apiKey === null || request.headers.authorization === `Bearer ${state.apiKey}`) return;
          throw new KratosError(401, 'The request could not be authorized', 'Access credentials are invalid');
        });
        if (state.limitInFlight) limitInFlight(scope);
        identityRoutes(scope, state);
      },
      { prefix },
    );
  }
}
