import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { alertsAbout, announced, deliveries, unfinishedJobs } from '../support/records.js';
import { capture, kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const minute = 60_000;
let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends);
});

async function arrive(phone = newPhone()) {
  const { id, expiresAt } = await world.kiosk.register({ phone });
  await world.settle();
  const customer = world.customer(world.textedLink(phone));
  return { id, phone, expiresAt, customer };
}

function checksOf(id: string): unknown[] {
  const applicant = world.stored(id).row.applicant_ref;
  const all = world.onfido.state().checks as { wire: { applicant_id: string } }[];
  return all.filter(({ wire }) => wire.applicant_id === applicant);
}

test('a link nobody uses runs out after 90 minutes, is told to the customer, and may be asked for again', async () => {
  const { id, phone, customer, expiresAt } = await arrive();
  assert.equal(Date.parse(expiresAt) - world.stored(id).row.created_at, 90 * minute);
  await world.pass(89 * minute);
  assert.equal((await customer.standing()).page, 'welcome');
  await world.pass(2 * minute);
  const { registration } = world.stored(id);
  assert.deepEqual([registration.status, registration.result], ['expired', 'EXPIRED']);
  assert.equal(world.identityStatus(id), 'pending');
  assert.deepEqual(kindsTo(world, phone), ['link', 'expired']);
  assert.equal((await customer.standing()).page, 'expired');
  assert.equal((await customer.session()).status, 410);
  assert.deepEqual(announced(world, id), ['created', 'link_sent', 'expired']);
  const again = await world.kiosk.register({ phone });
  assert.notEqual(again.id, id);
});

