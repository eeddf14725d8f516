import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outbound } from '../../src/runtime/outbound.js';
import { countRequests, createTokenBucket } from '../../src/runtime/token-bucket.js';
import { TestClock } from '../support/clock.js';

test('a bucket gives its burst at once and then one after the other, by the clock', () => {
  const clock = new TestClock(0);
  const bucket = createTokenBucket({ perMinute: 60, burst: 3 }, clock);
  for (let i = 0; i < 3; i++) {
    assert.equal(bucket.hasLeft(), true);
    bucket.take();
  }
  assert.equal(bucket.hasLeft(), false);
  assert.equal(bucket.readyAt(), 1000);
  clock.advance(999);
  assert.equal(bucket.hasLeft(), false);
  clock.advance(1);
  assert.equal(bucket.hasLeft(), true);
});

test('what was taken beyond the end is paid back before there is anything left', () => {
  const clock = new TestClock(0);
  const bucket = createTokenBucket({ perMinute: 60, burst: 1 }, clock);
  for (let i = 0; i < 5; i++) bucket.take();
  assert.equal(bucket.readyAt(), 5000);
  clock.advance(5000);
  assert.equal(bucket.hasLeft(), true);
  clock.advance(3_600_000);
  bucket.take();
  assert.equal(bucket.hasLeft(), false, 'a long rest fills no more than the burst');
});

test('a minute never has more than the rate and the burst together', () => {
  const clock = new TestClock(0);
  const bucket = createTokenBucket({ perMinute: 300, burst: 60 }, clock);
  let taken = 0;
  for (let ms = 0; ms < 60_000; ms += 10) {
    while (bucket.hasLeft()) {
      bucket.take();
      taken += 1;
    }
    clock.advance(10);
  }
  assert.ok(taken > 340 && taken <= 360, String(taken));
});

test('a counted client passes every request on, also when nothing is left', async () => {
  const clock = new TestClock(0);
  const bucket = createTokenBucket({ perMinute: 60, burst: 1 }, clock);
  let passed = 0;
  const answer = { status: 200, headers: {}, body: Buffer.alloc(0) };
  const inner: Outbound = {
    request: async () => {
      passed += 1;
      return answer;
    },
    close: async () => {},
  };
  const outbound = countRequests(inner, { asked: () => bucket.take(), answered: () => {} });
  for (let i = 0; i < 3; i++)
    assert.equal(await outbound.request({ method: 'GET', url: 'https://x.example' }), answer);
  assert.equal(passed, 3);
  assert.equal(bucket.readyAt(), 3000);
});
