/** Several organizations on one provider account, the shared callback, and sandbox checks. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Kiosk } from '../support/kiosk.js';
import { alertsAbout, deliveries } from '../support/records.js';
import { kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const sharedToken = { apiToken: { secret: 'ONFIDO_API_TOKEN' } };
const sandboxToken = { apiToken: { secret: 'ONFIDO_API_TOKEN_SANDBOX' } };
let world: World;
const kiosks: Record<string, Kiosk> = {};
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends, {
    organizations: [
      {},
      { id: 'two', autoRegistration: false, onfido: sharedToken },
      { id: 'careless', onfido: sandboxToken },
      { id: 'playground', sandbox: true, onfido: sandboxToken },
    ],
    secrets: { ONFIDO_API_TOKEN_SANDBOX: 'api_sandbox.Zk4wQxV7cNe.aB3cD5eF7gH9jK1mN2pQ4rS6tU8vW0xY' },
  });
  for (const id of ['two', 'careless', 'playground']) kiosks[id] = await world.addKiosk('Lobby', id);
});

test('each event comes to every webhook of the account; the applicant’s own organization decides', async () => {
  const phone = newPhone();
  const first = await verify(world, { phone });
  const second = await verify(world, { phone, kiosk: kiosks.two! });
  assert.deepEqual(
    [world.identityStatus(first), world.identityStatus(second)],
    ['registered', 'awaiting_registration'],
  );
  for (const id of [first, second]) {
    const checkRef = world.stored(id).checks[0]?.check_ref;
    const came = deliveries(world).filter(each => each.checkRef === checkRef);
    const to = [...new Set(came.map(({ organization }) => organization))].sort();
    assert.ok(to.includes('1') && to.includes('two'), String(to));
    assert.ok(came.every(({ outcome }) => outcome === 'handed_on'));
  }
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered', 'link', 'awaiting']);
});

test('the same number is another identity in another organization', async () => {
  const phone = newPhone();
  await verify(world, { phone, outcome: 'suspected' });
  assert.equal((await kiosks.two!.lookup(phone)).status, 'unknown');
  assert.equal((await world.kiosk.lookup(phone)).status, 'rejected');
});

test('the callback that the Ory setup registers takes what any secret of the provider signed', async () => {
  const raw = Buffer.from(
    JSON.stringify({
      payload: {
        resource_type: 'check',
        action: 'check.completed',
        object: { id: 'c0ffee00-0000-4000-8000-0000000000f1', status: 'complete' },
      },
    }),
  );
  const webhooks = world.onfido.state().webhooks as { url: string; token: string }[];
  assert.equal(webhooks.length, 4);
  const rows = deliveries(world).length;
  for (const { token } of webhooks) {
    const headers = { 'x-sha2-signature': world.onfido.sign(raw, token) };
    assert.equal((await world.call('POST', '/onfido/callback', { body: raw, headers })).status, 200);
  }
  const strange = { 'x-sha2-signature': world.onfido.sign(raw, 'somebody-elses-secret') };
  assert.equal((await world.call('POST', '/onfido/callback', { body: raw, headers: strange })).status, 401);
  for (const path of ['/jumio/callback', '/persona/callback', '/other/callback'])
    assert.equal((await world.call('POST', path, { body: raw, headers: strange })).status, 404);
  await world.settle();
  const came = deliveries(world).slice(rows);
  assert.deepEqual(came.map(({ organization }) => organization).sort(), [
    '1',
    'careless',
    'playground',
    'two',
  ]);
  assert.ok(came.every(({ outcome, hasBody }) => outcome === 'foreign' && !hasBody));
});

test('a whole journey over the callback alone', async () => {
  const phone = newPhone();
  world.onfido.failDelivery({ kind: 'lost', times: 20 });
  const id = await verify(world, { phone });
  assert.equal(world.stored(id).registration.status, 'submitted');
  world.onfido.clearFaults();
  const lost = world.onfido.deliveries.findLast(
    ({ error, action }) => error === 'lost' && action === 'check.completed',
  );
  assert.ok(lost);
  const { status } = await world.call('POST', '/onfido/callback', {
    body: lost.body,
    headers: { ...lost.headers },
  });
  assert.equal(status, 200);
  await world.settle();
  assert.equal(world.identityStatus(id), 'registered');
});

test('a sandbox check in a live organization is UNKNOWN, with an alert, and registers nobody', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, kiosk: kiosks.careless! });
  assert.equal(world.stored(id).registration.result, 'UNKNOWN');
  assert.equal(world.identityStatus(id), 'awaiting_registration');
  assert.deepEqual(alertsAbout(world, id), ['result_unknown']);
});

test('a sandbox check in an organization that says so counts', async () => {
  const id = await verify(world, { phone: newPhone(), kiosk: kiosks.playground! });
  assert.equal(world.identityStatus(id), 'registered');
});

test('with several organizations a delivery without a key belongs to nobody', async () => {
  const path = '/serverapi/apiv1/identity-check/onfidowh';
  assert.equal((await world.call('POST', path, { body: '{}' })).status, 404);
  assert.equal((await world.call('POST', `${path}/three`, { body: '{}' })).status, 404);
});
