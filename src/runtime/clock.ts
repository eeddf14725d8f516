/** The time. Everything that asks for it or waits takes one, so that tests and the demo can move it. */
export interface Clock {
  /** epoch milliseconds */
  now(): number;
  /** calls `act` once when `delayMs` have passed on this clock; the returned function takes it back */
  after(delayMs: number, act: () => void): () => void;
}

const longestTimer = 2 ** 31 - 1;

/** The machine's own clock. Its timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, act) {
    const timer = setTimeout(act, Math.min(Math.max(0, delayMs), longestTimer));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
