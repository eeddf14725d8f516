import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../src/runtime/clock.js';
import { watchEventLoop } from '../../src/runtime/event-loop.js';

test('a process that gets round to things late is overloaded until it does so in time again', () => {
  let now = 0;
  const due: (() => void)[] = [];
  const clock: Clock = {
    now: () => now,
    after(_ms, act) {
      due.push(act);
      return () => {};
    },
  };
  const pass = (ms: number) => {
    now += ms;
    for (const act of due.splice(0)) act();
  };
  const overloaded = watchEventLoop(clock, 2_000);
  assert.equal(overloaded(), false);
  assert.equal(overloaded(), false);
  assert.equal(due.length, 1, 'one look ahead at a time');
  pass(2_101);
  assert.equal(overloaded(), true);
  pass(100);
  assert.equal(overloaded(), false);
});
