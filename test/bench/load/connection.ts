import { connect as connectPlainly, type Socket } from 'node:net';
import { connect as connectSecurely, createSecureContext } from 'node:tls';
import type { LoadTarget } from './orders.js';
import { createResponseReader } from './response-reader.js';

/** TLS 1.3 without session tickets: every connection shakes hands in full. */
const secureContext = createSecureContext({ minVersion: 'TLSv1.3' });

/** Opens a socket, TLS where the target has it; `onReady` when it can be written to. */
export function openSocket(target: LoadTarget, onReady: () => void): Socket {
  const { port } = target;
  const host = '127.0.0.1';
  const socket = target.tls
    ? connectSecurely({ host, port, secureContext, rejectUnauthorized: false }, onReady)
    : connectPlainly({ host, port }, onReady);
  socket.setNoDelay(true);
  return socket;
}

/** A connection that carries one request at a time. */
export interface Connection {
  /** `onAnswer` is called with the status, or with 0 when the connection ended without one */
  ask(request: string, onAnswer: (status: number) => void): void;
  close(): void;
}

/** Opens one; `onReady` when it may be asked, `onLost` once if it ends before it is closed here. */
export function openConnection(target: LoadTarget, onReady: () => void, onLost: () => void): Connection {
  let waiting: ((status: number) => void) | null = null;
  let closed = false;
  const settle = (status: number) => {
    const answered = waiting;
    waiting = null;
    answered?.(status);
  };
  const socket = openSocket(target, onReady);
  socket.on('data', createResponseReader(settle));
  // every error is followed by a close
  socket.on('error', () => {});
  socket.on('close', () => {
    if (!closed) onLost();
    settle(0);
  });
  return {
    ask(request, onAnswer) {
      waiting = onAnswer;
      socket.write(request, 'latin1');
    },
    close() {
      closed = true;
      socket.destroy();
    },
  };
}
