import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTokenBucket } from '../../src/runtime/token-bucket.js';
import type { Db } from '../../src/store/db.js';
import { listJobs } from '../../src/store/jobs.js';
import { openTestStore } from '../store/open-db.js';
import { TestClock } from '../support/clock.js';
import { Down, startWork } from './work.js';

/** The store with everything it is asked counted. */
function counting(db: Db): Db & { statements: number } {
  const counted = {
    ...db,
    statements: 0,
    one: ((query: Parameters<Db['one']>[0]) => {
      counted.statements += 1;
      return db.one(query);
    }) as Db['one'],
    run: (query: Parameters<Db['run']>[0]) => {
      counted.statements += 1;
      return db.run(query);
    },
    prepare: (text: string) => {
      counted.statements += 1;
      return db.prepare(text);
    },
  };
  return counted;
}

test('ten thousand due jobs of a dead receiver cost next to nothing, and none of them is used up', async t => {
  const db = counting(openTestStore(t).main);
  let runs = 0;
  const work = startWork(
    t,
    async () => {
      runs += 1;
      throw new Down();
    },
    { db },
  );
  db.transaction(() => {
    for (let i = 0; i < 10_000; i++) work.add(`job ${i}`);
  });
  work.runner.start();
  await work.settle();
  assert.ok(runs < 10, `${runs} runs before it was closed`);
  const [runsBefore, statementsBefore] = [runs, db.statements];
  await work.pass(3_600_000, 60_000);
  // one look every five minutes at most, after the first ones
  assert.ok(runs - runsBefore <= 25, `${runs - runsBefore} runs in an hour`);
  assert.ok(
    db.statements - statementsBefore < 25 * 60 * 60,
    `${db.statements - statementsBefore} statements`,
  );
  const tried = listJobs(db, { limit: 10_000 }).filter(({ attempts }) => attempts > 0);
  assert.ok(tried.length <= runs);
  assert.deepEqual(work.deaths, []);
  assert.deepEqual(work.changes[0], 'onfido:1 closed');
});

test('while one receiver is down and slow, another’s jobs are done at once', async t => {
  const seen: string[] = [];
  const work = startWork(t, async job => {
    if (job.receiver === 'onfido:1') await new Promise<never>(() => {});
    seen.push(job.key);
    return undefined;
  });
  for (let i = 0; i < 500; i++) work.add(`stuck ${i}`);
  work.add('sms', { receiver: 'sms' });
  work.add('kratos', { receiver: 'kratos' });
  work.runner.start();
  await new Promise(setImmediate);
  assert.deepEqual(seen.sort(), ['kratos', 'sms']);
});

test('places in all are bounded, yet a receiver that has nothing running always gets one', async t => {
  let running = 0;
  let most = 0;
  const work = startWork(
    t,
    () => {
      running += 1;
      most = Math.max(most, running);
      return new Promise<never>(() => {});
    },
    { total: 6 },
  );
  for (let receiver = 0; receiver < 20; receiver++)
    for (let i = 0; i < 4; i++) work.add(`${receiver} ${i}`, { receiver: `r${receiver}` });
  work.runner.start();
  await new Promise(setImmediate);
  assert.equal(most, 20);
  assert.equal(
    new Set(listJobs(work.db, { state: 'running', limit: 100 }).map(({ receiver }) => receiver)).size,
    20,
  );
});

test('a closed receiver is looked at by one job at a time and has all its places again after the first good one', async t => {
  let down = true;
  let running = 0;
  let most = 0;
  const work = startWork(t, async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    if (down) throw new Down();
    return undefined;
  });
  for (let i = 0; i < 40; i++) work.add(`job ${i}`);
  work.runner.start();
  await work.settle();
  most = 0;
  await work.pass(30_000);
  assert.equal(most, 1);
  down = false;
  await work.pass(300_000, 5_000);
  assert.equal(most, 4);
  assert.deepEqual(
    work.changes.filter(change => !change.endsWith('still_closed')),
    ['onfido:1 closed', 'onfido:1 opened'],
  );
  assert.equal(listJobs(work.db, { except: 'done', limit: 1 }).length, 0);
});

test('a receiver that asks for a pause is left alone by all its jobs until it is over', async t => {
  const at: number[] = [];
  let asks = true;
  const work = startWork(
    t,
    async () => {
      at.push(work.clock.now());
      if (!asks) return undefined;
      asks = false;
      throw new Down(60_000);
    },
    { limitsOf: account => ({ account, concurrent: 1 }) },
  );
  for (let i = 0; i < 5; i++) work.add(`job ${i}`);
  work.runner.start();
  await work.pass(120_000);
  assert.deepEqual(
    at.map(moment => Math.floor((moment - 1_000_000) / 60_000)),
    [0, 1, 1, 1, 1, 1],
  );
});

test('receivers of one account share its pace and its health', async t => {
  const clock = new TestClock(1_000_000);
  const bucket = createTokenBucket({ perMinute: 60, burst: 2 }, clock);
  let down = false;
  let runs = 0;
  const work = startWork(
    t,
    async () => {
      runs += 1;
      bucket.take();
      if (down) throw new Down();
      return undefined;
    },
    { clock, limitsOf: () => ({ account: 'both', concurrent: 4, bucket }) },
  );
  for (let i = 0; i < 30; i++) work.add(`job ${i}`, { receiver: i % 2 === 0 ? 'onfido:1' : 'onfido:2' });
  work.runner.start();
  await work.settle();
  const first = runs;
  assert.ok(first >= 2 && first <= 5, String(first));
  await work.pass(10_000, 100);
  assert.ok(runs - first >= 6 && runs - first <= 10, String(runs - first));
  down = true;
  await work.pass(30_000, 500);
  assert.deepEqual(work.changes[0], 'both closed');
});

