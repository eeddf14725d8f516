/** Answers are lost and the gateway is restarted, at any time: still everything happens once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertsAbout } from '../support/records.js';
import { newPhone, verify } from '../support/verify.js';
import { startWorld } from '../support/world.js';
import { assertRegisteredOnce, capture, doomed, kratosIdentityId, register } from './once.js';

const minute = 60_000;

const lostAnswers = [
  ['the applicant’s making', 'onfido', 'POST', '/applicants'],
  ['the check’s making', 'onfido', 'POST', '/checks'],
  ['the webhook’s making', 'onfido', 'POST', '/webhooks'],
  ['the first text', 'twilio', 'POST', '/2010-04-01/Accounts/*/Messages.json'],
  ['what is written to Kratos', 'kratos', 'PATCH', '/admin/identities/*'],
] as const;

for (const [what, vendor, method, path] of lostAnswers)
  test(`dying while the answer to ${what} is lost`, async t => {
    const world = await startWorld(t, { kratos: {}, asleep: true });
    world.kratos.createIdentity({ email: 'someone@example.net' }, { id: kratosIdentityId });
    world[vendor].fail({ kind: 'cut-after', method, path });
    await world.restart();
    await world.settle();
    const kiosk = await world.addKiosk('Lobby');
    const phone = newPhone();
    const { id } = await kiosk.register({ phone, kratosIdentityId });
    await world.settle();
    await world.restart();
    await world.pass(30_000);
    await capture({ world, phone, id }, true);
    await world.pass(12 * minute);
    assertRegisteredOnce({ world, phone, id });
  });

test('a restart after every single step', async t => {
  const world = await doomed(t, null);
  const again = async () => {
    await world.restart();
    await world.settle();
  };
  const phone = newPhone();
  const kiosk = await world.addKiosk('Lobby');
  const { id } = await kiosk.register({ phone, kratosIdentityId });
  // at once: nothing of what follows from it was done yet
  await again();
  const customer = world.customer(world.textedLink(phone));
  for (const step of [
    () => customer.get(),
    () => customer.start(),
    () => customer.get('/capture'),
    () => customer.session(),
    async () => customer.upload(),
    () => customer.submit(),
  ]) {
    await step();
    await again();
  }
  await world.pass(1_000);
  await again();
  await world.pass(minute);
  assertRegisteredOnce({ world, phone, id });
});

test('a delivery that was acknowledged is worked off after a restart, whatever else was', async t => {
  const world = await doomed(t, { kind: 'read', when: 'before' });
  const made = await register(world);
  await capture(made, true);
  const read = world.crashes.hung();
  world.clock.advance(1_000);
  await read;
  await world.onfido.settled();
  assert.ok(
    world.onfido.deliveries.some(({ action, status }) => action === 'check.completed' && status === 200),
  );
  await world.restart();
  await world.settle();
  assert.equal(world.identityStatus(made.id), 'registered');
});

test('an alert that was made just before the gateway ended is logged by the next one', async t => {
  const world = await startWorld(t);
  const id = await verify(world, { phone: newPhone(), outcome: 'unknown-withdrawn-report' });
  assert.deepEqual(alertsAbout(world, id), ['result_unknown']);
  assert.doesNotMatch(world.log.text(), /result_unknown/);
  await world.restart();
  await world.pass(minute);
  assert.equal(world.log.text().split('"result_unknown"').length - 1, 1);
  await world.restart();
  await world.pass(minute);
  assert.equal(world.log.text().split('"result_unknown"').length - 1, 1);
});
