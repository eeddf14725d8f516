import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMovableClock } from '../../../src/cli/demo/movable-clock.js';

test('skipped time makes due what lies in it, in order, and what that asks for', () => {
  const clock = createMovableClock();
  const done: string[] = [];
  clock.after(60_000, () => done.push('minute'));
  clock.after(1_000, () => {
    done.push('second');
    clock.after(1_000, () => done.push('asked for later'));
  });
  clock.after(3_600_000, () => done.push('hour'));
  const before = clock.now();
  clock.skip(90_000);
  assert.ok(clock.now() - before >= 90_000);
  assert.deepEqual(done, ['second', 'minute']);
  clock.skip(2_000);
  assert.deepEqual(done, ['second', 'minute', 'asked for later']);
});

test('what was taken back never happens', () => {
  const clock = createMovableClock();
  let happened = false;
  const cancel = clock.after(1_000, () => {
    happened = true;
  });
  cancel();
  clock.skip(5_000);
  assert.equal(happened, false);
});

test('it goes on like any clock', async () => {
  const clock = createMovableClock();
  clock.skip(90 * 60_000);
  const keepAlive = setInterval(() => {}, 1_000);
  const start = clock.now();
  await new Promise<void>(resolve => clock.after(20, resolve));
  clearInterval(keepAlive);
  assert.ok(clock.now() - start >= 19);
});
