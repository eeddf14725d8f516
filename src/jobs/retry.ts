/** When a failed job is tried again. */

/** How often and how far apart one kind of job is tried. */
export interface RetryPlan {
  /** attempts before the job is given up, the first included */
  readonly attempts: number;
  /** the first delay's upper bound; it doubles with each attempt */
  readonly firstMs: number;
  readonly longestMs: number;
}

/** About a day of trying: 2 s, 4 s, 8 s … then every 20 to 60 minutes. */
export const standardPlan: RetryPlan = { attempts: 36, firstMs: 2_000, longestMs: 3_600_000 };

const retryAfterCap = 3_600_000;

/**
 * Milliseconds until the next attempt: exponential with full jitter, so that many jobs that failed together do not come
 * back together; never less than half a second. A receiver's `Retry-After` is a lower bound, itself bounded by an hour.
 *
 * @param attempts attempts made so far, at least 1
 * @param random in [0, 1)
 */
export function retryDelay(plan: RetryPlan, attempts: number, random: number, retryAfterMs?: number): number {
  const ceiling = Math.min(plan.longestMs, plan.firstMs * 2 ** Math.min(attempts - 1, 30));
  const jittered = Math.max(500, Math.round(ceiling * random));
  const asked = Math.min(retryAfterMs ?? 0, retryAfterCap);
  if (asked <= 0) return jittered;
  // whoever asks for a second each time is not to use up a day's attempts within a minute
  return Math.max(jittered, asked + Math.round(Math.min(ceiling, asked) * random * 0.2) + 1);
}
