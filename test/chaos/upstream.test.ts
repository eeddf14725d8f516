/** Every fault of the simulators in random mixtures; `npm run test:chaos -- --upstream 500` is the same in large. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modesMissed, runUpstream, type UpstreamResult } from './upstream.js';

test('whatever the vendors do, all customers end right, and no check and no text is made twice', async t => {
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const began = Date.now();
  // on a busy machine a little longer, until everything has gone wrong once
  const hasTime = (so: UpstreamResult['faults']) =>
    Date.now() - began < (modesMissed(so).length > 0 ? 50_000 : 20_000);
  const result = await runUpstream({ customers: 60, seed, hasTime });
  const { lost, repeated, wrong, customers, faults, log } = result;
  assert.deepEqual({ lost, repeated, wrong }, { lost: [], repeated: [], wrong: [] }, log);
  t.diagnostic(`${customers} customers`);
  assert.ok(customers >= 10);
  // what happened by the simulators' own records; else it proved little
  t.diagnostic(JSON.stringify(faults));
  assert.deepEqual(modesMissed(faults), [], `these never happened, but ${JSON.stringify(faults)}`);
});
