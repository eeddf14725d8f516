import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { JobKind, NewJob } from '../../src/domain/job.js';
import {
  createRunner,
  type Failure,
  type JobHandler,
  type JobHandlers,
  type RunnerOptions,
} from '../../src/jobs/runner.js';
import { addJob, listJobs, removeJobs } from '../../src/store/jobs.js';
import { openTestStore } from '../store/open-db.js';
import { TestClock } from '../support/clock.js';

type Run = JobHandler<JobKind>['run'];

function newJob(key: string, over: Partial<NewJob<'read'>> = {}): NewJob<'read'> {
  return {
    kind: 'read',
    key,
    lane: key,
    receiver: 'onfido:1',
    payload: { registrationId: 'r', checkId: key },
    runAt: 0,
    ...over,
  };
}

function setUp(
  t: TestContext,
  run: Run,
  over: Partial<RunnerOptions> & { handler?: Partial<JobHandler<JobKind>> } = {},
) {
  const clock = new TestClock(1_000_000);
  const store = openTestStore(t);
  const failures: string[] = [];
  const troubles: Error[] = [];
  const handler: JobHandler<JobKind> = { run, ...over.handler };
  const handlers = new Proxy({}, { get: () => handler }) as JobHandlers;
  const classify = (error: unknown): Failure => ({
    retry: !(error instanceof TypeError),
    code: (error as Error).message,
  });
  const runner = createRunner({
    db: store.main,
    clock,
    handlers,
    classify,
    onFailure: (job, failure, _error, dead) =>
      failures.push(`${job.key} ${failure.code}${dead ? ' dead' : ''}`),
    onTrouble: error => troubles.push(error),
    random: () => 0.5,
    ...over,
  });
  t.after(() => {
    const stopped = runner.stop(0);
    clock.advance(0);
    return stopped;
  });
  const add = (key: string, more: Partial<NewJob<'read'>> = {}) =>
    addJob(store.main, newJob(key, more), clock.now(), 'again');
  return { clock, store, runner, failures, troubles, add };
}

test('a job is done once, and idle tells when nothing is left', async t => {
  const seen: string[] = [];
  const { runner, add } = setUp(t, async job => void seen.push(job.key));
  add('a');
  add('b');
  runner.start();
  await runner.idle();
  assert.deepEqual(seen, ['a', 'b']);
});

test('a failed job is tried again after its backoff, and not before', async t => {
  let tries = 0;
  const { runner, clock, add, failures } = setUp(t, async () => {
    if (++tries < 3) throw new Error('later');
  });
  add('a');
  runner.start();
  await runner.idle();
  assert.equal(tries, 1);
  // half of 2 s, by the random number given
  clock.advance(999);
  await runner.idle();
  assert.equal(tries, 1);
  clock.advance(1);
  await runner.idle();
  assert.equal(tries, 2);
  clock.advance(2000);
  await runner.idle();
  assert.equal(tries, 3);
  assert.deepEqual(failures, ['a later', 'a later']);
});

test('an error that is not worth another attempt buries the job at once, and its handler hears of it', async t => {
  const gaveUp: string[] = [];
  const { runner, store, add, failures } = setUp(
    t,
    () => {
      throw new TypeError('never');
    },
    { handler: { gaveUp: job => void gaveUp.push(job.key) } },
  );
  add('a');
  runner.start();
  await runner.idle();
  assert.deepEqual(failures, ['a never dead']);
  assert.deepEqual(gaveUp, ['a']);
  assert.equal(listJobs(store.main, { state: 'dead', limit: 1 })[0]?.last_error, 'never');
});

test('a job is given up after the attempts of its plan', async t => {
  const plan = { attempts: 2, firstMs: 1000, longestMs: 1000 };
  const { runner, clock, add, failures } = setUp(
    t,
    () => {
      throw new Error('later');
    },
    { handler: { plan } },
  );
  add('a');
  runner.start();
  await runner.idle();
  clock.advance(1000);
  await runner.idle();
  assert.deepEqual(failures, ['a later', 'a later dead']);
});

test('a slow receiver does not delay another, and gets no more than its share', async t => {
  let release = () => {};
  const slow = new Promise<void>(resolve => (release = resolve));
  let running = 0;
  let most = 0;
  const seen: string[] = [];
  const { runner, add } = setUp(
    t,
    async job => {
      if (job.receiver === 'slow') {
        running++;
        most = Math.max(most, running);
        await slow;
        running--;
      }
      seen.push(job.key);
    },
    { limitsOf: account => ({ account, concurrent: 2 }) },
  );
  for (const key of ['s1', 's2', 's3']) add(key, { receiver: 'slow' });
  add('fast', { receiver: 'quick' });
  runner.start();
  await new Promise(resolve => setImmediate(resolve));
  assert.deepEqual(seen, ['fast']);
  release();
  await runner.idle();
  assert.equal(most, 2);
  assert.equal(seen.length, 4);
});

