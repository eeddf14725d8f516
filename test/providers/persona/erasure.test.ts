/** Erasing somebody whom Persona verified. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { command } from '../../../src/cli/erase.js';
import type { PersonaSimulator } from '../../../src/simulators/persona/index.js';
import { operate } from '../../support/command.js';
import { finishErasure, wordsOnDisk } from '../../support/disk.js';
import { hook, startOryWorld } from '../../support/ory.js';
import { deliveries } from '../../support/records.js';
import { endsOfFile, type World } from '../../support/world.js';
import { personaBeside } from './beside.js';

const ends = endsOfFile();
let world: World;
let sim: PersonaSimulator;

before(async () => {
  const vendor = personaBeside();
  world = await startOryWorld(ends, {
    ...vendor.options,
    startAt: Date.now() + 600_000,
    ory: { gate: 'approved' },
  });
  sim = vendor.sim();
});

test('the inquiry is redacted, what Persona says about that is not kept, and the person is unknown', async () => {
  const { id } = world.kratos.createIdentity({ email: 'persona@example.net' });
  const begun = await hook(world, '/persona/initiate', { kratos_identity_id: id });
  const { inquiry_id: ref = '' } = begun.json<Record<string, string>>();
  await world.settle();
  sim.finish(ref, 'approved');
  await world.pass(2_000);
  const login = () => hook(world, '/persona/validate', { identity_id: id, metadata_public: null });
  assert.equal((await login()).status, 200);
  assert.deepEqual(wordsOnDisk(world, [ref, id]), [ref, id]);

  const told = sim.deliveries.length;
  assert.equal((await operate(world.installation, command, '--kratos-identity', id, '--yes')).code, 0);
  await world.pass(2_000);
  assert.ok(sim.deliveries.length > told, 'Persona tells that it redacted');
  assert.ok(sim.deliveries.every(({ status }) => status === 200));
  await finishErasure(world);
  const inquiries = sim.state().inquiries as { id: string; attributes: Record<string, unknown> }[];
  assert.ok(inquiries.find(inquiry => inquiry.id === ref)?.attributes['redacted-at']);
  assert.deepEqual(wordsOnDisk(world, [ref, id]), []);
  assert.deepEqual(deliveries(world), []);
  assert.deepEqual(world.kratos.identities.get(id)?.metadata_admin, { persona: null });
  assert.equal((await login()).status, 403);
  assert.equal((await hook(world, '/persona/initiate', { kratos_identity_id: id })).status, 200);
});
