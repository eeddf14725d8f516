/** Erasing somebody whom Jumio verified. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { command } from '../../../src/cli/erase.js';
import type { JumioSimulator } from '../../../src/simulators/jumio/index.js';
import { operate } from '../../support/command.js';
import { finishErasure, wordsOnDisk } from '../../support/disk.js';
import { hook, startOryWorld } from '../../support/ory.js';
import { deliveries } from '../../support/records.js';
import { newPhone } from '../../support/verify.js';
import { endsOfFile, type World } from '../../support/world.js';
import { finish, jumioBeside } from './beside.js';

const ends = endsOfFile();
let world: World;
let sim: JumioSimulator;

before(async () => {
  const vendor = jumioBeside();
  world = await startOryWorld(ends, {
    ...vendor.options,
    startAt: Date.now() + 600_000,
    ory: { gate: 'approved' },
  });
  sim = vendor.sim();
});

const erase = (id: string) => operate(world.installation, command, '--kratos-identity', id, '--yes');

test('the account goes with all its runs, the callbacks too, and a declined person stays out', async () => {
  const { id } = world.kratos.createIdentity({ email: 'jumio@example.net' });
  const begun = await hook(world, '/jumio/initiate', { kratos_identity_id: id });
  const { verification_url: link } = begun.json<{ verification_url: string }>();
  await finish(String((await world.customer(link).start()).headers.location), 'rejected-fake');
  await world.pass(2_000);
  const run = sim.state().workflows.at(-1);
  assert.ok(run);
  assert.equal(sim.state().accounts.length, 1);
  const traces = [run.accountId, run.id, id];
  assert.deepEqual(wordsOnDisk(world, traces), traces, 'the search finds what is there');
  assert.ok(deliveries(world).length > 0);

  sim.fail({ kind: 'status', status: 503, method: 'DELETE' });
  assert.equal((await erase(id)).code, 0);
  await finishErasure(world);
  assert.deepEqual(sim.state().accounts, [], 'deleted at Jumio');
  assert.deepEqual(wordsOnDisk(world, traces), []);
  assert.deepEqual(deliveries(world), []);
  assert.deepEqual(world.kratos.identities.get(id)?.metadata_public, { jumio: null });
  assert.equal((await hook(world, '/jumio/validate', { identity_id: id })).status, 403);
});

test('an account that Jumio made while somebody was erased is deleted too', async () => {
  await world.pass(2_000);
  const { id } = world.kratos.createIdentity({ email: 'late@example.net' });
  const made = sim.count('POST', '/accounts');
  sim.fail({ kind: 'slow', ms: 1_500, method: 'POST', path: '*/accounts' });
  const answering = hook(world, '/jumio/initiate', { kratos_identity_id: id });
  while (sim.state().workflows.length < 1 || sim.count('POST', '/accounts') === made)
    await new Promise(setImmediate);
  assert.equal((await erase(id)).code, 0);
  world.clock.advance(1_500);
  await answering;
  await finishErasure(world);
  assert.equal(sim.state().workflows.length, 2, 'it was made');
  assert.deepEqual(sim.state().accounts, []);
});

test('what was told of another run of the same customer goes too', async () => {
  await world.pass(2_000);
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  const customer = world.customer(world.textedLink(phone));
  const go = async () => String((await customer.start()).headers.location);
  const first = await go();
  await fetch(first);
  // links are kept in memory only
  await world.restart();
  for (const run of [await go(), first]) {
    await finish(run, 'passed');
    await world.pass(2_000);
  }
  const { applicant_ref: ref } = world.stored(id).row;
  const runs = sim.state().workflows.filter(run => run.customerInternalReference === ref);
  const traces = [...new Set(runs.flatMap(run => [run.accountId, run.id]))];
  assert.equal(traces.length, 3, 'one account, two runs');
  assert.deepEqual(wordsOnDisk(world, traces), traces);
  assert.equal((await operate(world.installation, command, id, '--yes')).code, 0);
  const about = deliveries(world).filter(({ checkRef }) => traces.some(trace => checkRef?.includes(trace)));
  assert.deepEqual(about, []);
  await finishErasure(world);
  assert.deepEqual(wordsOnDisk(world, traces), []);
});
