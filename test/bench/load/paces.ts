/** The three ways of asking. Each asks until it is told to end, then waits for what is still unanswered. */
import { breathe } from './breathe.js';
import { type Connection, openConnection } from './connection.js';
import type { LoadTarget, Turn } from './orders.js';
import type { Tally } from './tally.js';

/** Load that goes on. */
export interface Load {
  /** sends no more; resolves when every request sent was answered or failed */
  end(): Promise<void>;
}

interface LoadParts {
  readonly target: LoadTarget;
  readonly next: () => string;
  readonly tally: Tally;
  /** to be called once everything is connected and asking */
  readonly onRunning: () => void;
}

export function startLoad(pace: Turn['pace'], parts: LoadParts): Load {
  if (pace.kind === 'open') return startOpen(parts, pace.connections, pace.perSecond);
  return pace.kind === 'fresh' ? startFresh(parts, pace.connections) : startClosed(parts, pace.connections);
}

function startClosed(parts: LoadParts, count: number): Load {
  const { next, tally } = parts;
  const unanswered = createCounter();
  let running = true;
  let ready = 0;
  const connections: Connection[] = [];
  const goOn = (connection: Connection) => {
    const begun = performance.now();
    unanswered.add();
    connection.ask(next(), status => {
      tally.answered(begun, status);
      unanswered.remove();
      if (running && status !== 0) goOn(connection);
    });
  };
  const start = () => {
    ready += 1;
    if (ready < count) return;
    for (const connection of connections) goOn(connection);
    parts.onRunning();
  };
  for (let i = 0; i < count; i++) connections.push(openConnection(parts.target, start, tally.failed));
  const hold = breathe();
  return {
    async end() {
      running = false;
      await windUp(unanswered, hold, connections);
    },
  };
}

function startFresh(parts: LoadParts, count: number): Load {
  const { next, tally } = parts;
  const unanswered = createCounter();
  let running = true;
  const goOn = () => {
    if (!running) return;
    const begun = performance.now();
    unanswered.add();
    const settle = (status: number) => {
      connection.close();
      tally.answered(begun, status);
      unanswered.remove();
      goOn();
    };
    let asked = false;
    const connection = openConnection(
      parts.target,
      () => {
        asked = true;
        connection.ask(next(), settle);
      },
      () => {
        if (!asked) settle(0);
      },
    );
  };
  for (let i = 0; i < count; i++) goOn();
  const hold = breathe();
  parts.onRunning();
  return {
    async end() {
      running = false;
      await windUp(unanswered, hold);
    },
  };
}

/**
 * Sends what has come due with every breath. What finds no free connection waits for one, and its latency grows
 * meanwhile.
 */
function startOpen(parts: LoadParts, count: number, perSecond: number): Load {
  const { next, tally } = parts;
  const unanswered = createCounter();
  const free: Connection[] = [];
  const late: number[] = [];
  let running = false;
  let begunAt = 0;
  let sent = 0;
  let ready = 0;
  const dueAt = () => begunAt + (sent * 1000) / perSecond;
  const ask = (connection: Connection, due: number) =>
    connection.ask(next(), status => {
      tally.answered(due, status);
      unanswered.remove();
      const waiting = late.shift();
      if (waiting === undefined) free.push(connection);
      else ask(connection, waiting);
    });
  const sendDue = () => {
    if (!running) return;
    const now = performance.now();
    for (let due = dueAt(); due <= now; due = dueAt()) {
      sent += 1;
      unanswered.add();
      const connection = free.pop();
      if (connection) ask(connection, due);
      else late.push(due);
    }
  };
  const hold = breathe(sendDue);
  const connections = Array.from({ length: count }, () => {
    const connection: Connection = openConnection(parts.target, start, tally.failed);
    return connection;
  });
  function start(): void {
    ready += 1;
    if (ready < count) return;
    free.push(...connections);
    begunAt = performance.now();
    running = true;
    parts.onRunning();
  }
  return {
    async end() {
      running = false;
      await windUp(unanswered, hold, connections);
    },
  };
}

/** Waits for what was sent, then lets go. */
async function windUp(
  unanswered: ReturnType<typeof createCounter>,
  hold: () => void,
  connections: readonly Connection[] = [],
): Promise<void> {
  await unanswered.none();
  hold();
  for (const connection of connections) connection.close();
}

const patienceMs = 15_000;

/** What is sent and not answered yet. Waiting for none of it ends after a while: some may never be answered. */
function createCounter() {
  let count = 0;
  let onNone = () => {};
  return {
    add() {
      count += 1;
    },
    remove() {
      count -= 1;
      if (count === 0) onNone();
    },
    none() {
      if (count === 0) return Promise.resolve();
      return new Promise<void>(resolve => {
        const timer = setTimeout(resolve, patienceMs);
        onNone = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
