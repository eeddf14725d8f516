import type { Server, Socket } from 'node:net';
import type { Log } from '../runtime/log.js';
import { answerUnderWay } from './raw-server.js';

/** The open connections of a listener. Idle is one without a running request. */
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
  /** rises with whatever anybody asks or opens: the smallest has asked for nothing for the longest */
  lastAsked: number;
}

/**
 * Watches a server's connections and keeps them within a limit. Beyond it the idle connection that has asked for nothing
 * for the longest (or has still not said what it wants) is ended, so that whoever holds connections and asks for nothing
 * shuts nobody out. Where more wait for the rest of a request than are idle, the one whose request began first is ended
 * instead: a good delivery is in within a moment. A newcomer is refused only while the others are being served.
 */
export function trackConnections(server: Server, most: number, log: Log): Connections {
  const all = new Set<Connection>();
  const bySocket = new WeakMap<Socket, Connection>();
  /** raw connections by the peer's address and port, which the TLS socket on top of one shares with it */
  const shaking = new Map<string, Connection>();
  const warn = warnAtMostOnceAMinute(
    log,
    'connections that ask for nothing, or not to the end, are closed to make room: the limit is reached (limits.connections)',
  );
  let asked = 0;
  let noted = new Set<Connection>();

  server.on('connection', (socket: Socket) => {
    asked += 1;
    const connection: Connection = { socket, lastAsked: asked };
    const key = keyOf(socket);
    all.add(connection);
    bySocket.set(socket, connection);
    shaking.set(key, connection);
    socket.once('close', () => {
      all.delete(connection);
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
  // nothing more for each request: who is idle is asked for seldom
  server.on('request', (request: { socket: Socket }) => {
    const connection = bySocket.get(request.socket);
    asked += 1;
    if (connection) connection.lastAsked = asked;
  });

  function makeRoom(): void {
    warn();
    const idle = countThose(isIdle);
    const unfinished = countThose(isUnfinished);
    // each kind keeps half of the room, so that a flood of one does not push the other out before it gets anywhere
    const { longest } = unfinished.count > idle.count ? unfinished : idle;
    if (longest) end(longest);
  }

  /** How many there are, and which of them asked longest ago. */
  function countThose(are: (connection: Connection) => boolean) {
    let count = 0;
    let longest: Connection | undefined;
    for (const each of all) {
      if (!are(each)) continue;
      count += 1;
      if (!longest || each.lastAsked < longest.lastAsked) longest = each;
    }
    return { count, longest };
  }

  /** It counts no longer, although the socket takes a moment to be closed. */
  function end(connection: Connection): void {
    all.delete(connection);
    connection.socket.destroy();
  }

  return {
    noteIdle() {
      noted = new Set([...all].filter(isIdle));
    },
    endIdle() {
      for (const connection of noted) if (all.has(connection) && isIdle(connection)) end(connection);
    },
    endAll() {
      for (const connection of all) end(connection);
    },
  };
}

function isIdle({ socket }: Connection): boolean {
  return !answerUnderWay(socket);
}

/** Its headers are here, the rest of the request is not. */
function isUnfinished({ socket }: Connection): boolean {
  return answerUnderWay(socket)?.req?.complete === false;
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

/** Whoever floods us must not fill the log too. */
export function warnAtMostOnceAMinute(log: Log, message: string): () => void {
  let quietUntil = 0;
  return () => {
    const now = performance.now();
    if (now < quietUntil) return;
    quietUntil = now + 60_000;
    log.warn({}, message);
  };
}
