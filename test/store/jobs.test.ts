import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewJob } from '../../src/domain/job.js';
import { claimJob, freeLeases, interruptedJobs, resumeJob } from '../../src/store/claims.js';
import type { Db } from '../../src/store/db.js';
import {
  addJob,
  backlogs,
  bringForward,
  buryJob,
  finishJob,
  hastenJob,
  type Job,
  listJobs,
  nextDue,
  postponeJob,
  pruneJobs,
  retryDeadJobs,
} from '../../src/store/jobs.js';
import { openTestStore } from './open-db.js';

function job(key: string, over: Partial<NewJob<'read'>> = {}): NewJob<'read'> {
  return {
    kind: 'read',
    key,
    lane: `lane ${key}`,
    receiver: 'onfido:1',
    payload: { registrationId: 'r', checkId: 'c' },
    runAt: 100,
    ...over,
  };
}

function claim(db: Db, now = 1000, receiver = 'onfido:1', holder = 'me'): Job | undefined {
  return claimJob(db, { holder, now, leaseMs: 500, receiver, background: false });
}

test('what is due longest is claimed first, and nothing before its time', t => {
  const { main } = openTestStore(t);
  addJob(main, job('late', { runAt: 2000 }), 1);
  addJob(main, job('b', { runAt: 200 }), 1);
  addJob(main, job('a', { runAt: 100 }), 1);
  assert.equal(nextDue(main), 100);
  assert.deepEqual([claim(main)?.key, claim(main)?.key, claim(main)?.key], ['a', 'b', undefined]);
});

test('jobs of one lane never run at the same time', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a', { lane: 'same' }), 1);
  addJob(main, job('b', { lane: 'same' }), 1);
  const first = claim(main);
  assert.equal(claim(main), undefined);
  finishJob(main, first!, 'me', 1001);
  assert.equal(claim(main)?.key, 'b');
});

test('a receiver’s jobs are claimed by themselves, those somebody waits for apart from the others', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a'), 1);
  addJob(main, job('b', { receiver: 'sms', background: true, runAt: 700 }), 1);
  assert.deepEqual(backlogs(main), [
    { receiver: 'onfido:1', awaitedAt: 100, backgroundAt: null },
    { receiver: 'sms', awaitedAt: null, backgroundAt: 700 },
  ]);
  assert.equal(claim(main, 1000, 'sms'), undefined);
  const which = { holder: 'me', now: 1000, leaseMs: 500 };
  assert.equal(claimJob(main, { ...which, receiver: 'sms', background: true })?.key, 'b');
  assert.equal(claimJob(main, { ...which, key: 'a' })?.key, 'a');
  assert.deepEqual(backlogs(main), []);
});

test('a claim looks at the one job it takes, however many wait for other receivers or in its own queue', t => {
  const { main } = openTestStore(t);
  const plan = (sql: string, ...values: unknown[]) =>
    (main.raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]).map(
      ({ detail }) => detail,
    );
  const statements: string[] = [];
  const counting = {
    ...main,
    one: (query: Parameters<Db['one']>[0]) => {
      const { sql, parameters } = query.compile();
      statements.push(...plan(sql, ...parameters));
      return main.one(query);
    },
  } as Db;
  claimJob(counting, { holder: 'me', now: 1, leaseMs: 1, receiver: 'sms', background: false });
  assert.ok(
    statements.includes('SEARCH due USING INDEX jobs_ready (receiver=? AND background=? AND run_at<?)'),
    statements.join('\n'),
  );
  assert.ok(
    statements.includes('SEARCH busy USING COVERING INDEX jobs_running (lane=?)'),
    statements.join('\n'),
  );
  assert.ok(!statements.some(line => /SCAN|TEMP B-TREE/.test(line)), statements.join('\n'));
});

test('asked for again by somebody who waits, a job in the background comes forward', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a', { background: true, runAt: 9000 }), 1, 'again');
  addJob(main, job('a', { runAt: 500 }), 500, 'again');
  assert.equal(claim(main)?.key, 'a');
});

test('a job asked for again while it looks in vain looks again at once, because it may have looked too early', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a'), 1);
  const looking = claim(main)!;
  addJob(main, job('a', { runAt: 1100 }), 1100, 'again');
  postponeJob(main, looking, 'me', {
    now: 1200,
    runAt: 600_000,
    error: null,
    counts: false,
    background: true,
  });
  assert.equal(claim(main, 1200)?.key, 'a');
});

test('a job that is interrupted again and again is counted, and settling it forgets that', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a'), 1);
  claim(main, 1000, 'onfido:1', 'dead');
  assert.deepEqual(interruptedJobs(main, 'dead'), []);
  const [interrupted] = interruptedJobs(main, 'me');
  assert.equal(interrupted?.interruptions, 1);
  resumeJob(main, interrupted!, 5000);
  assert.equal(claim(main, 4999), undefined);
  claim(main, 5000, 'onfido:1', 'dead');
  assert.equal(interruptedJobs(main, 'me')[0]?.interruptions, 2);
  resumeJob(main, interruptedJobs(main, 'me')[0]!, 0);
  const settled = claim(main, 5000)!;
  postponeJob(main, settled, 'me', { now: 5000, runAt: 5000, error: 'later', counts: true });
  claim(main, 5000, 'onfido:1', 'dead');
  assert.equal(interruptedJobs(main, 'me')[0]?.interruptions, 1);
});

