import type { Clock } from '../../runtime/clock.js';
import { ProviderError } from '../provider.js';

/** Lets one caller on at a time, in the order they came. */
export interface Pace {
  /** resolves when it is this caller's turn. @throws {ProviderError} `later` when the queue is too long, or aborted */
  turn(signal: AbortSignal): Promise<void>;
}

/** Jumio takes one initiation a second of a tenant; more are refused with 429. */
const everyMs = 1_000;
/** Somebody's browser waits: beyond this it is told to come back. */
const longestWaitMs = 8_000;

/** One turn a second, by the clock. */
export function createPace(clock: Clock): Pace {
  let next = Number.NEGATIVE_INFINITY;
  return {
    async turn(signal) {
      const now = clock.now();
      // a clock that was set back must not lock anybody out
      const at = Math.max(now, Math.min(next, now + longestWaitMs + everyMs));
      if (at - now > longestWaitMs)
        throw new ProviderError('later', 'too many initiations at Jumio at once', {
          retryAfterMs: at - now,
          mayHaveActed: false,
        });
      next = at + everyMs;
      if (at > now) await wait(clock, at - now, signal);
    },
  };
}

function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      cancel();
      reject(new ProviderError('later', 'aborted before an initiation at Jumio', { mayHaveActed: false }));
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
