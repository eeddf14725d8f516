/** The crash test in small; `npm run test:chaos -- --kills 1000` is the same in large. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCampaign } from './campaign.js';

test('a gateway killed 40 times, at random moments and between any two steps, loses, repeats and falsifies nothing', async t => {
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const { lost, repeated, wrong, kills, customers, died, log } = await runCampaign({ kills: 40, seed });
  assert.deepEqual({ lost, repeated, wrong }, { lost: [], repeated: [], wrong: [] }, log);
  assert.equal(kills, 40);
  // else it proved little
  const places = Object.keys(died).filter(place => place !== 'anywhere');
  assert.ok(places.length >= 12, `it died at ${places.join(', ')}`);
  assert.ok(customers >= 20, `only ${customers} customers came`);
});