test('the attempt is counted when it begins, so that a crash counts', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a'), 1);
  assert.equal(claim(main)?.attempts, 1);
  assert.equal(freeLeases(main, 1400, 500), 0);
  assert.equal(freeLeases(main, 1501, 500), 1);
  assert.equal(claim(main, 1600)?.attempts, 2);
});

test('a lease taken before the clock was set back ends all the same', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a'), 1);
  const { id } = claim(main, 1_000_000)!;
  assert.equal(freeLeases(main, 900_000, 500, [id]), 0);
  assert.equal(freeLeases(main, 900_000, 500), 1);
});

test('what waits is brought forward, but for deadlines, and no further than to now', t => {
  const { main } = openTestStore(t);
  addJob(main, { ...job('soon'), runAt: 1_500 }, 1);
  addJob(main, { ...job('later'), runAt: 9_000 }, 1);
  addJob(main, { ...job('due'), runAt: 500 }, 1);
  const moment = { registrationId: 'reg_1', expiresAt: 9_000 };
  addJob(main, { ...job('end'), kind: 'deadline', payload: moment, runAt: 9_000 }, 1);
  bringForward(main, 5_000, 1_000);
  const times = Object.fromEntries(listJobs(main, { limit: 9 }).map(row => [row.key, row.run_at]));
  assert.deepEqual(times, { soon: 1_000, later: 4_000, due: 500, end: 9_000 });
});

test('whoever lost a lease can no longer settle the job', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a'), 1);
  const lost = claim(main)!;
  freeLeases(main, 2000, 500);
  const held = claim(main, 2000, 'onfido:1', 'other')!;
  finishJob(main, lost, 'me', 2001);
  assert.equal(buryJob(main, lost, 'me', 2001, 'x'), false);
  postponeJob(main, lost, 'me', { now: 2001, runAt: 1, error: 'x', counts: true });
  assert.equal(listJobs(main, { limit: 1 })[0]?.state, 'running');
  finishJob(main, held, 'other', 2002);
  assert.equal(listJobs(main, { limit: 1 })[0]?.state, 'done');
});

test('asked for once, a job is made once, also after it was done', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a'), 1);
  addJob(main, job('a'), 1);
  finishJob(main, claim(main)!, 'me', 1001);
  addJob(main, job('a'), 1);
  assert.equal(claim(main), undefined);
});

test('asked for again, a finished job runs again, and a running one once more afterwards', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a'), 1, 'again');
  const running = claim(main)!;
  addJob(main, job('a', { runAt: 1100 }), 1100, 'again');
  assert.equal(claim(main, 1200), undefined);
  finishJob(main, running, 'me', 1200);
  const once = claim(main, 1200)!;
  assert.equal(once.attempts, 1);
  finishJob(main, once, 'me', 1300);
  assert.equal(claim(main, 1400), undefined);
  addJob(main, job('a', { runAt: 1500 }), 1500, 'again');
  assert.equal(claim(main, 1500)?.key, 'a');
});

test('asking again pulls a waiting job forward but does not defeat a retry’s backoff', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a', { runAt: 9000 }), 1, 'again');
  addJob(main, job('a', { runAt: 500 }), 500, 'again');
  const tried = claim(main)!;
  postponeJob(main, tried, 'me', { now: 1000, runAt: 5000, error: 'later', counts: true });
  addJob(main, job('a', { runAt: 1000 }), 1000, 'again');
  assert.equal(claim(main, 4999), undefined);
  hastenJob(main, 'a', 2000);
  assert.equal(claim(main, 2000)?.attempts, 2);
});

test('a job that found nothing to report yet is not charged for looking', t => {
  const { main } = openTestStore(t);
  addJob(main, job('a'), 1);
  postponeJob(main, claim(main)!, 'me', { now: 1000, runAt: 2000, error: null, counts: false });
  assert.equal(claim(main, 2000)?.attempts, 1);
});

test('dead jobs stay visible and are retried by id, or by kind and time', t => {
  const { main } = openTestStore(t);
  for (const [key, at] of [
    ['a', 1000],
    ['b', 2000],
    ['c', 3000],
  ] as const) {
    addJob(main, job(key), 1);
    buryJob(main, claim(main, at)!, 'me', at, 'provider_refused_422');
  }
  const [c, b] = listJobs(main, { state: 'dead', limit: 10 });
  assert.deepEqual([c?.key, c?.last_error], ['c', 'provider_refused_422']);
  assert.equal(retryDeadJobs(main, { id: b!.id }, 4000), 1);
  assert.equal(retryDeadJobs(main, { kind: 'read', since: 500, until: 1500 }, 4000), 1);
  assert.equal(retryDeadJobs(main, { kind: 'mirror' }, 4000), 0);
  assert.deepEqual(
    listJobs(main, { state: 'dead', limit: 10 }).map(({ key }) => key),
    ['c'],
  );
});

test('only jobs that ended well are forgotten', t => {
  const { main } = openTestStore(t);
  addJob(main, job('done'), 1);
  finishJob(main, claim(main)!, 'me', 1000);
  addJob(main, job('dead'), 1);
  buryJob(main, claim(main)!, 'me', 1000, 'x');
  addJob(main, job('ready'), 1);
  assert.equal(pruneJobs(main, 2000, 0), 0);
  assert.equal(pruneJobs(main, 2000, 10), 1);
  assert.deepEqual(
    listJobs(main, { limit: 9 }).map(({ key }) => key),
    ['ready', 'dead'],
  );
});
