/** The provider's webhook: found, made, corrected, or given by the operator. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call } from '../support/call.js';
import { secrets } from '../support/installation.js';
import { newPhone, verify } from '../support/verify.js';
import { startWorld, type World } from '../support/world.js';

interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly token: string;
  readonly enabled: boolean;
  readonly events: readonly string[];
}

const hour = 3_600_000;
const path = '/serverapi/apiv1/identity-check/onfidowh/1';
const writes = ['POST', 'PUT', 'DELETE', 'PATCH'];

function webhooksOf(world: World): Webhook[] {
  return world.onfido.state().webhooks as Webhook[];
}

function webhookCalls(world: World, methods: readonly string[]): string[] {
  return world.onfido.calls
    .filter(each => each.path.startsWith('/webhooks') && methods.includes(each.method))
    .map(each => each.method);
}

function atOnfido(world: World, method: string, below: string, body?: object) {
  const headers = { authorization: `Token token=${secrets.ONFIDO_API_TOKEN}` };
  return call({ origin: world.onfido.origin }, method, `/v3.6${below}`, { headers, body });
}

test('the first start makes one webhook, named for installation and organization; a restart makes none', async t => {
  const world = await startWorld(t);
  const [made, ...more] = webhooksOf(world);
  assert.equal(more.length, 0);
  assert.equal(made?.url, `https://kyc.example.net:7743${path}`);
  assert.match(made?.name ?? '', /^gatehouse:inst_[^:]+:1$/);
  assert.deepEqual([...(made?.events ?? [])].sort(), [
    'check.completed',
    'check.reopened',
    'check.withdrawn',
    'workflow_run.completed',
  ]);
  await world.restart();
  await world.settle();
  assert.deepEqual(webhookCalls(world, writes), ['POST']);
  const id = await verify(world, { phone: newPhone() });
  assert.equal(world.identityStatus(id), 'registered');
});

test('what was changed at the provider is corrected within hours; webhooks of others are left alone', async t => {
  const world = await startWorld(t);
  const [ours] = webhooksOf(world);
  const other = await atOnfido(world, 'POST', '/webhooks', { url: 'https://cas.example.org/server' });
  assert.equal(other.status, 201);
  const otherBefore = JSON.stringify(other.json());
  await atOnfido(world, 'PUT', `/webhooks/${ours?.id}`, { enabled: false, url: 'https://elsewhere.example' });
  await world.pass(6 * hour + 60_000);
  const after = webhooksOf(world);
  assert.equal(after.length, 2);
  const corrected = after.find(({ id }) => id === ours?.id);
  assert.deepEqual([corrected?.enabled, corrected?.url], [true, `https://kyc.example.net:7743${path}`]);
  assert.equal(JSON.stringify(after.find(({ id }) => id !== ours?.id)), otherBefore);
});

test('a webhook deleted at the provider is made again at the next start, and its new secret counts', async t => {
  const world = await startWorld(t);
  const [ours] = webhooksOf(world);
  await atOnfido(world, 'DELETE', `/webhooks/${ours?.id}`);
  await world.restart();
  await world.settle();
  const [again] = webhooksOf(world);
  assert.notEqual(again?.token, ours?.token);
  const raw = Buffer.from('{"payload":{}}');
  const post = (token: string) =>
    world.call('POST', path, {
      body: raw,
      headers: { 'x-sha2-signature': world.onfido.sign(raw, token) },
    });
  assert.equal((await post(again?.token ?? '')).status, 200);
  assert.equal((await post(ours?.token ?? '')).status, 401);
});

test('as long as no secret is known a delivery is answered 503, so that the provider sends it again', async t => {
  const world = await startWorld(t, { asleep: true });
  world.onfido.fail({ kind: 'status', status: 500, path: '/webhooks', times: 3 });
  await world.restart();
  await world.settle();
  const raw = Buffer.from('{"payload":{}}');
  const headers = { 'x-sha2-signature': world.onfido.sign(raw, 'whatever') };
  const early = await world.call('POST', path, { body: raw, headers });
  assert.deepEqual([early.status, early.text], [503, '']);
  assert.ok(Number(early.headers['retry-after']) > 0);
  await world.pass(60_000);
  assert.equal(webhooksOf(world).length, 1);
  assert.equal((await world.call('POST', path, { body: raw, headers })).status, 401);
});

test('a start does not wait for the provider, nor does a registration', async t => {
  const world = await startWorld(t, { asleep: true });
  world.onfido.fail({ kind: 'cut', times: 1000 });
  await world.restart();
  const kiosk = await world.addKiosk('Lobby');
  const phone = newPhone();
  const { status } = await kiosk.register({ phone });
  assert.equal(status, 'created');
  await world.settle();
  assert.equal(world.texts(phone).length, 1, 'the link is texted although the provider is down');
  const customer = world.customer(world.textedLink(phone));
  world.onfido.clearFaults();
  await customer.goThrough();
  // there was no webhook yet when the check completed
  await world.pass(11 * 60_000);
  assert.equal((await kiosk.lookup(phone)).status, 'registered');
});

test('with a secret given by the operator nothing is written at the provider’s webhooks, not even read', async t => {
  const world = await startWorld(t, {
    organizations: [
      { onfido: { webhookTokens: [{ secret: 'ONFIDO_WEBHOOK_TOKEN' }, { secret: 'OLD_TOKEN' }] } },
    ],
    secrets: { ONFIDO_WEBHOOK_TOKEN: 'given-by-the-operator-0001', OLD_TOKEN: 'given-by-the-operator-0000' },
  });
  await world.pass(hour / 2);
  assert.deepEqual(webhookCalls(world, [...writes, 'GET']), []);
  const raw = Buffer.from('{"payload":{}}');
  for (const [token, status] of [
    ['given-by-the-operator-0001', 200],
    ['given-by-the-operator-0000', 200],
    ['given-by-the-operator-0002', 401],
  ] as const) {
    const headers = { 'x-sha2-signature': world.onfido.sign(raw, token) };
    assert.equal((await world.call('POST', path, { body: raw, headers })).status, status);
  }
});

test('a lost answer to the making of the webhook leaves one webhook', async t => {
  const world = await startWorld(t, { asleep: true });
  world.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/webhooks' });
  await world.restart();
  await world.pass(60_000);
  assert.equal(webhooksOf(world).length, 1);
  const kiosk = await world.addKiosk('Lobby');
  const id = await verify(world, { phone: newPhone(), kiosk });
  assert.equal(world.identityStatus(id), 'registered');
});

test('a webhook that the provider refuses is told once and tried again a day later, not at every look', async t => {
  const world = await startWorld(t, { asleep: true });
  world.onfido.fail({ kind: 'status', status: 422, method: 'POST', path: '/webhooks', times: 1000 });
  await world.restart();
  await world.pass(20 * hour);
  assert.deepEqual(webhookCalls(world, writes), ['POST']);
  await world.pass(5 * hour);
  assert.deepEqual(webhookCalls(world, writes), ['POST', 'POST']);
});

test('jobs that are done are forgotten after a week, also by a box that is restarted every night', async t => {
  const world = await startWorld(t);
  await verify(world, { phone: newPhone() });
  const done = () =>
    world.gateway.store.main.raw
      .prepare("SELECT count(*) FROM jobs WHERE state = 'done' AND kind = 'read'")
      .pluck()
      .get();
  assert.notEqual(done(), 0);
  for (let day = 0; day < 8; day++) {
    await world.stop();
    world.clock.advance(24 * hour);
    await world.restart();
  }
  await world.pass(6 * 60_000);
  assert.equal(done(), 0);
});

test('strangers do not have a refused webhook tried more often', async t => {
  const world = await startWorld(t, { asleep: true });
  world.onfido.fail({ kind: 'status', status: 422, method: 'POST', path: '/webhooks', times: 1000 });
  await world.restart();
  await world.settle();
  for (let i = 0; i < 6; i++) {
    await world.pass(11 * 60_000);
    assert.equal((await world.call('POST', path, { body: '{}' })).status, 401);
  }
  await world.settle();
  assert.deepEqual(webhookCalls(world, writes), ['POST']);
  const { main } = world.gateway.store;
  const alerts = main.raw.prepare("SELECT count(*) FROM alerts WHERE code = 'job_given_up'").pluck();
  assert.equal(alerts.get(), 1);
});

test('a webhook that was refused before the clock was set back is tried again', async t => {
  const world = await startWorld(t, { asleep: true });
  world.onfido.fail({ kind: 'status', status: 422, method: 'POST', path: '/webhooks' });
  await world.restart();
  await world.settle();
  assert.equal(webhooksOf(world).length, 0);
  world.clock.setBack(100 * 24 * hour);
  await world.pass(hour);
  assert.equal(webhooksOf(world).length, 1);
});
