import type { Server, Socket } from 'node:net';
import type { Log } from '../runtime/log.js';

/** The open connections of a listener, those without a running request in the order in which they became idle. */
export interface Connections {
  /** remembers which are idle now, for `endIdle` */
  noteIdle(): void;
  /** ends those noted before and idle still, so that a connection just made gets to hear its 503 */
  endIdle(): void;
  endAll(): void;
}

interface Connection {
  /** the TLS socket as soon as there is one */
  socket: Socket;
  running: number;
}

/**
 * Watches a server's connections and keeps them within a limit. Beyond it the connection that has been idle longest
 * (or has still not said what it wants) is ended, so that whoever holds connections and asks for nothing shuts nobody
 * out; a newcomer is refused only while every other connection is being served.
 */
export function trackConnections(server: Server, most: number, log: Log): Connections {
  const all = new Set<Connection>();
  const idle = new Set<Connection>();
  const bySocket = new WeakMap<Socket, Connection>();
  /** raw connections by the peer's address and port, which the TLS socket on top of one shares with it */
  const shaking = new Map<string, Connection>();
  const warn = warnAtMostOnceAMinute(log);
  let noted = new Set<Connection>();

  server.on('connection', (socket: Socket) => {
    const connection: Connection = { socket, running: 0 };
    const key = keyOf(socket);
    all.add(connection);
    idle.add(connection);
    bySocket.set(socket, connection);
    shaking.set(key, connection);
    socket.once('close', () => {
      all.delete(connection);
      idle.delete(connection);
      if (shaking.get(key) === connection) shaking.delete(key);
    });
    if (all.size > most) makeRoom();
  });
  server.on('secureConnection', (socket: Socket) => {
    const key = keyOf(socket);
    const connection = shaking.get(key);
    if (!connection) return;
    shaking.delete(key);
    connection.socket = socket;
    bySocket.set(socket, connection);
  });
  server.on('request', (request: { socket: Socket }, response: NodeJS.EventEmitter) => {
    const connection = bySocket.get(request.socket);
    if (!connection) return;
    connection.running += 1;
    idle.delete(connection);
    response.on('close', () => {
      connection.running -= 1;
      if (connection.running === 0 && all.has(connection)) idle.add(connection);
    });
  });

  function makeRoom(): void {
    warn();
    const [longest] = idle;
    if (longest) end(longest);
  }

  /** It counts no longer, although the socket takes a moment to be closed. */
  function end(connection: Connection): void {
    all.delete(connection);
    idle.delete(connection);
    connection.socket.destroy();
  }

  return {
    noteIdle() {
      noted = new Set(idle);
    },
    endIdle() {
      for (const connection of idle) if (noted.has(connection)) end(connection);
    },
    endAll() {
      for (const connection of all) end(connection);
    },
  };
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

/** Whoever floods us must not fill the log too. */
function warnAtMostOnceAMinute(log: Log): () => void {
  let quietUntil = 0;
  return () => {
    const now = performance.now();
    if (now < quietUntil) return;
    quietUntil = now + 60_000;
    log.warn({}, 'idle connections are ended to make room: the limit is reached (limits.connections)');
  };
}
