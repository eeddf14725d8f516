import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createJobRunner } from '../../src/compose/job-runner.js';
import type { JobHandlers } from '../../src/jobs/runner.js';
import { ProviderError } from '../../src/providers/provider.js';
import { listClosedReceivers } from '../../src/store/closed-receivers.js';
import { addJob } from '../../src/store/jobs.js';
import type { Store } from '../../src/store/store.js';
import { captureLog } from '../runtime/captured-log.js';
import { openTestStore } from '../store/open-db.js';
import { TestClock } from '../support/clock.js';

/** A runner of jobs that all speak to one receiver, over a store that refuses what is noted of receivers while told so. */
function setUp(t: TestContext) {
  const clock = new TestClock();
  const store = openTestStore(t);
  const { log, messages } = captureLog();
  const state = { down: true, refuses: false, returns: 0 };
  const run: Store['main']['run'] = query => {
    if (state.refuses && query.compile().sql.includes('closed_receivers'))
      throw Object.assign(new Error('the disk is full'), { code: 'SQLITE_FULL' });
    return store.main.run(query);
  };
  const handler = {
    run() {
      if (state.down) throw new ProviderError('later', 'down', { mayHaveActed: false });
    },
  };
  const runner = createJobRunner({
    store: { ...store, main: { ...store.main, run } },
    clock,
    log,
    handlers: new Proxy({}, { get: () => handler }) as unknown as JobHandlers,
    receivers: {
      limitsOf: account => ({ account, concurrent: 4 }),
      count: (_receiver, outbound) => outbound,
    },
    onReturn: () => {
      state.returns += 1;
    },
    random: () => 0.5,
  });
  t.after(() => runner.stop(0));
  for (let nth = 0; nth < 10; nth++) {
    const payload = { registrationId: 'r', checkId: String(nth) };
    const job = { kind: 'read', key: `job ${nth}`, lane: `${nth}`, receiver: 'onfido:1', payload } as const;
    addJob(store.main, { ...job, runAt: 0 }, 0);
  }
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1_000) {
      clock.advance(1_000);
      await runner.idle();
    }
  }
  return { runner, state, pass, messages, closed: () => listClosedReceivers(store.main).length };
}

const words = (messages: readonly string[], begin: string) =>
  messages.filter(message => message.startsWith(begin)).length;

test('that a receiver is closed, and open again, is noted as soon as the database takes it', async t => {
  const { runner, state, pass, messages, closed } = setUp(t);
  state.refuses = true;
  runner.start();
  await pass(3_000);
  assert.deepEqual([words(messages(), 'a receiver does not answer'), closed()], [1, 0]);
  state.refuses = false;
  await pass(2_000);
  assert.equal(closed(), 1);
  state.refuses = true;
  state.down = false;
  await pass(600_000);
  assert.deepEqual([words(messages(), 'a receiver answers again'), state.returns, closed()], [1, 1, 1]);
  state.refuses = false;
  await pass(2_000);
  assert.equal(closed(), 0);
});
