/** People decide; the provider changes its mind; checks appear that nobody here made. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { call } from '../support/call.js';
import { secrets } from '../support/installation.js';
import { alertsAbout, deliveries, openCauses } from '../support/records.js';
import { checkedBySomebodyElse, kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends);
});

function checkOf(id: string): string {
  return world.stored(id).checks.at(-1)?.check_ref ?? '';
}

test('a person registers a waiting customer, who is told', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'caution' });
  world.decide(id, 'register');
  await world.settle();
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(openCauses(world, id), []);
  assert.deepEqual(kindsTo(world, phone), ['link', 'awaiting', 'registered']);
  const told = await world.kiosk.registration(id);
  assert.deepEqual([told.status, told.result], ['decided', 'CAUTION']);
});

test('a machine’s result after a person’s decision changes nothing but opens a case and alerts', async () => {
  for (const [action, status] of [
    ['register', 'registered'],
    ['reject', 'rejected'],
  ] as const) {
    const phone = newPhone();
    const id = await verify(world, { phone, outcome: 'caution' });
    world.decide(id, action);
    await world.settle();
    const told = kindsTo(world, phone);
    world.onfido.decide(checkOf(id), action === 'register' ? 'suspected' : 'clear');
    world.onfido.reopen(checkOf(id));
    await world.settle();
    world.onfido.complete(checkOf(id));
    await world.pass(2_000);
    assert.equal(world.identityStatus(id), status);
    assert.deepEqual(openCauses(world, id), ['after_person']);
    assert.ok(alertsAbout(world, id).includes('result_after_person'));
    assert.deepEqual(kindsTo(world, phone), told, 'nobody is texted again');
  }
});

test('a registered customer whose check is reopened waits for a person, and is registered when it is clear again', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone });
  world.onfido.reopen(checkOf(id));
  await world.settle();
  assert.equal(world.identityStatus(id), 'awaiting_registration');
  assert.deepEqual(openCauses(world, id), ['reopened']);
  assert.deepEqual(alertsAbout(world, id), ['registered_check_reopened']);
  assert.equal((await world.kiosk.lookup(phone)).status, 'awaiting_registration');
  await world.pass(1_000);
  world.onfido.complete(checkOf(id));
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(openCauses(world, id), []);
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('a registered customer whose check is withdrawn waits for a person', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone });
  world.onfido.withdraw(checkOf(id));
  await world.settle();
  assert.equal(world.identityStatus(id), 'awaiting_registration');
  assert.deepEqual(openCauses(world, id), ['reopened']);
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('a reopened check that turns out suspected takes the registration back', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone });
  world.onfido.decide(checkOf(id), 'suspected-compromised-document');
  world.onfido.reopen(checkOf(id));
  await world.settle();
  world.onfido.complete(checkOf(id));
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'rejected');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered', 'rejected']);
});

test('a refusal outlives a check that is reopened or withdrawn', async () => {
  for (const change of ['reopen', 'withdraw'] as const) {
    const id = await verify(world, { phone: newPhone(), outcome: 'suspected' });
    world.onfido[change](checkOf(id));
    await world.settle();
    assert.equal(world.identityStatus(id), 'rejected');
  }
});

test('a check that somebody else made for a customer of ours decides nothing, and the operator is told', async () => {
  const phone = newPhone();
  const { id } = await checkedBySomebodyElse(world, phone);
  await world.pass(5_000);
  assert.equal(world.stored(id).registration.status, 'link_sent');
  assert.equal(world.identityStatus(id), 'pending');
  assert.deepEqual(alertsAbout(world, id), ['foreign_check']);
  assert.deepEqual(kindsTo(world, phone), ['link']);
});

test('a check for an applicant of somebody else leaves hash and ids, no body, and asks nothing more', async () => {
  const authorization = { authorization: `Token token=${secrets.ONFIDO_API_TOKEN}` };
  const onfido = { origin: world.onfido.origin };
  const applicant = await call(onfido, 'POST', '/v3.6/applicants', {
    headers: authorization,
    body: { first_name: 'Someone', last_name: 'Else', location: { country_of_residence: 'CZE' } },
  });
  const { id } = applicant.json<{ id: string }>();
  world.onfido.upload(id);
  const check = await call(onfido, 'POST', '/v3.6/checks', {
    headers: authorization,
    body: { applicant_id: id, report_names: ['document', 'facial_similarity_photo'] },
  });
  await world.pass(5_000);
  const kept = deliveries(world).filter(({ checkRef }) => checkRef === check.json<{ id: string }>().id);
  assert.equal(kept.length, 1);
  assert.deepEqual([kept[0]?.outcome, kept[0]?.hasBody], ['foreign', false]);
});

test('a person lets a suspected customer start over', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'suspected' });
  assert.equal((await world.kiosk.post('/api/v1/registrations', { phone })).status, 409);
  world.decide(id, 'again');
  await world.settle();
  assert.equal(world.identityStatus(id), 'unknown');
  const again = await verify(world, { phone });
  assert.notEqual(again, id);
  assert.equal(world.identityStatus(again), 'registered');
});

test('fraud found late in an older registration makes whoever a machine had registered wait for a person', async () => {
  const phone = newPhone();
  const older = await verify(world, { phone, outcome: 'rejected' });
  const newer = await verify(world, { phone });
  assert.equal(world.identityStatus(newer), 'registered');
  world.onfido.decide(checkOf(older), 'suspected');
  world.onfido.complete(checkOf(older));
  await world.pass(2_000);
  assert.equal(world.identityStatus(newer), 'awaiting_registration');
  assert.deepEqual(alertsAbout(world, older), ['older_registration_suspected']);
  assert.deepEqual(openCauses(world, newer), ['older_registration']);
  assert.deepEqual(kindsTo(world, phone), ['link', 'rejected_retry', 'link', 'registered', 'awaiting']);
  assert.equal((await world.kiosk.lookup(phone)).status, 'awaiting_registration');
  world.decide(newer, 'register');
  await world.settle();
  assert.equal(world.identityStatus(newer), 'registered');
  assert.deepEqual(openCauses(world, newer), []);
});

test('the same when the fraud is found first, and when it is no fraud after all', async () => {
  const phone = newPhone();
  const older = await verify(world, { phone, outcome: 'rejected' });
  const { id: newer } = await world.kiosk.register({ phone });
  world.onfido.decide(checkOf(older), 'suspected');
  world.onfido.complete(checkOf(older));
  await world.pass(2_000);
  assert.equal(world.identityStatus(newer), 'rejected');
  await world.customer(world.textedLink(phone)).goThrough();
  await world.pass(2_000);
  assert.equal(world.identityStatus(newer), 'awaiting_registration');
  assert.deepEqual(openCauses(world, newer), ['older_registration']);
  assert.deepEqual(alertsAbout(world, newer), ['older_registration_suspected']);
  world.onfido.decide(checkOf(older), 'rejected');
  world.onfido.complete(checkOf(older));
  await world.pass(2_000);
  assert.equal(world.identityStatus(newer), 'registered');
  assert.deepEqual(openCauses(world, newer), []);
});

test('fraud found late in an older registration moves nobody whom a person registered, but opens a case', async () => {
  const phone = newPhone();
  const older = await verify(world, { phone, outcome: 'rejected' });
  const newer = await verify(world, { phone, outcome: 'caution' });
  world.decide(newer, 'register');
  await world.settle();
  world.onfido.decide(checkOf(older), 'suspected');
  world.onfido.complete(checkOf(older));
  await world.pass(2_000);
  assert.equal(world.identityStatus(newer), 'registered');
  assert.deepEqual(openCauses(world, newer), ['older_registration']);
  assert.deepEqual(alertsAbout(world, older), ['older_registration_suspected']);
});

test('once a person lets the customer start over, what came before holds nobody back', async () => {
  const phone = newPhone();
  const older = await verify(world, { phone, outcome: 'rejected' });
  const newer = await verify(world, { phone });
  world.onfido.decide(checkOf(older), 'suspected');
  world.onfido.complete(checkOf(older));
  await world.pass(2_000);
  world.decide(newer, 'again');
  // a number gets five texts a day
  await world.pass(25 * 3_600_000);
  const last = await verify(world, { phone });
  assert.equal(world.identityStatus(last), 'registered');
});

test('fraud that is found after a person let the customer start over was not cleared by that', async () => {
  const phone = newPhone();
  const older = await verify(world, { phone, outcome: 'rejected' });
  const newer = await verify(world, { phone, outcome: 'caution' });
  world.decide(newer, 'again');
  await world.pass(2_000);
  world.onfido.decide(checkOf(older), 'suspected');
  world.onfido.reopen(checkOf(older));
  await world.settle();
  world.onfido.complete(checkOf(older));
  await world.pass(25 * 3_600_000);
  assert.ok(alertsAbout(world, older).includes('older_registration_suspected'));
  const refused = await world.kiosk.post('/api/v1/registrations', { phone });
  assert.equal(refused.status, 409);
});
