import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { retryDelay, standardPlan } from '../../src/jobs/retry.js';

test('the upper bound doubles with each attempt up to the longest', () => {
  const most = [1, 2, 3, 11, 12, 36].map(attempts => retryDelay(standardPlan, attempts, 1));
  assert.deepEqual(most, [2_000, 4_000, 8_000, 2_048_000, 3_600_000, 3_600_000]);
});

test('a delay is never shorter than half a second nor longer than the plan says', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, random) => {
        const delay = retryDelay(standardPlan, attempts, random);
        assert.ok(delay >= 500 && delay <= standardPlan.longestMs);
      },
    ),
  );
});

test('Retry-After is a lower bound, itself bounded by an hour', () => {
  assert.ok(retryDelay(standardPlan, 1, 0, 60_000) > 60_000);
  assert.ok(retryDelay(standardPlan, 1, 0.9, 86_400_000) <= 3_600_000 * 1.2 + 1);
  assert.equal(retryDelay(standardPlan, 1, 0.5, 0), 1_000);
  assert.equal(retryDelay(standardPlan, 12, 0.5, 1_000), 1_800_000);
});
