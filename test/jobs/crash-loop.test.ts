import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimJob } from '../../src/store/claims.js';
import { listJobs } from '../../src/store/jobs.js';
import { openTestStore } from '../store/open-db.js';
import { TestClock } from '../support/clock.js';
import { startWork } from './work.js';

const never = () => new Promise<never>(() => {});

test('a job that takes the process down with it each time ends as dead, and its handler hears of it', async t => {
  const clock = new TestClock(1_000_000);
  const { main: db } = openTestStore(t);
  const gaveUp: string[] = [];
  const starts: number[] = [];
  let deaths: string[] = [];
  for (let life = 0; life < 30 && deaths.length === 0; life++) {
    const work = startWork(
      t,
      () => {
        starts.push(clock.now());
        return never();
      },
      { db, clock, handler: { gaveUp: job => void gaveUp.push(job.key) } },
    );
    if (life === 0) work.add('poison');
    work.runner.start();
    // the first repetition comes at once, later ones ever more hesitantly
    clock.advance(life < 1 ? 0 : 600_000);
    // the process is gone: nothing is settled
    deaths = work.deaths;
    void work.runner.stop(0);
  }
  assert.deepEqual(deaths, ['poison interrupted']);
  assert.deepEqual(gaveUp, ['poison']);
  assert.equal(starts.length, 11);
  assert.equal(starts[1], starts[0]);
  assert.equal(listJobs(db, { state: 'dead', limit: 1 })[0]?.last_error, 'interrupted');
});

test('a life in which it only waited does not clear a job of having taken the process down', async t => {
  const clock = new TestClock(1_000_000);
  const { main: db } = openTestStore(t);
  let starts = 0;
  let deaths: string[] = [];
  const classify = () => ({ retry: true, code: 'under_way', waits: true });
  for (let life = 0; life < 60 && deaths.length === 0; life++) {
    const work = startWork(
      t,
      () => {
        starts += 1;
        // in every other life an earlier call may still be under way
        if (starts % 2 === 0) throw new Error('under way');
        return never();
      },
      { db, clock, classify },
    );
    if (life === 0) work.add('poison');
    work.runner.start();
    for (const began = starts; starts < began + 3 && clock.now() < 100_000_000; ) {
      clock.advance(600_000);
      await new Promise<void>(resolve => setImmediate(resolve));
      if (starts % 2 === 1) break;
    }
    deaths = work.deaths;
    void work.runner.stop(0);
  }
  assert.deepEqual(deaths, ['poison interrupted']);
  assert.ok(starts < 25, `${starts} starts`);
});

test('a machine that dies every few seconds for five minutes, for a reason of its own, has no job given up', async t => {
  const clock = new TestClock(1_000_000);
  const { main: db } = openTestStore(t);
  for (let life = 0; life < 60; life++) {
    const work = startWork(t, never, { db, clock });
    if (life === 0) work.add('innocent');
    work.runner.start();
    // whenever it is begun, it is what runs when the next death comes
    clock.advance(5_000);
    void work.runner.stop(0);
    assert.deepEqual(work.deaths, [], `after ${life} lives`);
  }
});

test('jobs that merely ran beside it are done by the next process', async t => {
  const clock = new TestClock(1_000_000);
  const { main: db } = openTestStore(t);
  const seen: string[] = [];
  const first = startWork(t, never, { db, clock });
  first.add('innocent');
  claimJob(db, { holder: 'a dead process', now: clock.now(), leaseMs: 1000, key: 'innocent' });
  const next = startWork(t, job => void seen.push(`${job.key} ${job.attempts}`), { db, clock });
  next.runner.start();
  await next.settle();
  assert.deepEqual(seen, ['innocent 2']);
});

test('giving up and what follows from it are one commit; a fault in what follows still ends the job', async t => {
  const troubles: string[] = [];
  const plan = { attempts: 1, firstMs: 1, longestMs: 1 };
  const work = startWork(
    t,
    () => {
      throw new Error('refused');
    },
    {
      onTrouble: error => troubles.push(error.message),
      handler: {
        plan,
        gaveUp() {
          work.add('written by gaveUp', { runAt: 9e12 });
          throw new Error('a fault of ours');
        },
      },
    },
  );
  work.add('a');
  work.runner.start();
  await work.settle();
  assert.deepEqual(troubles, ['a fault of ours']);
  assert.deepEqual(
    listJobs(work.db, { limit: 9 }).map(({ key, state }) => `${key} ${state}`),
    ['a dead'],
  );
});
