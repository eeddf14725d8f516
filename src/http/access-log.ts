import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../runtime/log.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** asked for every few seconds by machines: logged at debug only */
    quiet?: boolean;
  }
}

/** Requests of one kind (route, method and status) that get a line each within a second; the others are counted. */
const linesPerSecond = 20;

/** The status noted for a request whose caller left before it was answered. */
const givenUp = 0;

/**
 * A line for every request: the route's pattern and never its URL, which may carry ids. The caller's address is in a
 * line of its own, at debug. In a flood the rest of a second's requests of a kind share one line: writing a line takes
 * as long as receiving a delivery, and whoever floods us must not fill the disk.
 */
export function logRequests(app: FastifyInstance, log: Log, flood: FloodGate): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { url, config } = request.routeOptions;
    const ms = Math.round(reply.elapsedTime);
    const { method } = request;
    const route = url ?? '(none)';
    const status = reply.statusCode;
    const fields = () => ({ method, route, status, requestId: request.id, ms });
    if (config?.quiet === true) log.debug(fields(), 'request');
    else if (flood.admits(method, route, status, ms)) {
      log.info(fields(), 'request');
      log.debug({ requestId: request.id, peer: request.ip }, 'request came from');
    }
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? '(none)';
    if (flood.admits(method, route, givenUp, 0))
      log.info({ method, route, requestId: request.id }, 'request given up by the caller');
    done();
  });
  app.addHook('onClose', async () => flood.tell());
}

/** The line of a request whose address the framework takes for none: it never had a route, and the hooks do not run. */
export function logMalformed(request: FastifyRequest, reply: FastifyReply, log: Log, flood: FloodGate): void {
  const { method, id: requestId } = request;
  const status = reply.statusCode;
  const route = '(malformed)';
  if (flood.admits(method, route, status, 0)) log.info({ method, route, requestId, status }, 'request');
}

/** Says which requests get a line of their own, and once a second tells of those that got none. */
export interface FloodGate {
  admits(method: string, route: string, status: number, ms: number): boolean;
  /** tells of what was counted until now */
  tell(): void;
}

/** What came of one kind within the second. */
interface Count {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  requests: number;
  longestMs: number;
}

/** One for each listener. */
export function createFloodGate(log: Log): FloodGate {
  const counts = new Map<string, Count>();
  /** a flood is of one kind, which is then known without a look into the map */
  let last: Count | undefined;
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const { method, route, status, requests, longestMs } of counts.values())
      if (requests > linesPerSecond) {
        const more = { method, route, status, requests: requests - linesPerSecond, longestMs };
        log.info(more, 'more requests of this kind');
      }
    counts.clear();
    last = undefined;
  }

  function countOf(method: string, route: string, status: number): Count {
    if (last?.route === route && last.status === status && last.method === method) return last;
    const key = `${status} ${method} ${route}`;
    last = counts.get(key) ?? { method, route, status, requests: 0, longestMs: 0 };
    counts.set(key, last);
    return last;
  }

  return {
    tell,
    admits(method, route, status, ms) {
      const count = countOf(method, route, status);
      timer ??= setTimeout(tell, 1_000).unref();
      count.requests += 1;
      if (count.requests <= linesPerSecond) return true;
      count.longestMs = Math.max(count.longestMs, ms);
      return false;
    },
  };
}
