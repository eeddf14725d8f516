import type { FastifyError, FastifyInstance } from 'fastify';
import { applicantRoutes } from './applicants.js';
import { checkRoutes } from './checks.js';
import { apiTokenOf, basePath, type OnfidoContext } from './context.js';
import { errorBody, OnfidoError } from './errors.js';
import { mediaRoutes } from './media.js';
import { reportRoutes } from './reports.js';
import { sdkTokenRoutes } from './sdk-token.js';
import { taskRoutes } from './tasks.js';
import { uploadRoutes } from './uploads.js';
import { webhookRoutes } from './webhooks.js';
import { workflowRunRoutes } from './workflow-runs.js';

/** Anything thrown as the API would say it. */
function toOnfidoError(error: unknown): OnfidoError {
  if (error instanceof OnfidoError) return error;
  const { statusCode = 500, message } = error as Partial<FastifyError>;
  if (statusCode < 500)
    return new OnfidoError(statusCode === 415 ? 400 : statusCode, 'bad_request', message ?? '');
  return new OnfidoError(500, 'internal_server_error', message ?? 'unknown');
}

/** The API itself, below its base path and behind its token. */
export function registerApi(app: FastifyInstance, context: OnfidoContext): void {
  const routes = [
    applicantRoutes,
    sdkTokenRoutes,
    uploadRoutes,
    mediaRoutes,
    checkRoutes,
    reportRoutes,
    workflowRunRoutes,
    taskRoutes,
    webhookRoutes,
  ];
  app.register(
    async scope => {
      scope.addHook('onRequest', async request => {
        if (request.routeOptions.url === `${basePath}/ping` || apiTokenOf(context, request)) return;
        throw new OnfidoError(
          401,
          'authorization_error',
          'Authorization error: please re-check your credentials',
        );
      });
      scope.setErrorHandler((error, _request, reply) => {
        const known = toOnfidoError(error);
        return reply.code(known.status).send(errorBody(known));
      });
      scope.setNotFoundHandler((_request, reply) => {
        const missing = new OnfidoError(404, 'resource_not_found', 'There is no such endpoint');
        return reply.code(404).send(errorBody(missing));
      });
      // clients send a content type along with no body at all; a body of another type is refused by its handler
      scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
        if (body === '') done(null, undefined);
        else done(Object.assign(new Error('Unsupported content type'), { statusCode: 400 }));
      });
      scope.get('/ping', (_request, reply) => reply.type('text/plain').send('pong'));
      for (const add of routes) add(scope, context);
    },
    { prefix: basePath },
  );
}
