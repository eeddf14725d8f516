/** Hostile input over real sockets, a short round of it. `npm run test:fuzz -- --minutes 10` goes on for longer. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runAttacks } from './rounds.js';
import { startTarget, type Target } from './target.js';

let target: Target;

before(async () => {
  target = await startTarget();
});

after(() => target.close());

test('whatever is sent, nothing crashes, no fault of ours is told, and good deliveries are taken as before', async t => {
  const end = performance.now() + 20_000;
  const heapBefore = process.memoryUsage().heapUsed;
  const seeds = { from: Number(process.env.FUZZ_SEED ?? 1), count: 1_500 };
  const { answers, wounds } = await runAttacks(target, seeds, () => performance.now() < end);
  t.diagnostic(`answers: ${JSON.stringify(answers)}`);
  assert.deepEqual(wounds, []);
  assert.deepEqual(target.errors, []);
  assert.ok((answers[200] ?? 0) > 0 && (answers[401] ?? 0) > 0 && (answers[404] ?? 0) > 0);
  const kept = target.kept();
  assert.equal((await target.deliver()).status, 200);
  assert.equal(target.kept(), kept + 1);
  assert.equal((await target.private('GET', '/healthz')).status, 200);
  assert.equal((await target.private('GET', '/readyz')).status, 200);
  assert.ok(process.memoryUsage().heapUsed - heapBefore < 300 * 1024 * 1024);
  await target.gateway.idle();
});

test('the attacks get past the door of each provider: what is proven as theirs is taken', async () => {
  const { runReference: userReference } = target;
  const run = { id: 'c0ffee00-0000-4000-8000-000000000010', status: 'PROCESSED' };
  const callback = JSON.stringify({ userReference, workflowExecution: run, account: run });
  const event = JSON.stringify({ data: { type: 'event', attributes: { name: 'inquiry.approved' } } });
  const sent = [
    ['/jumio/callback', callback, {}],
    ['/jumio/callback', '{}', { 'x-jumio-signature': target.signAs('jumio', '{}') }],
    ['/persona/callback', event, { 'persona-signature': target.signAs('persona', event) }],
  ] as const;
  for (const [path, body, headers] of sent)
    assert.equal((await target.public('POST', path, { body, headers })).status, 200, path);
});
