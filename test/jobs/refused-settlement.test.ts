import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRunner, type JobHandler, type JobHandlers } from '../../src/jobs/runner.js';
import { addJob } from '../../src/store/jobs.js';
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
