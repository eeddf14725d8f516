/** What was lost is found: the sweep makes the job that is missing, and nothing else. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { waitingChecks } from '../../src/store/answers.js';
import { askForMirror } from '../../src/store/commit.js';
import { addNotice } from '../../src/store/notices.js';
import { reconcile } from '../../src/sweep/reconcile.js';
import { alertsAbout, openCauses, unfinishedJobs } from '../support/records.js';
import { capture, kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const minute = 60_000;
let world: World;
const ends = endsOfFile();

before(async () => {
  // deliveries are lost for good: nobody tries them twice
  world = await startWorld(ends, { onfido: { webhookRetryDelays: [], completeAfterMs: minute } });
});

function lose(sql: string): void {
  world.gateway.store.main.raw.exec(sql);
}

function look(organizations = ['1']): Readonly<Record<string, number>> {
  const { store } = world.gateway;
  return reconcile({ store, clock: world.clock, organizations, mirrors: true });
}

test('where nothing was lost nothing is found, before, during and after a customer’s way', async () => {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  assert.deepEqual(look(), {});
  const customer = world.customer(world.textedLink(phone));
  await customer.goThrough();
  await world.settle();
  assert.deepEqual(look(), {});
  await world.pass(2 * minute);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(look(), {});
});

test('a check whose delivery and whose job were both lost is asked for', async () => {
  world.onfido.failDelivery({ kind: 'lost', times: 1 });
  const id = await capture(world, { phone: newPhone() });
  lose("DELETE FROM jobs WHERE kind = 'read'");
  await world.pass(10 * minute);
  assert.equal(world.identityStatus(id), 'registered');
});

test('a job that was buried without a verdict is done after all', async () => {
  world.onfido.failDelivery({ kind: 'lost', times: 1 });
  const id = await capture(world, { phone: newPhone() });
  lose("UPDATE jobs SET state = 'dead', finished_at = 1 WHERE kind = 'read' AND state = 'ready'");
  await world.pass(10 * minute);
  assert.equal(world.identityStatus(id), 'registered');
});

test('a check that was reopened is asked for until it is complete again', async () => {
  const id = await verify(world, { phone: newPhone() });
  await world.pass(2 * minute);
  const { check_ref: ref } = world.stored(id).checks[0]!;
  world.onfido.reopen(ref!);
  await world.settle();
  assert.equal(world.identityStatus(id), 'awaiting_registration');
  lose("DELETE FROM jobs WHERE kind = 'read'");
  world.onfido.failDelivery({ kind: 'lost', times: 1 });
  world.onfido.decide(ref!, 'suspected');
  world.onfido.complete(ref!);
  await world.pass(10 * minute);
  assert.equal(world.identityStatus(id), 'rejected');
});

test('a registration whose deadline was lost still runs out, once', async () => {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  lose("DELETE FROM jobs WHERE kind = 'deadline'");
  assert.deepEqual(look(['2']), {}, 'nobody serves it there');
  assert.deepEqual(look(), { deadline: 1 });
  assert.deepEqual(look(), {});
  await world.pass(89 * minute);
  assert.equal(world.stored(id).registration.status, 'link_sent');
  await world.pass(2 * minute);
  assert.equal(world.stored(id).registration.status, 'expired');
  assert.deepEqual(kindsTo(world, phone), ['link', 'expired']);
});

test('an applicant nobody makes is made, and a text nobody sends is sent', async () => {
  const phone = newPhone();
  world.onfido.fail({ kind: 'cut', method: 'POST', path: '/applicants' });
  world.twilio.fail({ kind: 'status', status: 503, method: 'POST' });
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  lose("DELETE FROM jobs WHERE kind IN ('prepare', 'notice')");
  assert.equal(world.stored(id).row.applicant_ref, null);
  await world.pass(6 * minute);
  assert.notEqual(world.stored(id).row.applicant_ref, null);
  assert.deepEqual(kindsTo(world, phone), ['link']);
});

test('what was given up is left to people: the sweep does not start it anew', async () => {
  const { id } = await world.kiosk.register({ phone: newPhone() });
  await world.settle();
  const { main } = world.gateway.store;
  const { row } = world.stored(id);
  main.transaction(() => {
    addNotice(
      main,
      {
        id: 'ntc_given_up',
        registrationId: id,
        identityId: row.identity_id,
        organization: '1',
        kioskId: null,
        kind: 'awaiting',
        effectKey: `${id}:given up`,
      },
      world.clock.now(),
    );
    askForMirror(main, { ...row, kratos_identity_id: 'k' }, world.clock.now());
  });
  lose(`UPDATE registrations SET kratos_identity_id = 'k' WHERE id = '${id}'`);
  lose(
    "UPDATE jobs SET state = 'dead', finished_at = 1 WHERE key LIKE 'notice:ntc_given_up' OR kind = 'mirror'",
  );
  assert.deepEqual(look(), {});
  lose("DELETE FROM jobs WHERE state = 'dead'");
  assert.deepEqual(look(), { notice: 1, mirror: 1 });
});

test('the job that keeps the webhook is taken up again, whatever became of it', async () => {
  const lists = () => world.onfido.count('GET', '/webhooks');
  lose("UPDATE jobs SET state = 'dead', finished_at = 1 WHERE kind = 'webhook'");
  const before = lists();
  await world.pass(6 * minute);
  assert.equal(lists(), before + 1);
  assert.ok(unfinishedJobs(world).includes('webhook ready'));
});

test('deliveries that cannot be verified have the webhook checked, and a flood of them no more often', async () => {
  const lists = () => world.onfido.count('GET', '/webhooks');
  const forge = () =>
    world.call('POST', '/serverapi/apiv1/identity-check/onfidowh/1', {
      headers: { 'x-sha2-signature': '0'.repeat(64) },
      body: '{}',
    });
  await world.pass(11 * minute);
  const before = lists();
  for (let i = 0; i < 20; i++) assert.equal((await forge()).status, 401);
  await world.settle();
  assert.equal(lists(), before + 1);
  await world.pass(11 * minute);
  await forge();
  await world.settle();
  assert.equal(lists(), before + 2);
});

test('a check that was withdrawn before it had a verdict is not asked for again', async () => {
  const phone = newPhone();
  const id = await capture(world, { phone });
  const [check] = world.stored(id).checks;
  const ref = check?.check_ref ?? '';
  world.onfido.withdraw(ref);
  await world.settle();
  await world.pass(2 * minute);
  assert.equal(world.identityStatus(id), 'awaiting_registration');
  assert.equal(world.stored(id).checks[0]?.last_final, null);
  assert.deepEqual([openCauses(world, id), alertsAbout(world, id)], [['reopened'], ['result_unknown']]);
  assert.deepEqual(kindsTo(world, phone), ['link', 'awaiting']);
  const asked = world.onfido.count('GET', `/checks/${ref}`);
  assert.deepEqual(look(), {});
  await world.pass(60 * minute);
  assert.equal(world.onfido.count('GET', `/checks/${ref}`), asked);
  assert.deepEqual(waitingChecks(world.gateway.store.main, world.clock.now()), []);
});
