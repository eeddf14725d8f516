import type { Clock } from './clock.js';
import type { Outbound } from './outbound.js';

/** How much may be asked of somebody, evenly over time. */
export interface TokenBucket {
  /** counts one; may go below nothing, because what is counted here has its own reasons to happen */
  take(): void;
  /** whether there is one left */
  hasLeft(): boolean;
  /** epoch milliseconds at which there is one left; now or earlier when there is */
  readyAt(): number;
}

/** A bucket that holds `burst` and fills evenly, by the clock. It begins full. */
export function createTokenBucket(
  rate: { readonly perMinute: number; readonly burst: number },
  clock: Clock,
): TokenBucket {
  const perMs = rate.perMinute / 60_000;
  let left = rate.burst;
  let filledAt = clock.now();

  function fill(): void {
    const now = clock.now();
    // a clock that was set back fills nothing
    left = Math.min(rate.burst, left + Math.max(0, now - filledAt) * perMs);
    filledAt = now;
  }

  return {
    take() {
      fill();
      left -= 1;
    },
    hasLeft() {
      fill();
      // what the division left over is not held against the asker
      return left > 1 - 1e-6;
    },
    readyAt() {
      fill();
      return filledAt + Math.max(0, Math.ceil((1 - left) / perMs));
    },
  };
}

/** Who counts what goes to somebody, and what comes back. */
export interface RequestCounter {
  /** a request is made */
  asked(): void;
  /** somebody who is well answered it: with anything but a fault, and but a refusal of whoever asks */
  answered(): void;
}

/** Nobody knows from these whether the next request would be served. */
const refusals = new Set([401, 403, 408, 429]);

/** A client whose every request is counted, whoever makes it. */
export function countRequests(outbound: Outbound, counter: RequestCounter): Outbound {
  return {
    async request(request) {
      counter.asked();
      const response = await outbound.request(request);
      if (response.status < 500 && !refusals.has(response.status)) counter.answered();
      return response;
    },
    close: () => outbound.close(),
  };
}
