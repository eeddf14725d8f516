import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../runtime/app-error.js';
import type { Log } from '../runtime/log.js';

const sweepMs = 50;

/**
 * What `close()` does beyond not accepting: connections without a running request are ended (node leaves alone those that
 * never sent one, and those still shaking hands), later requests get 503, running ones may finish within `shutdownMs`
 * and are then cut off.
 */
export function closeGracefully(app: FastifyInstance, shutdownMs: number, log: Log): void {
  const connections = trackConnections(app);
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
  app.addHook('onRequest', async () => {
    if (!closing) return;
    const details = { retryAfterSeconds: 5 };
    throw new AppError('shutting_down', 503, 'The service is restarting; try again shortly.', details);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}

/** Raw connections by the peer's address and port, which the TLS socket on top of one shares with it. */
function trackConnections(app: FastifyInstance) {
  const sockets = new Map<string, Socket>();
  const running = new Map<string, number>();
  const keyOf = (socket: Socket) => `${socket.remoteAddress} ${socket.remotePort}`;
  app.server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    sockets.set(key, socket);
    socket.once('close', () => sockets.delete(key));
  });
  app.server.on('request', (request, response) => {
    const key = keyOf(request.socket);
    running.set(key, (running.get(key) ?? 0) + 1);
    response.once('close', () => {
      const left = (running.get(key) ?? 1) - 1;
      if (left > 0) running.set(key, left);
      else running.delete(key);
    });
  });
  let noted = new Set<Socket>();
  return {
    noteIdle() {
      noted = new Set([...sockets].filter(([key]) => !running.has(key)).map(([, socket]) => socket));
    },
    /** those noted before and idle still, so that a connection just made gets to hear its 503 */
    endIdle() {
      for (const [key, socket] of sockets) if (!running.has(key) && noted.has(socket)) socket.destroy();
    },
    endAll() {
      for (const socket of sockets.values()) socket.destroy();
    },
  };
}
