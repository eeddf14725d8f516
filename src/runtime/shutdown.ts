import type { Log } from './log.js';

/** Everything that was opened and must be closed again. */
export interface Closers {
  /** whoever opens a resource registers its close, right after opening; `what` is for the log */
  add(what: string, close: () => void | Promise<void>): void;
  /**
   * Closes in reverse order, one after the other; a failing close is logged and does not keep the others. Returns
   * whether all were through within `limitMs`; if not, the rest goes on unwatched. A second call gets the first's result.
   */
  closeAll(limitMs: number): Promise<boolean>;
}

interface Closer {
  readonly what: string;
  readonly close: () => void | Promise<void>;
}

export function createClosers(log: Log): Closers {
  const closers: Closer[] = [];
  let result: Promise<boolean> | undefined;
  return {
    add(what, close) {
      closers.push({ what, close });
    },
    closeAll(limitMs) {
      result ??= closeWithin(closers, limitMs, log);
      return result;
    },
  };
}

async function closeWithin(closers: Closer[], limitMs: number, log: Log): Promise<boolean> {
  let current = '';
  const closing = closeInReverse(closers, log, what => {
    current = what;
  });
  // not unref'd: as long as something is being closed the process must live to see the limit
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const inTime = await Promise.race([closing.then(() => true), limit]);
  clearTimeout(timer);
  if (!inTime) log.error({ closing: current, limitMs }, 'shutdown did not finish in time');
  return inTime;
}

async function closeInReverse(closers: Closer[], log: Log, onNext: (what: string) => void): Promise<void> {
  for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) {
    onNext(closer.what);
    try {
      await closer.close();
    } catch (err) {
      log.error({ err, closing: closer.what }, 'closing failed');
    }
  }
}
