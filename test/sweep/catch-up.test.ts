/** After a gap: what providers said while nobody was there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capture, newPhone } from '../support/verify.js';
import { startWorld } from '../support/world.js';

const minute = 60_000;
/** Looking by itself comes late enough to see what the catching up does. */
const settings = { times: { silence: '1h' } };
const onfido = { webhookRetryDelays: [], completeAfterMs: minute };

test('after an outage the provider is asked to send again, in one call, what it said meanwhile', async t => {
  const world = await startWorld(t, { onfido, settings });
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push(await capture(world, { phone: newPhone() }));
  await world.stop();
  await world.pass(15 * minute);
  const reads = () => world.onfido.calls.filter(({ path }) => path.startsWith('/checks/')).length;
  const before = reads();
  await world.restart();
  await world.settle();
  const resent = world.onfido.calls.filter(({ path }) => path === '/webhooks/resend');
  assert.equal(resent.length, 1);
  for (const id of ids) assert.equal(world.identityStatus(id), 'registered');
  await world.pass(90 * minute);
  assert.equal(reads(), before + ids.length, 'each was read once');
});

test('a provider that refuses to send again is asked check by check', async t => {
  const world = await startWorld(t, { onfido, settings });
  const done = await capture(world, { phone: newPhone() });
  await world.stop();
  await world.pass(15 * minute);
  world.onfido.fail({ kind: 'status', status: 422, path: '/webhooks/resend' });
  await world.restart();
  await world.settle();
  assert.equal(world.stored(done).registration.status, 'submitted');
  await world.pass(minute);
  assert.equal(world.identityStatus(done), 'registered');
});

test('workflow runs, which nobody sends again, are asked for', async t => {
  const workflow = { mode: 'studio', workflowId: '11111111-2222-4333-8444-555555555555' };
  const world = await startWorld(t, { onfido, settings, organizations: [{ onfido: workflow }] });
  const id = await capture(world, { phone: newPhone() });
  await world.stop();
  await world.pass(15 * minute);
  await world.restart();
  await world.pass(2 * minute);
  assert.equal(world.onfido.count('POST', '/webhooks/resend'), 0);
  assert.equal(world.identityStatus(id), 'registered');
});

test('a short restart asks for nothing', async t => {
  const world = await startWorld(t, { onfido });
  await capture(world, { phone: newPhone() });
  await world.stop();
  world.clock.advance(minute / 2);
  await world.restart();
  await world.settle();
  assert.equal(world.onfido.count('POST', '/webhooks/resend'), 0);
});

test('a provider that was out of reach for long is asked again once it answers, and the operator was told', async t => {
  const world = await startWorld(t, { onfido: { ...onfido, autoComplete: false } });
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push(await capture(world, { phone: newPhone() }));
  world.onfido.failDelivery({ kind: 'lost', times: 1000 });
  world.onfido.fail({ kind: 'status', status: 503, times: 100_000 });
  await world.pass(40 * minute);
  assert.ok(world.log.messages().some(message => message.startsWith('a receiver does not answer')));
  const alerts = () =>
    world.gateway.store.main.raw
      .prepare("SELECT count(*) FROM alerts WHERE code = 'receiver_closed'")
      .pluck()
      .get();
  assert.equal(alerts(), 1);
  world.onfido.clearFaults();
  for (const id of ids) world.onfido.complete(world.stored(id).checks[0]?.check_ref ?? '');
  await world.pass(10 * minute);
  assert.equal(world.onfido.count('POST', '/webhooks/resend') >= 1, true);
  for (const id of ids) assert.equal(world.identityStatus(id), 'registered');
  const closed = world.log.messages().filter(message => message.startsWith('a receiver does not answer'));
  assert.equal(closed.length, 1);
  assert.equal(alerts(), 1);
});
