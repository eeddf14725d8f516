import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { OutcomeName } from '../../src/simulators/onfido/index.js';
import type { Kiosk } from '../support/kiosk.js';
import { alertsAbout } from '../support/records.js';
import { capture, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
let manual: Kiosk;
let silent: Kiosk;
let studio: Kiosk;
const ends = endsOfFile();

before(async () => {
  const onfido = { apiToken: { secret: 'ONFIDO_API_TOKEN' } };
  const workflow = { mode: 'studio', workflowId: 'c0ffee00-0000-4000-8000-0000000000aa' };
  world = await startWorld(ends, {
    kratos: {},
    organizations: [
      {},
      { id: 'manual', autoRegistration: false, onfido },
      { id: 'silent', mirror: false, onfido },
      { id: 'studio', onfido: { ...onfido, ...workflow } },
    ],
  });
  manual = await world.addKiosk('Lobby', 'manual');
  silent = await world.addKiosk('Lobby', 'silent');
  studio = await world.addKiosk('Lobby', 'studio');
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

test('an older status that Kratos puts there after the newer one does not stay', async () => {
  const { id: kratosIdentityId, mirrored } = somebody();
  const id = await capture(world, { phone: newPhone(), kiosk: manual, body: { kratosIdentityId } });
  world.kratos.fail({ kind: 'cut-amid', ms: 20_000, method: 'PATCH' });
  await world.pass(5_000);
  world.decide(id, 'reject');
  await world.pass(5_000);
  assert.equal(mirrored()?.status, 'declined');
  await world.pass(15_000);
  assert.equal(mirrored()?.status, 'review', 'what was lost is done after all');
  await world.pass(15_000);
  assert.equal(mirrored()?.status, 'declined');
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

/** Somebody who left the capture until the link had run out. What they upload then comes late. */
async function leftAtCapture(phone: string, kratosIdentityId: string) {
  const { id } = await studio.register({ phone, kratosIdentityId });
  await world.settle();
  const customer = world.customer(world.textedLink(phone));
  await customer.start();
  await customer.session();
  await world.pass(91 * 60_000);
  async function upload(outcome: OutcomeName): Promise<void> {
    world.onfido.decide(world.stored(id).checks[0]?.check_ref ?? '', outcome);
    customer.upload();
    await world.pass(2_000);
  }
  return { id, upload };
}

async function sayAnew(id: string, outcome: OutcomeName): Promise<void> {
  const check = world.stored(id).checks.at(-1)?.check_ref ?? '';
  world.onfido.decide(check, outcome);
  world.onfido.complete(check);
  await world.pass(2_000);
}

test('a document that was not accepted is followed by pending; fraud found late is not, whatever was begun since', async () => {
  const { id: kratosIdentityId, mirrored } = somebody();
  const phone = newPhone();
  const older = await verify(world, { phone, outcome: 'rejected', body: { kratosIdentityId } });
  const { id: newer } = await world.kiosk.register({ phone, kratosIdentityId });
  await world.settle();
  assert.equal(mirrored()?.status, 'pending');
  await sayAnew(older, 'suspected');
  assert.equal(world.identityStatus(newer), 'rejected');
  const declined = [mirrored()?.status, mirrored()?.applicant_id];
  assert.deepEqual(declined, ['declined', world.stored(older).row.applicant_ref]);
  await world.pass(91 * 60_000);
  assert.equal(world.stored(newer).registration.status, 'expired');
  assert.equal(mirrored()?.status, 'declined');
});

test('what waits for a person, and what they decide, is told although a later link ran out', async () => {
  const { id: kratosIdentityId, mirrored } = somebody();
  const phone = newPhone();
  const { id: older, upload } = await leftAtCapture(phone, kratosIdentityId);
  await studio.register({ phone, kratosIdentityId });
  await world.settle();
  assert.equal(mirrored()?.status, 'pending');
  await upload('caution');
  assert.equal(world.identityStatus(older), 'awaiting_registration');
  assert.equal(mirrored()?.status, 'review');
  await world.pass(91 * 60_000);
  assert.equal(mirrored()?.status, 'review');
  world.decide(older, 'reject');
  await world.settle();
  assert.equal(mirrored()?.status, 'declined');
  world.decide(older, 'register');
  await world.settle();
  assert.equal(mirrored()?.status, 'approved');
});

test('who was registered late stays approved when the link begun meanwhile runs out', async () => {
  const { id: kratosIdentityId, mirrored } = somebody();
  const phone = newPhone();
  const { id, upload } = await leftAtCapture(phone, kratosIdentityId);
  await studio.register({ phone, kratosIdentityId });
  await upload('clear');
  assert.equal(world.identityStatus(id), 'registered');
  assert.equal(mirrored()?.status, 'approved');
  await world.pass(91 * 60_000);
  assert.equal(mirrored()?.status, 'approved');
});

test('a check for another Kratos identity approves nobody, but a refusal is the person’s', async () => {
  const [one, other] = [somebody(), somebody()];
  const phone = newPhone();
  const { upload } = await leftAtCapture(phone, one.id);
  const newer = await verify(world, { phone, kiosk: studio, body: { kratosIdentityId: other.id } });
  assert.equal(world.identityStatus(newer), 'registered');
  assert.deepEqual([one.mirrored()?.status, other.mirrored()?.status], ['expired', 'approved']);
  await upload('clear');
  assert.deepEqual([one.mirrored()?.status, other.mirrored()?.status], ['approved', 'approved']);
  await sayAnew(newer, 'suspected');
  assert.equal(world.identityStatus(newer), 'rejected');
  assert.deepEqual([one.mirrored()?.status, other.mirrored()?.status], ['declined', 'declined']);
});
