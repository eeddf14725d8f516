import type { FastifyInstance } from 'fastify';
import { AppError } from '../runtime/app-error.js';
import type { Log } from '../runtime/log.js';
import type { Connections } from './connections.js';

const sweepMs = 50;

/**
 * What `close()` does beyond not accepting: connections without a running request are ended (node leaves alone those that
 * never sent one, and those still shaking hands), later requests get 503, running ones may finish within `shutdownMs`
 * and are then cut off.
 */
export function closeGracefully(
  app: FastifyInstance,
  connections: Connections,
  shutdownMs: number,
  log: Log,
): void {
  let closing = false;
  let sweep: NodeJS.Timeout | undefined;
  let cut: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    closing = true;
    connections.noteIdle();
    connections.endIdle();
    sweep = setInterval(() => {
      connections.endIdle();
      connections.noteIdle();
    }, sweepMs);
    cut = setTimeout(() => {
      log.warn({ shutdownMs }, 'requests still running at the end of the shutdown are cut off');
      connections.endAll();
    }, shutdownMs);
  });
  app.addHook('onClose', async () => {
    clearInterval(sweep);
    clearTimeout(cut);
  });
  // callbacks rather than promises: these run for every request
  app.addHook('onRequest', (_request, _reply, done) => done(closing ? restarting() : undefined));
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
}

function restarting(): AppError {
  const details = { retryAfterSeconds: 5 };
  return new AppError('shutting_down', 503, 'The service is restarting; try again shortly.', details);
}
