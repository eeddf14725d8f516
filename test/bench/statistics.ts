/** What the benchmarks make of their measurements. Pure. */

/** The middle of several rounds and how far they lay apart. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws when there is nothing to look at */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new Error('no rounds were measured');
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  return { min, median, max };
}

/**
 * The ratio of two things measured in turns, round by round: what slowed the machine down in a round slowed both, so the
 * ratios lie closer together than the measurements. Rounds in which either is missing or nothing are left out.
 */
export function ratioSpread(
  numerators: readonly number[],
  denominators: readonly number[],
): Spread | undefined {
  const ratios = numerators
    .map((numerator, round) => numerator / (denominators[round] ?? 0))
    .filter(ratio => Number.isFinite(ratio));
  return ratios.length === 0 ? undefined : spreadOf(ratios);
}

const growth = 1.02;
const buckets = 1_100;

/**
 * Latencies, counted in buckets that are each 2 % wider than the one before, from a microsecond up to forty minutes: a
 * percentile is then off by at most 2 %, and a million of them take no memory.
 */
export type Histogram = number[];

export function createHistogram(): Histogram {
  return new Array<number>(buckets).fill(0);
}

export function record(histogram: Histogram, ms: number): void {
  const bucket = Math.floor(Math.log(Math.max(1, ms * 1000)) / Math.log(growth));
  const place = Math.min(buckets - 1, bucket);
  histogram[place] = (histogram[place] ?? 0) + 1;
}

/** All of them in one. */
export function merged(histograms: readonly Histogram[]): Histogram {
  const sum = createHistogram();
  for (const histogram of histograms)
    histogram.forEach((count, place) => {
      sum[place] = (sum[place] ?? 0) + count;
    });
  return sum;
}

/**
 * The latency, in milliseconds, that the given share of all did not exceed (the upper edge of its bucket). 0 when nothing
 * was recorded.
 *
 * @param share e.g. 0.99
 */
export function percentile(histogram: Histogram, share: number): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  let left = Math.ceil(total * share);
  if (left === 0) return 0;
  for (const [place, count] of histogram.entries()) {
    left -= count;
    if (left <= 0) return growth ** (place + 1) / 1000;
  }
  return 0;
}

/** What was hoped for of a figure. */
export type Expectation = { readonly atLeast: number } | { readonly atMost: number };

/** Judged by the median alone; the spread is printed beside it. */
export function meets(value: number, expected: Expectation): boolean {
  return 'atLeast' in expected ? value >= expected.atLeast : value <= expected.atMost;
}
