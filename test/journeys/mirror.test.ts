import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Kiosk } from '../support/kiosk.js';
import { alertsAbout } from '../support/records.js';
import { capture, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
let manual: Kiosk;
let silent: Kiosk;
const ends = endsOfFile();

before(async () => {
  const onfido = { apiToken: { secret: 'ONFIDO_API_TOKEN' } };
  world = await startWorld(ends, {
    kratos: {},
    organizations: [
      {},
      { id: 'manual', autoRegistration: false, onfido },
      { id: 'silent', mirror: false, onfido },
    ],
  });
  manual = await world.addKiosk('Lobby', 'manual');
  silent = await world.addKiosk('Lobby', 'silent');
});

function somebody() {
  const { id } = world.kratos.createIdentity({ email: `${newPhone().slice(1)}@example.net` });
  const mirrored = () =>
    (world.kratos.identities.get(id)?.metadata_public as { onfido?: Record<string, unknown> } | null)?.onfido;
  return { id, mirrored };
}

test('the identity is told at once that a check is pending, and at the end how it ended', async () => {
  const { id: kratosIdentityId, mirrored } = somebody();
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone, kratosIdentityId: kratosIdentityId.toUpperCase() });
  await world.settle();
  assert.deepEqual([mirrored()?.status, mirrored()?.decided_at], ['pending', null]);
  await world.customer(world.textedLink(phone)).goThrough();
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(
    [mirrored()?.status, mirrored()?.applicant_id],
    ['approved', world.stored(id).row.applicant_ref],
  );
  assert.ok(mirrored()?.decided_at);
  assert.doesNotMatch(JSON.stringify(mirrored()), /reason|Unnamed|777/);
});

const ways = [
  ['suspected', 'declined'],
  ['rejected', 'declined'],
  ['caution', 'review'],
  ['unknown', 'review'],
] as const;

for (const [outcome, status] of ways) {
  test(`${outcome} is mirrored as ${status}`, async () => {
    const { id, mirrored } = somebody();
    await verify(world, { phone: newPhone(), outcome, body: { kratosIdentityId: id } });
    assert.equal(mirrored()?.status, status);
  });
}

test('what waits is review until a person decides', async () => {
  const { id: kratosIdentityId, mirrored } = somebody();
  const id = await verify(world, { phone: newPhone(), kiosk: manual, body: { kratosIdentityId } });
  assert.equal(mirrored()?.status, 'review');
  world.decide(id, 'register');
  await world.settle();
  assert.equal(mirrored()?.status, 'approved');
});

test('a link that runs out is mirrored as expired', async () => {
  const { id: kratosIdentityId, mirrored } = somebody();
  await world.kiosk.register({ phone: newPhone(), kratosIdentityId });
  await world.pass(91 * 60_000);
  assert.equal(mirrored()?.status, 'expired');
});

test('a Kratos that does not answer delays nothing else, and is told when it does', async () => {
  const { id: kratosIdentityId, mirrored } = somebody();
  world.kratos.fail({ kind: 'status', status: 503, times: 6 });
  const id = await verify(world, { phone: newPhone(), body: { kratosIdentityId } });
  assert.equal(world.identityStatus(id), 'registered');
  await world.pass(10 * 60_000);
  assert.equal(mirrored()?.status, 'approved');
});

test('an identity that is gone in Kratos ends with an alert and not with endless attempts', async () => {
  const { id: kratosIdentityId } = somebody();
  world.kratos.removeIdentity(kratosIdentityId);
  const id = await capture(world, { phone: newPhone(), body: { kratosIdentityId } });
  await world.pass(2_000);
  assert.ok(alertsAbout(world, id).includes('kratos_identity_gone'));
  assert.equal(world.identityStatus(id), 'registered');
});

test('a customer without a Kratos identity, and an organization that does not mirror, write nothing there', async () => {
  const { id: kratosIdentityId, mirrored } = somebody();
  const calls = world.kratos.calls.length;
  await verify(world, { phone: newPhone() });
  await verify(world, { phone: newPhone(), kiosk: silent, body: { kratosIdentityId } });
  assert.equal(mirrored(), undefined);
  assert.equal(world.kratos.calls.length, calls);
});
