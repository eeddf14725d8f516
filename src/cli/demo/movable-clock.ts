import type { Clock } from '../../runtime/clock.js';

/** The machine's time plus what was skipped. */
export interface MovableClock extends Clock {
  /** skips time; what became due meanwhile happens at once, in order */
  skip(ms: number): void;
}

interface Pending {
  readonly dueAt: number;
  readonly act: () => void;
  timer: NodeJS.Timeout;
}

/** A clock that goes like the machine's and can be put forward, so that nobody waits 90 minutes for a link to run out. */
export function createMovableClock(): MovableClock {
  const pending = new Set<Pending>();
  let skipped = 0;
  const now = () => Date.now() + skipped;

  function arm(entry: Pending): void {
    entry.timer = setTimeout(() => fire(entry), Math.min(Math.max(0, entry.dueAt - now()), 2 ** 31 - 1));
    entry.timer.unref();
  }

  function fire(entry: Pending): void {
    if (pending.delete(entry)) entry.act();
  }

  return {
    now,
    after(delayMs, act) {
      const entry: Pending = {
        dueAt: now() + Math.max(0, delayMs),
        act,
        timer: undefined as unknown as NodeJS.Timeout,
      };
      pending.add(entry);
      arm(entry);
      return () => {
        clearTimeout(entry.timer);
        pending.delete(entry);
      };
    },
    skip(ms) {
      skipped += ms;
      const waiting = [...pending].sort((a, b) => a.dueAt - b.dueAt);
      for (const entry of waiting) clearTimeout(entry.timer);
      for (const entry of waiting) {
        if (entry.dueAt <= now()) fire(entry);
        else if (pending.has(entry)) arm(entry);
      }
    },
  };
}
