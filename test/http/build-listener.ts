import type { TestContext } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { createListener, type ListenerOptions } from '../../src/http/server.js';
import type { CertificatePair } from '../../src/tls/tls-source.js';
import { captureLog } from '../runtime/captured-log.js';
import { makePair } from '../tls/pairs.js';

export const limits = {
  bodyBytes: 1000,
  requestMs: 10_000,
  headersMs: 5000,
  connections: 50,
  shutdownMs: 5000,
};

let pair: Promise<CertificatePair> | undefined;

/** A certificate source that a test can turn over. */
export async function testTls() {
  pair ??= makePair('localhost');
  let current = await pair;
  const listeners: (() => void)[] = [];
  return {
    context: () => current,
    onChange: (act: () => void) => void listeners.push(act),
    replace(next: CertificatePair) {
      current = next;
      for (const act of listeners) act();
    },
  };
}

/** A listening listener with the routes given, closed when the test ends, and its log. */
export async function startListener(
  context: TestContext,
  routes: (app: FastifyInstance) => void,
  options: Partial<ListenerOptions> = {},
) {
  const captured = captureLog();
  const app = createListener({ name: 'public', log: captured.log, limits, trustedProxies: [], ...options });
  routes(app);
  context.after(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, captured };
}
