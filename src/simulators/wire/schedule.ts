import type { Clock } from '../../runtime/clock.js';

/** The pending timers of one simulator, so that closing it leaves none behind. */
export interface Schedule {
  now(): number;
  after(delayMs: number, act: () => void): void;
  /** a promise for use in handlers; it never settles once the schedule is cancelled */
  delay(ms: number): Promise<void>;
  cancelAll(): void;
}

/** Timers on the given clock. */
export function createSchedule(clock: Clock): Schedule {
  const pending = new Set<() => void>();
  function after(delayMs: number, act: () => void): void {
    const cancel = clock.after(delayMs, () => {
      pending.delete(cancel);
      act();
    });
    pending.add(cancel);
  }
  return {
    now: () => clock.now(),
    after,
    delay: ms => new Promise(resolve => after(ms, resolve)),
    cancelAll() {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
}
