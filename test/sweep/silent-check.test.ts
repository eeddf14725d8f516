/** A check that the provider never has a verdict about comes before a person, once, and a late verdict still decides. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Reading } from '../../src/domain/registration.js';
import { silent, unreadable } from '../../src/domain/unanswered.js';
import { recentAnswers } from '../../src/store/answers.js';
import { commitEvent } from '../../src/store/commit.js';
import { reconcile } from '../../src/sweep/reconcile.js';
import { final, policy } from '../domain/registrations.js';
import { alertsAbout, openCauses, unfinishedJobs } from '../support/records.js';
import { capture, kindsTo, newPhone } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends, { onfido: { webhookRetryDelays: [], autoComplete: false } });
});

/** As if it had all been so much earlier: thirty days of looks would take longer than anybody waits for a test. */
function backdate(id: string, ms: number): void {
  const { raw } = world.gateway.store.main;
  raw
    .prepare(
      'UPDATE checks SET created_at = created_at - @ms, submitted_at = submitted_at - @ms WHERE registration_id = @id',
    )
    .run({ id, ms });
  raw
    .prepare("UPDATE jobs SET run_at = run_at - @ms WHERE key = 'read:' || @checkId AND state = 'ready'")
    .run({ checkId: world.stored(id).checks[0]?.id, ms });
}

function refOf(id: string): string {
  return world.stored(id).checks[0]?.check_ref ?? '';
}

/** Everything that says that a person has to look. */
function standing(id: string) {
  const { registration, checks } = world.stored(id);
  return {
    status: registration.status,
    result: registration.result,
    codes: registration.reasonCodes,
    identity: world.identityStatus(id),
    causes: openCauses(world, id),
    alerts: alertsAbout(world, id),
    answeredAt: checks[0]?.answered_at,
  };
}

const beforeAPerson = {
  status: 'in_review',
  result: 'UNKNOWN',
  codes: ['check.silent'],
  identity: 'awaiting_registration',
  causes: ['unknown'],
  alerts: ['result_unknown'],
  answeredAt: null,
};

/** A customer whose check was given up as silent, by the look of the sweep. */
async function silence(phone: string): Promise<string> {
  const id = await capture(world, { phone });
  backdate(id, 31 * day);
  await world.pass(minute);
  assert.deepEqual(standing(id), beforeAPerson);
  return id;
}

test('thirty days after the customer was done a check without a verdict comes before a person, once', async () => {
  const phone = newPhone();
  const id = await capture(world, { phone });
  const asked = () => world.onfido.count('GET', `/checks/${refOf(id)}`);
  backdate(id, 30 * day - hour);
  await world.pass(minute);
  assert.deepEqual([standing(id).status, asked()], ['submitted', 1], 'not a day too early');
  backdate(id, 6 * hour);
  await world.pass(minute);
  assert.deepEqual(standing(id), beforeAPerson);
  assert.deepEqual(kindsTo(world, phone), ['link', 'awaiting']);
  assert.ok(!unfinishedJobs(world).some(job => job.startsWith('read')));
  await world.pass(20 * minute);
  assert.equal(asked(), 2);
  assert.deepEqual(standing(id), beforeAPerson);
  assert.deepEqual(kindsTo(world, phone), ['link', 'awaiting']);
});

test('one that nobody asks about any more is found whatever its age, as long as somebody waits for it', async () => {
  const { store } = world.gateway;
  const look = () => reconcile({ store, clock: world.clock, organizations: ['1'], mirrors: false });
  const waits = await capture(world, { phone: newPhone() });
  const decided = await capture(world, { phone: newPhone() });
  world.decide(decided, 'register');
  await world.settle();
  store.main.raw.exec("DELETE FROM jobs WHERE kind = 'read'; UPDATE checks SET submitted_at = NULL");
  for (const id of [waits, decided]) backdate(id, 400 * day);
  const asked = () => world.onfido.count('GET', `/checks/${refOf(decided)}`);
  const asBefore = asked();
  assert.deepEqual(look(), { read: 1 });
  assert.deepEqual(look(), {}, 'a look made the job already');
  await world.pass(minute);
  assert.deepEqual(standing(waits), beforeAPerson);
  assert.deepEqual(look(), {});
  assert.deepEqual([standing(decided).identity, asked()], ['registered', asBefore]);
});

test('a delivery that comes later has the check read, and its verdict decides', async () => {
  const phone = newPhone();
  const id = await silence(phone);
  world.onfido.complete(refOf(id));
  await world.pass(2_000);
  const { identity, causes, answeredAt } = standing(id);
  assert.deepEqual([identity, causes], ['registered', []]);
  assert.ok(typeof answeredAt === 'number' && answeredAt <= world.clock.now());
  assert.deepEqual(kindsTo(world, phone), ['link', 'awaiting', 'registered']);
});

test('so has one that repeats what was delivered before', async () => {
  const id = await silence(newPhone());
  world.onfido.announce(refOf(id));
  await world.settle();
  assert.deepEqual(standing(id), beforeAPerson, 'the provider still has no verdict');
  const told = world.onfido.deliveries.findLast(({ body }) => body.includes(refOf(id)));
  assert.ok(told);
  world.onfido.failDelivery({ kind: 'lost', times: 10 });
  world.onfido.complete(refOf(id));
  await world.settle();
  world.onfido.clearFaults();
  const { body, headers } = told;
  const { status } = await world.call('POST', '/onfido/callback', { body, headers: { ...headers } });
  assert.equal(status, 200);
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
});

test('what a person decided meanwhile stands', async () => {
  const id = await silence(newPhone());
  world.decide(id, 'reject');
  await world.settle();
  world.onfido.complete(refOf(id));
  await world.pass(2_000);
  const { identity, causes, alerts } = standing(id);
  assert.deepEqual([identity, causes], ['rejected', ['after_person']]);
  assert.deepEqual(alerts, ['result_unknown', 'result_after_person']);
});

test('that nobody at the provider answered is no answer, and a verdict that comes later is the first', async () => {
  const { main } = world.gateway.store;
  for (const reading of [silent, unreadable]) {
    const id = await capture(world, { phone: newPhone() });
    const checkId = world.stored(id).checks[0]?.id ?? '';
    const read = (said: Reading) => {
      const event = { kind: 'read', checkId, reading: said } as const;
      commitEvent(main, { registrationId: id, event, policy, now: world.clock.now() });
    };
    const answers = recentAnswers(main, world.clock.now()).length;
    read(reading(world.clock.now()));
    assert.deepEqual([standing(id).status, standing(id).answeredAt], ['in_review', null]);
    assert.equal(recentAnswers(main, world.clock.now()).length, answers);
    world.clock.advance(minute);
    read(final('UNKNOWN', world.clock.now()));
    const first = standing(id).answeredAt;
    assert.equal(first, world.clock.now());
    world.clock.advance(minute);
    read(reading(world.clock.now()));
    read(final('CLEAR', world.clock.now() + 1));
    assert.equal(standing(id).answeredAt, first);
  }
});
