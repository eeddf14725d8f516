/** Every fault of the simulators in random mixtures; `npm run test:chaos -- --upstream 500` is the same in large. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runUpstream } from './upstream.js';

test('whatever the vendors do, all customers end right, and no check and no text is made twice', async t => {
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const endsAt = Date.now() + 20_000;
  const result = await runUpstream({ customers: 60, seed, hasTime: () => Date.now() < endsAt });
  const { lost, repeated, wrong, customers, faults, log } = result;
  assert.deepEqual({ lost, repeated, wrong }, { lost: [], repeated: [], wrong: [] }, log);
  t.diagnostic(`${customers} customers`);
  assert.ok(customers >= 10);
  for (const kind of ['slow', 'status 429', 'cut', 'cut-after', 'delivery lost', 'delivery reordered'])
    assert.ok(
      Object.keys(faults).some(name => name.endsWith(kind)),
      `no ${kind}`,
    );
});
