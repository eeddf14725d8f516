import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHistogram, meets, merged, percentile, ratioSpread, record, spreadOf } from './statistics.js';

test('the spread of rounds is their least, middle and largest, in whatever order they came', () => {
  assert.deepEqual(spreadOf([3, 1, 2]), { min: 1, median: 2, max: 3 });
  assert.deepEqual(spreadOf([4, 1, 3, 2]), { min: 1, median: 2.5, max: 4 });
  assert.deepEqual(spreadOf([7]), { min: 7, median: 7, max: 7 });
});

test('no rounds have no spread', () => {
  assert.throws(() => spreadOf([]), /no rounds/);
  assert.equal(ratioSpread([], []), undefined);
});

test('a ratio compares what was measured in the same round, so that a slow round cancels out', () => {
  assert.deepEqual(ratioSpread([50, 5, 500], [100, 10, 1000]), { min: 0.5, median: 0.5, max: 0.5 });
});

test('a round in which the other had nothing does not count', () => {
  assert.deepEqual(ratioSpread([50, 60], [100, 0]), { min: 0.5, median: 0.5, max: 0.5 });
  assert.deepEqual(ratioSpread([50, 60], [100]), { min: 0.5, median: 0.5, max: 0.5 });
});

test('a percentile is at most two percent above the latency that has that rank, and never below it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 100_000, noNaN: true }), { minLength: 1 }),
      fc.constantFrom(0.5, 0.9, 0.99, 0.999, 1),
      (latencies, share) => {
        const histogram = createHistogram();
        for (const ms of latencies) record(histogram, ms);
        const sorted = [...latencies].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
        const told = percentile(histogram, share);
        assert.ok(told >= exact * 0.999_999 && told <= exact * 1.0201, `${told} for ${exact}`);
      },
    ),
  );
});

test('histograms of several rounds are one when merged', () => {
  const [slow, quick, both] = [createHistogram(), createHistogram(), createHistogram()];
  for (const ms of [10, 20, 30]) record(slow, ms);
  for (const ms of [1, 2, 3]) record(quick, ms);
  for (const ms of [10, 20, 30, 1, 2, 3]) record(both, ms);
  assert.deepEqual(merged([slow, quick]), both);
  assert.deepEqual(merged([]), createHistogram());
});

test('nothing recorded has no latency', () => {
  assert.equal(percentile(createHistogram(), 0.99), 0);
});

test('what cannot be measured or is absurdly long is still counted', () => {
  const histogram = createHistogram();
  record(histogram, 0);
  record(histogram, 1e12);
  assert.equal(
    histogram.reduce((sum, count) => sum + count),
    2,
  );
});

test('an expectation has a side', () => {
  assert.equal(meets(0.6, { atLeast: 0.6 }), true);
  assert.equal(meets(0.59, { atLeast: 0.6 }), false);
  assert.equal(meets(1.2, { atMost: 1.2 }), true);
  assert.equal(meets(1.21, { atMost: 1.2 }), false);
});
