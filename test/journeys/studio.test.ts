import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Result } from '../../src/domain/results.js';
import type { OutcomeName } from '../../src/simulators/onfido/index.js';
import type { Kiosk } from '../support/kiosk.js';
import { announced, deliveries } from '../support/records.js';
import { capture, kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const workflowId = 'c0ffee00-0000-4000-8000-0000000000aa';
let world: World;
let trusting: Kiosk;
const ends = endsOfFile();

before(async () => {
  const studio = { mode: 'studio', workflowId, apiToken: { secret: 'ONFIDO_API_TOKEN' } };
  world = await startWorld(ends, {
    organizations: [{ onfido: studio }, { id: 'trusting', onfido: { ...studio, trustApproved: true } }],
  });
  trusting = await world.addKiosk('Lobby', 'trusting');
});

const rows: readonly [OutcomeName, Result, string, string][] = [
  ['studio-approved', 'CLEAR', 'registered', 'registered'],
  ['studio-approved-in-tasks', 'CLEAR', 'registered', 'registered'],
  ['studio-approved-unread', 'CAUTION', 'awaiting_registration', 'awaiting'],
  ['studio-approved-with-concern', 'CAUTION', 'awaiting_registration', 'awaiting'],
  ['studio-declined', 'SUSPECTED_VISUAL_CONSISTENCY', 'rejected', 'rejected'],
  ['studio-declined-clear', 'REJECTED', 'rejected', 'rejected_retry'],
  ['studio-review', 'CAUTION_DATA_COMPARISON', 'awaiting_registration', 'awaiting'],
  ['studio-error', 'UNKNOWN', 'awaiting_registration', 'awaiting'],
];

for (const [outcome, result, identity, text] of rows) {
  test(`${outcome}: ${result} makes the identity ${identity}`, async () => {
    const phone = newPhone();
    const id = await verify(world, { phone, outcome });
    const { registration } = world.stored(id);
    assert.deepEqual([registration.result, world.identityStatus(id)], [result, identity]);
    assert.deepEqual(kindsTo(world, phone), ['link', text]);
  });
}

test('a run that the customer abandons is EXPIRED and leaves the identity as it was', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'studio-abandoned' });
  assert.equal(world.stored(id).registration.result, 'EXPIRED');
  assert.equal(world.identityStatus(id), 'pending');
  assert.deepEqual(kindsTo(world, phone), ['link', 'expired']);
});

test('an approval without a report is CLEAR only where the operator insists', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'studio-approved-unread', kiosk: trusting });
  assert.equal(world.stored(id).registration.result, 'CLEAR');
  const other = newPhone();
  const concern = await verify(world, {
    phone: other,
    outcome: 'studio-approved-with-concern',
    kiosk: trusting,
  });
  assert.equal(world.stored(concern).registration.result, 'CAUTION');
});

test('a customer who reloads the page goes on with the same run', async () => {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  const customer = world.customer(world.textedLink(phone));
  await customer.start();
  const runs = world.onfido.count('POST', '/workflow_runs');
  const first = (await customer.session()).json<{ workflowRunId: string }>();
  const second = (await customer.session()).json<{ workflowRunId: string }>();
  assert.ok(first.workflowRunId);
  assert.equal(first.workflowRunId, second.workflowRunId);
  assert.equal(world.onfido.count('POST', '/workflow_runs'), runs + 1);
  customer.upload();
  await customer.submit();
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
});

test('a run is opened at the first session only, and its webhook alone brings the verdict', async () => {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  assert.equal(world.stored(id).checks[0]?.check_ref, null);
  const customer = world.customer(world.textedLink(phone));
  await customer.start();
  await customer.session();
  assert.notEqual(world.stored(id).checks[0]?.check_ref, null);
  assert.equal(world.stored(id).registration.status, 'opened');
  customer.upload();
  // the page never says that it is done
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(announced(world, id), ['created', 'link_sent', 'opened', 'decided']);
});

/** A new customer at the capture, for whom the provider has opened a run. */
async function atCapture() {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  const customer = world.customer(world.textedLink(phone));
  await customer.start();
  await customer.session();
  return { id, phone, customer };
}

test('a run whose webhook is lost and whose page says nothing is found by the sweep', async () => {
  const { id, phone, customer } = await atCapture();
  world.onfido.failDelivery({ kind: 'lost', action: 'workflow_run.completed', times: 2 });
  customer.upload();
  await world.pass(25 * 60_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('a run of an unfinished capture is left alone until the link runs out', async () => {
  const { id } = await atCapture();
  await world.pass(91 * 60_000);
  assert.equal(world.stored(id).registration.result, 'EXPIRED');
});

test('EXPIRED is not final: a customer who finishes at the provider after all is registered, and told', async () => {
  const { id, phone, customer } = await atCapture();
  await world.pass(91 * 60_000);
  assert.equal(world.stored(id).registration.result, 'EXPIRED');
  customer.upload();
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.equal((await customer.standing()).page, 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'expired', 'registered']);
});

test('what a run’s tasks report on the way is kept and decides nothing', async () => {
  await capture(world, { phone: newPhone() });
  const before = deliveries(world).length;
  await world.pass(2_000);
  const came = deliveries(world).slice(before);
  assert.deepEqual([...new Set(came.map(({ action }) => action))], ['workflow_run.completed']);
});
