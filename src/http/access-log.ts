import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Log } from '../runtime/log.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** asked for every few seconds by machines: logged at debug only */
    quiet?: boolean;
  }
}

/**
 * A line for every request: the route's pattern and never its URL, which may carry ids. The caller's address is in a
 * line of its own, at debug.
 */
export function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', async (request, reply) => {
    const fields = { ...describe(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    if (request.routeOptions.config?.quiet === true) log.debug(fields, 'request');
    else log.info(fields, 'request');
    log.debug({ requestId: request.id, peer: request.ip }, 'request came from');
  });
  app.addHook('onRequestAbort', async request => {
    log.info(describe(request), 'request given up by the caller');
  });
}

function describe(request: FastifyRequest) {
  return { method: request.method, route: request.routeOptions.url ?? '(none)', requestId: request.id };
}
