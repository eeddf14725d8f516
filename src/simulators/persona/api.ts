import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { accountRoutes } from './accounts.js';
import { basePath, type PersonaContext } from './context.js';
import { badRequest, errorBody, notFound, PersonaError } from './errors.js';
import { answerOnce } from './idempotency.js';
import { inquiryRoutes } from './inquiries.js';
import { verificationRoutes } from './verifications.js';

/** Versions whose answers look like the ones given here. */
const versions = ['2025-10-27', '2025-12-08'];

/** Anything thrown as the API would say it. */
function toPersonaError(error: unknown): PersonaError {
  if (error instanceof PersonaError) return error;
  const { statusCode = 500, message } = error as Partial<FastifyError>;
  return new PersonaError(
    statusCode,
    statusCode < 500 ? 'Bad request' : 'Internal server error',
    message ?? '',
  );
}

function checkCaller(context: PersonaContext, request: FastifyRequest): void {
  const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const { apiKeys } = context.settings;
  if (key === undefined || (apiKeys !== null && !apiKeys.includes(key)))
    throw new PersonaError(401, 'Must be authenticated to access this endpoint', '');
  const version = request.headers['persona-version'];
  if (typeof version !== 'string' || !versions.includes(version))
    throw badRequest(`This stand-in speaks the versions ${versions.join(' and ')} only`);
  if ((request.headers['key-inflection'] ?? 'kebab') !== 'kebab')
    throw badRequest('This stand-in speaks kebab case only');
}

/** The API itself, below its base path and behind its key. */
export function registerApi(app: FastifyInstance, context: PersonaContext): void {
  app.register(
    async scope => {
      scope.addHook('onRequest', async (request, reply) => {
        reply.headers({
          'ratelimit-limit': '300',
          'ratelimit-remaining': '299',
          'ratelimit-reset': '60',
          'request-id': `req_${request.id}`,
        });
        checkCaller(context, request);
      });
      scope.setErrorHandler((error, _request, reply) => {
        const known = toPersonaError(error);
        return reply.code(known.status).send(errorBody(known));
      });
      scope.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody(notFound())));
      answerOnce(scope, context);
      for (const add of [inquiryRoutes, verificationRoutes, accountRoutes]) add(scope, context);
    },
    { prefix: basePath },
  );
}
