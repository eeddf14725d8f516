import type { Clock } from '../../runtime/clock.js';

const minuteMs = 60_000;
/** beyond, the oldest windows are forgotten: memory matters more than a stranger's count */
const mostKeys = 100_000;

/** Counts by key in windows of a minute. Returns whether one more is within the limit. */
export function createPerMinute(limit: number, clock: Clock): (key: string) => boolean {
  const windows = new Map<string, { since: number; count: number }>();
  return key => {
    const now = clock.now();
    const known = windows.get(key);
    if (known && now - known.since < minuteMs) {
      known.count += 1;
      return known.count <= limit;
    }
    windows.delete(key);
    windows.set(key, { since: now, count: 1 });
    const [oldest] = windows.keys();
    if (windows.size > mostKeys && oldest !== undefined) windows.delete(oldest);
    return true;
  };
}
