import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ReviewRefusal } from '../../src/review/resolve-case.js';
import { casesOf } from '../../src/store/review-cases.js';
import { openCauses } from '../support/records.js';
import { kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends);
});

test('a case is found by its own id and by its registration’s', async () => {
  for (const by of ['case', 'registration'] as const) {
    const id = await verify(world, { phone: newPhone(), outcome: 'caution' });
    const [waiting] = casesOf(world.gateway.store.main, id);
    world.decide(by === 'case' ? (waiting?.id ?? '') : id, 'register', 'papers seen in the shop');
    assert.equal(world.identityStatus(id), 'registered');
    const [closed] = casesOf(world.gateway.store.main, id);
    assert.deepEqual(
      [closed?.action, closed?.closed_by, closed?.reason],
      ['register', 'reviewer', 'papers seen in the shop'],
    );
  }
});

test('a decision without an open case is kept as one', async () => {
  const id = await verify(world, { phone: newPhone() });
  assert.deepEqual(casesOf(world.gateway.store.main, id), []);
  world.decide(id, 'reject', 'used somebody else’s phone');
  await world.settle();
  const [kept] = casesOf(world.gateway.store.main, id);
  assert.deepEqual([kept?.cause, kept?.action], ['decision', 'reject']);
  assert.equal(world.identityStatus(id), 'rejected');
});

test('a person may decide anew, and the customer hears each change once', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'caution' });
  for (const action of ['reject', 'register', 'register'] as const) {
    world.decide(id, action);
    await world.settle();
  }
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'awaiting', 'rejected', 'registered']);
});

test('only the newest registration of somebody can be decided', async () => {
  const phone = newPhone();
  const older = await verify(world, { phone, outcome: 'rejected' });
  const newer = await verify(world, { phone, outcome: 'caution' });
  assert.throws(() => world.decide(older, 'register'), ReviewRefusal);
  assert.equal(world.identityStatus(older), 'awaiting_registration');
  world.decide(newer, 'register');
  assert.equal(world.identityStatus(newer), 'registered');
});

test('one that merely expired does not keep a person from deciding about the one before', async () => {
  const phone = newPhone();
  const older = await verify(world, { phone, outcome: 'rejected' });
  await world.kiosk.register({ phone });
  await world.pass(91 * 60_000);
  world.decide(older, 'register');
  await world.settle();
  assert.equal(world.identityStatus(older), 'registered');
});

test('a decision closes what waits, and only what waits', async () => {
  const first = await verify(world, { phone: newPhone(), outcome: 'caution' });
  const second = await verify(world, { phone: newPhone(), outcome: 'unknown' });
  world.decide(first, 'reject');
  assert.deepEqual([openCauses(world, first), openCauses(world, second)], [[], ['unknown']]);
});
