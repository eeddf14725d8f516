import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../runtime/log.js';
import { warnAtMostOnceAMinute } from './connections.js';

/** What the bodies that are being received may cost together. */
const mostArrivingBytes = 64 * 1024 * 1024;
/** What a piece of a body costs beside its bytes, as measured: of one that comes byte by byte, nearly everything. */
const pieceBytes = 512;

interface Body {
  readonly request: IncomingMessage;
  bytes: number;
}

/**
 * Bounds what a listener holds of bodies before anybody knows whether they are good. Beyond it the connection of the one
 * that began first is ended: a good delivery is in within a moment, and whoever sends slowly on purpose holds up nobody.
 */
export function boundArrivingBodies(app: FastifyInstance, log: Log): void {
  /** in the order in which they began */
  const arriving = new Set<Body>();
  const warn = warnAtMostOnceAMinute(
    log,
    'requests are cut off while their bodies come in: together they held more than 64 MiB',
  );
  let bytes = 0;

  // pieces come from here on: a later hook of this kind that takes its time would lose them for the framework
  app.addHook('preParsing', ({ raw: request }, { raw: answer }, payload, done) => {
    if (hasBody(request)) watch(request, answer);
    done(null, payload);
  });

  function watch(request: IncomingMessage, answer: ServerResponse): void {
    const body: Body = { request, bytes: 0 };
    arriving.add(body);
    request.on('data', (piece: Buffer) => {
      // the parser still hands over what it holds of one that was cut off
      if (arriving.has(body)) count(body, piece.length + pieceBytes);
    });
    request.once('close', () => forget(body));
    // a request that was answered before its end is never closed
    answer.once('close', () => forget(body));
  }

  function count(body: Body, more: number): void {
    body.bytes += more;
    bytes += more;
    for (const oldest of arriving) {
      if (bytes <= mostArrivingBytes) return;
      warn();
      forget(oldest);
      oldest.request.socket.destroy();
    }
  }

  function forget(body: Body): void {
    if (arriving.delete(body)) bytes -= body.bytes;
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
