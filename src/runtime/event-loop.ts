import type { Clock } from './clock.js';

const probeMs = 100;

/**
 * Tells whether this process still gets round to things in time: every call starts a look ahead, unless one is under way,
 * and the last one that ended says how late it was. `limitMs`: lateness that counts as overload.
 */
export function watchEventLoop(clock: Clock, limitMs: number): () => boolean {
  let late = 0;
  let probing = false;
  return () => {
    if (!probing) {
      probing = true;
      const due = clock.now() + probeMs;
      clock.after(probeMs, () => {
        probing = false;
        late = clock.now() - due;
      });
    }
    return late > limitMs;
  };
}