test('photos found at the deadline are checked instead of expiring', async () => {
  const { id, phone, customer } = await arrive();
  await customer.start();
  await customer.session();
  // the browser went away between the capture and the submit, and the sweep of uploads fails at the provider
  await world.pass(80 * minute);
  customer.upload();
  world.onfido.fail({ kind: 'status', status: 500, path: '/documents', times: 3 });
  await world.pass(15 * minute);
  assert.equal(world.stored(id).registration.result, 'CLEAR');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('a registration whose uploads cannot be looked for at the deadline does not expire before they were', async () => {
  const { id, customer } = await arrive();
  await customer.start();
  await customer.session();
  await world.pass(85 * minute);
  world.onfido.fail({ kind: 'status', status: 503, path: '/documents', times: 4 });
  await world.pass(5 * minute + 1_000);
  assert.equal(world.stored(id).registration.status, 'opened');
  await world.pass(10 * minute);
  assert.equal(world.stored(id).registration.result, 'EXPIRED');
});

test('the sweep makes the check when the browser never says that it is done', async () => {
  const { id, phone, customer } = await arrive();
  await customer.start();
  await customer.session();
  await world.pass(5 * minute);
  customer.upload();
  await world.pass(4 * minute);
  assert.equal(world.stored(id).registration.status, 'opened');
  await world.pass(2 * minute);
  assert.equal(world.identityStatus(id), 'registered');
  assert.equal(checksOf(id).length, 1);
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('a late submit after the sweep makes no second check', async () => {
  const { id, customer } = await arrive();
  await customer.start();
  await customer.session();
  customer.upload();
  await world.pass(11 * minute);
  assert.equal((await customer.submit()).status, 204);
  await world.pass(2 * minute);
  assert.equal(checksOf(id).length, 1);
});

test('a resend starts the time of the link anew, and the old deadline finds nothing to do', async () => {
  const { id, customer } = await arrive();
  await world.pass(60 * minute);
  const resent = await world.kiosk.post(`/api/v1/registrations/${id}/resend`);
  assert.equal(resent.status, 200);
  await world.pass(60 * minute);
  assert.equal((await customer.standing()).page, 'welcome');
  await world.pass(31 * minute);
  assert.equal(world.stored(id).registration.result, 'EXPIRED');
});

test('a lost webhook is found by asking, and every lost delivery of it again', async () => {
  world.onfido.failDelivery({ kind: 'lost', action: 'check.completed' });
  const phone = newPhone();
  const id = await verify(world, { phone });
  assert.equal(world.stored(id).registration.status, 'submitted');
  await world.pass(11 * minute);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('a check that takes hours is asked about ever more rarely and still registers its customer', async t => {
  const slow = await startWorld(t, { onfido: { autoComplete: false } });
  const phone = newPhone();
  const { id } = await slow.kiosk.register({ phone });
  await slow.pass(1_333);
  await slow.customer(slow.textedLink(phone)).goThrough();
  await slow.settle();
  const checkRef = slow.stored(id).checks[0]?.check_ref ?? '';
  await slow.pass(3 * 60 * minute + 777);
  assert.equal(slow.stored(id).registration.status, 'submitted');
  const asked = slow.onfido.calls.filter(({ path }) => path === `/checks/${checkRef}`).map(({ at }) => at);
  const pauses = asked.slice(1).map((at, place) => at - (asked[place] ?? 0));
  assert.ok(asked.length >= 5 && asked.length <= 10, `asked ${asked.length} times`);
  assert.ok(
    pauses.every((pause, place) => place === 0 || pause >= (pauses[place - 1] ?? 0)),
    String(pauses),
  );
  slow.onfido.failDelivery({ kind: 'lost', times: 10 });
  slow.onfido.complete(checkRef);
  await slow.pass(3 * 60 * minute);
  assert.equal(slow.identityStatus(id), 'registered');
});

test('EXPIRED is not final for a provider’s later word, and nobody is told twice what is no longer so', async () => {
  const { id, phone, customer } = await arrive();
  await customer.start();
  await customer.session();
  await world.pass(91 * minute);
  assert.equal(world.stored(id).registration.result, 'EXPIRED');
  const applicant = world.stored(id).row.applicant_ref ?? '';
  world.onfido.upload(applicant);
  const { status } = await world.call('GET', `/serverapi/apiv1/identity-check/submit/${applicant}`);
  assert.equal(status, 204);
  await world.pass(2 * minute);
  assert.equal(world.stored(id).registration.result, 'EXPIRED', 'a hint does not open a closed link');
  assert.deepEqual(kindsTo(world, phone), ['link', 'expired']);
});

test('duplicated and reordered deliveries add no row, no text and no other end', async () => {
  const phone = newPhone();
  const rows = deliveries(world).length;
  world.onfido.failDelivery({ kind: 'duplicated', action: 'check.completed' });
  const id = await verify(world, { phone });
  assert.equal(world.identityStatus(id), 'registered');
  assert.equal(deliveries(world).length, rows + 1);
  assert.equal(deliveries(world).at(-1)?.times, 2);
  const checkRef = world.stored(id).checks[0]?.check_ref ?? '';
  const reads = () => world.onfido.count('GET', `/checks/${checkRef}`);
  const before = reads();
  for (let count = 0; count < 3; count += 1) world.onfido.announce(checkRef);
  await world.pass(10_000);
  assert.equal(reads(), before, 'a repetition about a decided check asks nothing');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('deliveries that overtake each other end in the same state as in their order', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone });
  const checkRef = world.stored(id).checks[0]?.check_ref ?? '';
  await world.pass(1_000);
  world.onfido.failDelivery({ kind: 'reordered', action: 'check.reopened', ms: 60_000 });
  world.onfido.reopen(checkRef);
  await world.pass(1_000);
  world.onfido.complete(checkRef);
  await world.pass(2_000);
  const told = world.onfido.deliveries.filter(({ body }) => body.includes(checkRef)).slice(-2);
  assert.deepEqual(
    told.map(({ action }) => action),
    ['check.completed', 'check.reopened'],
  );
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('a delivery that overtakes the answer to the check’s making belongs to nobody yet and is found', async () => {
  const phone = newPhone();
  // the check is made, the answer to its making is lost, and it completes before it is asked for again
  world.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/checks' });
  const id = await capture(world, { phone });
  await world.pass(5 * minute);
  assert.equal(world.identityStatus(id), 'registered');
  assert.equal(checksOf(id).length, 1);
  assert.deepEqual(alertsAbout(world, id), []);
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('a check that its delivery made known uses up its pictures like any other: the next is made of new ones', async t => {
  const own = await startWorld(t, { organizations: [{ policy: { resubmissions: 1 } }] });
  const phone = newPhone();
  own.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/checks' });
  const id = await capture(own, { phone, outcome: 'rejected-image-integrity' });
  const customer = own.customer(own.textedLink(phone));
  // the verdict is there, and the job that made the check has not tried again yet
  await own.pass(600);
  assert.ok(unfinishedJobs(own).includes('submit ready'));
  const made = () => own.onfido.count('POST', '/checks');
  await customer.start();
  await customer.session();
  await customer.submit();
  await own.pass(12 * minute);
  assert.equal(made(), 1);
  const { registration, row } = own.stored(id);
  assert.deepEqual([registration.result, registration.checks.length], ['RESUBMISSION_REQUESTED', 2]);
  own.onfido.decide(row.applicant_ref ?? '', 'clear');
  customer.upload();
  await customer.submit();
  await own.pass(2_000);
  assert.equal(made(), 2);
  assert.equal(own.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(own, phone), ['link', 'resubmission', 'registered']);
});

test('of two readings the later one counts, also when the clock was set back in between', async t => {
  const own = await startWorld(t);
  const phone = newPhone();
  const id = await verify(own, { phone });
  const ref = own.stored(id).checks[0]?.check_ref ?? '';
  assert.equal(own.identityStatus(id), 'registered');
  own.clock.setBack(120 * minute);
  own.onfido.decide(ref, 'suspected-compromised-document');
  own.onfido.reopen(ref);
  await own.settle();
  assert.equal(own.identityStatus(id), 'awaiting_registration');
  own.onfido.complete(ref);
  await own.settle();
  assert.equal(own.identityStatus(id), 'rejected');
});

test('a customer who taps while the provider is down does not use up the attempts', async t => {
  const own = await startWorld(t);
  own.onfido.fail({ kind: 'status', status: 503, method: 'POST', path: '/applicants', times: 1000 });
  const phone = newPhone();
  const { id } = await own.kiosk.register({ phone });
  await own.settle();
  const customer = own.customer(own.textedLink(phone));
  await customer.start();
  for (let tap = 0; tap < 60; tap++) {
    await customer.session();
    await own.pass(2_000);
  }
  assert.equal(own.stored(id).registration.status, 'opened');
  own.onfido.clearFaults();
  assert.equal((await customer.session()).status, 200);
});

test('after the clock was set back, what was put off by a minute is not put off for as long', async t => {
  const own = await startWorld(t);
  own.onfido.fail({ kind: 'status', status: 503, method: 'POST', path: '/applicants', times: 2 });
  const phone = newPhone();
  const { id } = await own.kiosk.register({ phone });
  await own.settle();
  own.clock.setBack(30 * 24 * 60 * minute);
  await own.pass(3 * minute);
  assert.notEqual(own.stored(id).row.applicant_ref, null);
  assert.ok(own.log.messages().some(message => message.startsWith('the clock was set back')));
});

test('a clock that was set back while nobody was there has nothing put off for as long, and no gap missed', async t => {
  const own = await startWorld(t, { onfido: { webhookRetryDelays: [], completeAfterMs: minute } });
  const done = await capture(own, { phone: newPhone() });
  own.onfido.fail({ kind: 'status', status: 503, method: 'POST', path: '/applicants', times: 2 });
  const { id } = await own.kiosk.register({ phone: newPhone() });
  await own.settle();
  await own.stop();
  await own.pass(2 * minute);
  own.clock.setBack(30 * 24 * 60 * minute);
  await own.restart();
  await own.pass(3 * minute);
  assert.notEqual(own.stored(id).row.applicant_ref, null);
  assert.equal(own.identityStatus(done), 'registered');
});

test('a deadline is kept by the clock, also after that was set back', async t => {
  const own = await startWorld(t);
  const { id } = await own.kiosk.register({ phone: newPhone() });
  await own.settle();
  own.clock.setBack(30 * minute);
  await own.pass(100 * minute);
  assert.equal(own.stored(id).registration.status, 'link_sent');
  await own.pass(25 * minute);
  assert.equal(own.stored(id).registration.status, 'expired');
});