test('a job somebody waits for goes before a backlog, past an empty bucket and through a closed door', async t => {
  const clock = new TestClock(1_000_000);
  const bucket = createTokenBucket({ perMinute: 1, burst: 1 }, clock);
  const seen: string[] = [];
  const work = startWork(
    t,
    async job => {
      seen.push(job.key);
      bucket.take();
      if (job.key !== 'awaited') throw new Down(600_000);
      return undefined;
    },
    { clock, limitsOf: account => ({ account, concurrent: 4, bucket }) },
  );
  for (let i = 0; i < 100; i++) work.add(`poll ${i}`, { background: true });
  work.runner.start();
  await work.settle();
  const before = seen.length;
  work.add('awaited', { runAt: clock.now() + 50_000 });
  await work.runner.tried('awaited');
  assert.deepEqual(seen.slice(before), ['awaited']);
  assert.equal(work.changes.at(-1), 'onfido:1 opened');
});

test('jobs somebody waits for go before those in the background, which get every fourth turn', async t => {
  const seen: string[] = [];
  const work = startWork(t, async job => void seen.push(job.key), {
    limitsOf: account => ({ account, concurrent: 1 }),
  });
  for (let i = 0; i < 6; i++) work.add(`poll ${i}`, { background: true, runAt: 1 });
  for (let i = 0; i < 12; i++) work.add(`customer ${i}`);
  work.runner.start();
  await work.settle();
  const polls = seen.slice(0, 12).filter(key => key.startsWith('poll'));
  assert.equal(polls.length, 3);
  assert.equal(seen.length, 18);
});

test('whoever waits for a job brings it forward without using up its attempts', async t => {
  const work = startWork(t, async () => {
    throw new Down();
  });
  work.add('wanted');
  work.runner.start();
  await work.settle();
  for (let i = 0; i < 100; i++) await work.runner.tried('wanted');
  assert.deepEqual(work.deaths, []);
  const [job] = listJobs(work.db, { limit: 1 });
  assert.equal(job?.state, 'ready');
  // that there was an attempt before stays known: a waiting retry keeps its time when it is asked for again
  assert.equal(job?.attempts, 2);
});

test('a clock that is set back closes no receiver for longer than its pause', async t => {
  const work = startWork(t, async () => {
    throw new Down();
  });
  for (let i = 0; i < 50; i++) work.add(`job ${i}`);
  work.runner.start();
  await work.pass(12 * 3_600_000, 60_000);
  const looks = () => work.changes.filter(change => change.endsWith('still_closed')).length;
  work.clock.setBack(6 * 3_600_000);
  const before = looks();
  work.add('made afterwards');
  await work.pass(20 * 60_000, 60_000);
  const since = looks() - before;
  assert.ok(since >= 1 && since <= 5, `${since} looks`);
});

test('a job that ends well without a word to its receiver says nothing about it', async t => {
  let answers = 0;
  let down = true;
  const work = startWork(
    t,
    async job => {
      if (job.key.startsWith('idle')) return undefined;
      if (down) throw new Down();
      answers += 1;
      return undefined;
    },
    { limitsOf: account => ({ account, concurrent: 4, answers: () => answers }) },
  );
  for (let i = 0; i < 20; i++) work.add(`job ${i}`);
  work.runner.start();
  await work.settle();
  assert.deepEqual(work.changes, ['onfido:1 closed']);
  for (let i = 0; i < 20; i++) work.add(`idle ${i}`, { runAt: 0 });
  await work.pass(600_000);
  assert.ok(!work.changes.includes('onfido:1 opened'));
  assert.equal(listJobs(work.db, { state: 'done', limit: 100 }).length, 20);
  down = false;
  await work.pass(600_000);
  assert.equal(work.changes.at(-1), 'onfido:1 opened');
});

test('a job asked for again during its last attempt begins anew instead of being given up', async t => {
  const runs: number[] = [];
  let ask = () => {};
  const work = startWork(
    t,
    async job => {
      runs.push(job.attempts);
      ask();
      throw new Error('refused');
    },
    { classify: error => ({ retry: false, code: (error as Error).message }) },
  );
  ask = () => {
    ask = () => {};
    work.add('a');
  };
  work.add('a');
  work.runner.start();
  await work.settle();
  assert.deepEqual(runs, [1, 1]);
  assert.deepEqual(work.deaths, ['a refused']);
});

test('what was under way when a receiver asked to be left alone does not have it asked again at once', async t => {
  let answers = 0;
  let endSlow = () => {};
  const slow = new Promise<void>(resolve => {
    endSlow = resolve;
  });
  const seen: string[] = [];
  const work = startWork(
    t,
    async job => {
      seen.push(job.key);
      if (job.key === 'busy' && job.attempts === 1) throw new Down(60_000);
      if (job.key === 'slow') await slow;
      answers += 1;
      return undefined;
    },
    { limitsOf: account => ({ account, concurrent: 4, answers: () => answers }) },
  );
  work.add('slow');
  work.add('busy');
  work.runner.start();
  await new Promise(setImmediate);
  assert.deepEqual(work.changes, ['onfido:1 closed']);
  for (let i = 0; i < 20; i++) work.add(`job ${i}`);
  endSlow();
  await work.pass(50_000, 1_000);
  assert.deepEqual(seen, ['slow', 'busy']);
  await work.pass(30_000, 1_000);
  assert.deepEqual(work.changes, ['onfido:1 closed', 'onfido:1 opened']);
  assert.ok(seen.length >= 22, `${seen.length} runs`);
});
