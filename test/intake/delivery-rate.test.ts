import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeliveryRate } from '../../src/intake/delivery-rate.js';
import { TestClock } from '../support/clock.js';

test('a clock that is set back takes nothing from what may come in', () => {
  const clock = new TestClock();
  const admits = createDeliveryRate(2, clock);
  assert.ok(admits());
  clock.setBack(3_600_000);
  assert.ok(admits());
  assert.ok(!admits());
  clock.advance(500);
  assert.ok(admits());
});
