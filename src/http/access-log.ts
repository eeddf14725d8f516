import type { FastifyInstance } from 'fastify';
import type { Log, LogFields } from '../runtime/log.js';

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
export function logRequests(app: FastifyInstance, log: Log): void {
  const flood = createFloodGate(log);
  app.addHook('onResponse', (request, reply, done) => {
    const { url, config } = request.routeOptions;
    const ms = Math.round(reply.elapsedTime);
    const kind = { method: request.method, route: url ?? '(none)', status: reply.statusCode };
    const fields = () => ({ ...kind, requestId: request.id, ms });
    if (config?.quiet === true) log.debug(fields(), 'request');
    else if (flood.admits(kind, ms)) {
      log.info(fields(), 'request');
      log.debug({ requestId: request.id, peer: request.ip }, 'request came from');
    }
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? '(none)';
    if (flood.admits({ method, route, status: givenUp }, 0))
      log.info({ method, route, requestId: request.id }, 'request given up by the caller');
    done();
  });
  app.addHook('onClose', async () => flood.tell());
}

interface Kind {
  readonly method: string;
  readonly route: string;
  readonly status: number;
}

/** Says which requests get a line of their own, and once a second tells of those that got none. */
function createFloodGate(log: Log) {
  const counts = new Map<string, { readonly kind: LogFields; requests: number; longestMs: number }>();
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const { kind, requests, longestMs } of counts.values())
      if (requests > linesPerSecond)
        log.info({ ...kind, requests: requests - linesPerSecond, longestMs }, 'more requests of this kind');
    counts.clear();
  }

  return {
    tell,
    admits(kind: Kind, ms: number): boolean {
      const key = `${kind.status} ${kind.method} ${kind.route}`;
      const known = counts.get(key);
      const count = known ?? { kind: { ...kind }, requests: 0, longestMs: 0 };
      if (!known) counts.set(key, count);
      timer ??= setTimeout(tell, 1_000).unref();
      count.requests += 1;
      if (count.requests <= linesPerSecond) return true;
      count.longestMs = Math.max(count.longestMs, ms);
      return false;
    },
  };
}