test('a handler that wants to look again is called at that time and not charged', async t => {
  let looks = 0;
  const { runner, clock, add, store } = setUp(t, () =>
    ++looks < 3 ? { lookAgainAt: clock.now() + 5000 } : undefined,
  );
  add('a');
  runner.start();
  await runner.idle();
  for (let i = 0; i < 2; i++) {
    clock.advance(5000);
    await runner.idle();
  }
  assert.equal(looks, 3);
  assert.equal(listJobs(store.main, { limit: 1 })[0]?.state, 'done');
});

test('what a dead process had claimed is done by the next one, as another attempt', async t => {
  const attempts: number[] = [];
  let hang = true;
  const { runner, add, store, clock } = setUp(t, job => {
    attempts.push(job.attempts);
    return hang ? new Promise<undefined>(() => {}) : undefined;
  });
  add('a');
  runner.start();
  await new Promise(resolve => setImmediate(resolve));
  void runner.stop(0);
  hang = false;
  const handler = { run: (job: { attempts: number }) => void attempts.push(job.attempts) };
  const next = createRunner({
    db: store.main,
    clock,
    handlers: new Proxy({}, { get: () => handler }) as JobHandlers,
    classify: () => ({ retry: false, code: 'x' }),
    onFailure: () => {},
    onTrouble: () => {},
  });
  t.after(() => next.stop(0));
  next.start();
  await next.idle();
  assert.deepEqual(attempts, [1, 2]);
});

test('a job that takes longer than its lease is aborted', async t => {
  const { runner, clock, add, failures } = setUp(
    t,
    (_job, signal) =>
      new Promise<undefined>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted'))),
      ),
    { leaseMs: 1000 },
  );
  add('a');
  runner.start();
  clock.advance(900);
  await runner.idle();
  assert.deepEqual(failures, ['a aborted']);
});

test('stopping takes no more jobs and waits for those that run', async t => {
  let release = () => {};
  const gate = new Promise<void>(resolve => (release = resolve));
  const seen: string[] = [];
  const { runner, add } = setUp(t, async job => {
    await gate;
    seen.push(job.key);
  });
  add('a');
  runner.start();
  const stopped = runner.stop(10_000);
  add('b');
  runner.wake();
  release();
  await stopped;
  assert.deepEqual(seen, ['a']);
});

test('a database that refuses is reported, and the runner goes on', async t => {
  const seen: string[] = [];
  const { runner, store, clock, add, troubles } = setUp(t, async job => void seen.push(job.key));
  add('a');
  store.main.raw.exec("CREATE TRIGGER no BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'no'); END");
  // freeing leases touches no row, so the start itself succeeds
  runner.start();
  assert.ok(troubles.length > 0);
  assert.deepEqual(seen, []);
  store.main.raw.exec('DROP TRIGGER no');
  clock.advance(1000);
  await runner.idle();
  assert.deepEqual(seen, ['a']);
});

test('whoever waits for a job that is taken away is told so, and an idle runner writes nothing for it', async t => {
  let endFirst = () => {};
  const first = new Promise<void>(resolve => {
    endFirst = resolve;
  });
  const { runner, store, clock, add } = setUp(t, async job => {
    if (job.key === 'first') await first;
    return undefined;
  });
  add('first', { lane: 'one' });
  add('second', { lane: 'one' });
  runner.start();
  const tried = runner.tried('second');
  removeJobs(store.main, { lanes: [], keys: ['second'] });
  endFirst();
  await tried;
  await runner.idle();
  const changes = () => store.main.raw.prepare('SELECT total_changes()').pluck().get();
  const before = changes();
  clock.advance(5_000);
  assert.equal(changes(), before);
});

test('whoever waits for a job that has not begun is told so by a stop', async t => {
  let endFirst = () => {};
  const first = new Promise<void>(resolve => {
    endFirst = resolve;
  });
  const { runner, add } = setUp(t, () => first.then(() => undefined));
  add('first', { lane: 'one' });
  add('second', { lane: 'one' });
  runner.start();
  const tried = runner.tried('second');
  const stopped = runner.stop(60_000);
  await tried;
  endFirst();
  await stopped;
});
