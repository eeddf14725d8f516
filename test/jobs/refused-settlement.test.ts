import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRunner, type JobHandler, type JobHandlers } from '../../src/jobs/runner.js';
import type { Db } from '../../src/store/db.js';
import { addJob, listJobs } from '../../src/store/jobs.js';
import { openTestStore } from '../store/open-db.js';
import { TestClock } from '../support/clock.js';

test('a job whose end the database refused is done again after its lease, and blocks its lane no longer', async t => {
  const clock = new TestClock(1_000_000);
  const { main } = openTestStore(t);
  const seen: string[] = [];
  const troubles: Error[] = [];
  const handler: JobHandler<'read'> = {
    run(job) {
      seen.push(job.key);
      // a time that is no whole number does not fit the column
      return job.key === 'a' && seen.length === 1 ? { lookAgainAt: 0.5 } : undefined;
    },
  };
  const runner = createRunner({
    db: main,
    clock,
    handlers: new Proxy({}, { get: () => handler }) as JobHandlers,
    classify: () => ({ retry: false, code: 'none' }),
    onFailure: () => {},
    onTrouble: error => troubles.push(error),
    leaseMs: 60_000,
  });
  t.after(() => runner.stop(0));
  for (const key of ['a', 'b']) {
    const payload = { registrationId: 'r', checkId: key };
    addJob(main, { kind: 'read', key, lane: 'one', receiver: 'onfido:1', payload, runAt: 0 }, 0);
  }
  runner.start();
  await new Promise(setImmediate);
  clock.advance(59_000);
  assert.deepEqual([seen, troubles.length], [['a'], 1]);
  clock.advance(3_000);
  await runner.idle();
  assert.deepEqual(seen, ['a', 'a', 'b']);
});

/** A database of which a full disk lets nothing be written while told so; it says so when all is done, at the commit. */
function onFullDisk(main: Db) {
  const disk = { full: false };
  const refused = () => {
    if (disk.full) throw Object.assign(new Error('the disk is full'), { code: 'SQLITE_FULL' });
  };
  const transaction: Db['transaction'] = work =>
    main.transaction(() => {
      const value = work();
      refused();
      return value;
    });
  const db: Db = { ...main, run: query => transaction(() => main.run(query)), transaction };
  return { db, disk };
}

test('a job whose end a full disk refused is settled when there is room again, and not done again', async t => {
  for (const fails of [false, true]) {
    const clock = new TestClock(1_000_000);
    const { db, disk } = onFullDisk(openTestStore(t).main);
    const seen: string[] = [];
    const gaveUp: string[] = [];
    const words: string[] = [];
    const handler: JobHandler<'read'> = {
      run(job) {
        seen.push(job.key);
        disk.full = seen.length === 1;
        if (fails) throw new Error('no');
      },
      gaveUp: job => void gaveUp.push(job.key),
    };
    const runner = createRunner({
      db,
      clock,
      handlers: new Proxy({}, { get: () => handler }) as JobHandlers,
      classify: () => ({ retry: false, code: 'none', receiver: 'ill' }),
      onFailure: (job, _failure, _error, dead) => words.push(`${job.key} ${dead}`),
      onTrouble: () => {},
    });
    t.after(() => runner.stop(0));
    for (const key of ['a', 'b']) {
      const payload = { registrationId: 'r', checkId: key };
      addJob(db, { kind: 'read', key, lane: 'one', receiver: 'onfido:1', payload, runAt: 0 }, 0);
    }
    runner.start();
    await pass(clock, 10);
    assert.deepEqual([seen, words], [['a'], []]);
    disk.full = false;
    await pass(clock, 3);
    assert.deepEqual(seen, ['a', 'b']);
    assert.deepEqual([...new Set(gaveUp)], fails ? ['a', 'b'] : []);
    assert.deepEqual(words, fails ? ['a true', 'b true'] : []);
    assert.deepEqual(
      listJobs(db, { limit: 10 }).map(({ state }) => state),
      fails ? ['dead', 'dead'] : ['done', 'done'],
    );
  }
});

async function pass(clock: TestClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    clock.advance(1_000);
    await new Promise(setImmediate);
  }
}
