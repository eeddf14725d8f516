import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBreaker, failuresToClose, type ReceiverWord } from '../../src/jobs/breaker.js';

function note(
  breaker: ReturnType<typeof createBreaker>,
  word: ReceiverWord,
  jobId: number,
  now: number,
  retryAfterMs?: number,
) {
  return breaker.note({ word, jobId, now, random: 1, retryAfterMs });
}

test('different jobs that fail in a row close a receiver; the same one failing again and again does not', () => {
  const breaker = createBreaker();
  for (let i = 0; i < 20; i++) assert.equal(note(breaker, 'ill', 1, i), null);
  for (let id = 2; id < failuresToClose; id++) assert.equal(note(breaker, 'ill', id, 20), null);
  assert.equal(breaker.closing(), null);
  assert.equal(note(breaker, 'ill', failuresToClose, 20), 'closed');
  assert.deepEqual(breaker.closing(), { since: 20, until: 5020 });
});

test('one that goes well in between begins the count anew, and what nobody is to blame for counts nothing', () => {
  const breaker = createBreaker();
  for (let id = 1; id < failuresToClose; id++) note(breaker, 'ill', id, 0);
  note(breaker, 'well', 9, 0);
  for (let id = 1; id < failuresToClose; id++) note(breaker, 'ill', id, 0);
  for (let id = 10; id < 30; id++) note(breaker, 'unknown', id, 0);
  assert.equal(breaker.closing(), null);
});

test('each failed look makes the pause longer, up to five minutes, and a good one ends it at once', () => {
  const breaker = createBreaker();
  for (let id = 1; id <= failuresToClose; id++) note(breaker, 'ill', id, 0);
  const pauses: number[] = [];
  for (let i = 0; i < 8; i++) {
    const { until } = breaker.closing()!;
    assert.equal(note(breaker, 'ill', 100 + i, until), 'still_closed');
    pauses.push(breaker.closing()!.until - until);
  }
  assert.deepEqual(pauses, [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  assert.equal(breaker.closing()?.since, 0);
  assert.equal(note(breaker, 'well', 1, 1), 'opened');
  assert.equal(breaker.closing(), null);
});

test('jobs that were under way when it closed say nothing new', () => {
  const breaker = createBreaker();
  for (let id = 1; id <= failuresToClose; id++) note(breaker, 'ill', id, 0);
  const before = breaker.closing();
  for (let id = 50; id < 60; id++) assert.equal(note(breaker, 'ill', id, 100), null);
  assert.deepEqual(breaker.closing(), before);
});

test('a receiver that asks for a pause gets it from one job, within bounds', () => {
  const breaker = createBreaker();
  assert.equal(note(breaker, 'busy', 1, 0, 60_000), 'closed');
  assert.equal(breaker.closing()?.until, 60_000);
  const greedy = createBreaker();
  note(greedy, 'busy', 1, 0, 86_400_000);
  assert.equal(greedy.closing()?.until, 900_000);
});

test('whatever happens, a closed receiver opens with the next good word and never closes for longer than asked or allowed', () => {
  const step = fc.record({
    word: fc.constantFrom<ReceiverWord>('well', 'ill', 'busy', 'unknown'),
    jobId: fc.integer({ min: 1, max: 8 }),
    wait: fc.integer({ min: 0, max: 400_000 }),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const breaker = createBreaker();
      let now = 0;
      for (const { word, jobId, wait, random } of steps) {
        now += wait;
        breaker.note({ word, jobId, now, random });
        const closing = breaker.closing();
        if (word === 'well') assert.equal(closing, null);
        if (closing) assert.ok(closing.until - now <= 300_000 && closing.since <= now);
      }
    }),
  );
});
