import type { Clock } from '../runtime/clock.js';

/**
 * A cap on deliveries, for boxes that are shared with something else: a bucket that holds one second's worth and fills
 * evenly. The returned function says whether one more is taken now.
 *
 * @param perSecond 0: no cap
 */
export function createDeliveryRate(perSecond: number, clock: Clock): () => boolean {
  if (perSecond <= 0) return () => true;
  let left = perSecond;
  let filledAt = clock.now();
  return () => {
    const now = clock.now();
    // a clock that was set back fills nothing, and takes nothing either
    left = Math.min(perSecond, left + (Math.max(0, now - filledAt) * perSecond) / 1000);
    filledAt = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
