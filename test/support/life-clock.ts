import type { Clock } from '../../src/runtime/clock.js';

/** The common clock as one life of the gateway sees it. */
export interface LifeClock extends Clock {
  /** from now on nothing is waited for: a dying gateway must not move everybody else's time */
  hurry(): void;
}

/** A clock that follows another until its owner is in a hurry. */
export function createLifeClock(clock: Clock): LifeClock {
  const pending = new Set<() => void>();
  let hurried = false;

  function soon(act: () => void): () => void {
    const immediate = setImmediate(act);
    return () => clearImmediate(immediate);
  }

  return {
    now: () => clock.now(),
    after(delayMs, act) {
      if (hurried) return soon(act);
      let cancelNow = clock.after(delayMs, run);
      function run(): void {
        pending.delete(overtake);
        act();
      }
      function overtake(): void {
        cancelNow();
        cancelNow = soon(act);
      }
      pending.add(overtake);
      return () => {
        pending.delete(overtake);
        cancelNow();
      };
    },
    hurry() {
      hurried = true;
      const overtaken = [...pending];
      pending.clear();
      for (const overtake of overtaken) overtake();
    },
  };
}
