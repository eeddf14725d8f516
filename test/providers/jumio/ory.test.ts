/** Ory's sign-ups with Jumio: begun by the hook, blocked until verified, told on the identity in the setup's words. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { JumioSimulator, OutcomeName } from '../../../src/simulators/jumio/index.js';
import { wasAlerted } from '../../../src/store/alerts.js';
import { casesOf } from '../../../src/store/review-cases.js';
import { appOrigin, blockedOf, hook, startOryWorld } from '../../support/ory.js';
import { endsOfFile, type World } from '../../support/world.js';
import { finish, jumioBeside } from './beside.js';

const ends = endsOfFile();
let world: World;
let sim: JumioSimulator;

before(async () => {
  const vendor = jumioBeside();
  world = await startOryWorld(ends, { ...vendor.options, ory: { gate: 'approved' } });
  sim = vendor.sim();
});

interface Begun {
  readonly status: string;
  readonly verification_url: string;
  readonly account_id?: string;
  readonly workflow_execution_id?: string;
}

let count = 0;

async function signUp() {
  // Jumio is asked for one run a second
  await world.pass(1_000);
  count += 1;
  const { id } = world.kratos.createIdentity({ email: `jumio${count}@example.net` });
  const metadata = () => world.kratos.identities.get(id)?.metadata_public as Record<string, object> | null;
  return {
    initiate: () => hook(world, '/jumio/initiate', { kratos_identity_id: id }),
    validate: () => hook(world, '/jumio/validate', { identity_id: id, metadata_public: metadata() }),
    session: () =>
      world.call('POST', '/jumio/session', {
        headers: {
          origin: appOrigin,
          cookie: `ory_kratos_session=${world.kratos.createSession(id).token}`,
        },
      }),
    mirrored: () => metadata()?.jumio as Record<string, unknown> | undefined,
  };
}

function newestRegistration(): string {
  const newest = world.gateway.store.main.raw.prepare('SELECT id FROM registrations ORDER BY seq DESC').get();
  return (newest as { id: string }).id;
}

/** The tap on the page's button: where it leads. */
async function go(link: string): Promise<string> {
  const answer = await world.customer(link).start();
  assert.equal(answer.status, 303, answer.text);
  return String(answer.headers.location);
}

test('sign-up, initiated, blocked, verified, let in', async () => {
  const person = await signUp();
  const answer = await person.initiate();
  assert.equal(answer.status, 200, answer.text);
  const begun = answer.json<Begun>();
  const run = sim.state().workflows.at(-1);
  assert.deepEqual(
    [begun.status, begun.account_id, begun.workflow_execution_id],
    ['initiated', run?.accountId, run?.id],
  );
  const blocked = blockedOf(await person.validate());
  assert.deepEqual([blocked.id, blocked.status], [9410001, 'initiated']);
  await finish(await go(begun.verification_url));
  await world.pass(2_000);
  const allowed = await person.validate();
  assert.deepEqual([allowed.status, allowed.text], [200, '{}']);
  const { initiated_at, decided_at, ...told } = person.mirrored() ?? {};
  assert.ok(initiated_at && decided_at);
  assert.deepEqual(told, {
    status: 'verified',
    verdict: 'PASSED',
    account_id: run?.accountId,
    workflow_execution_id: run?.id,
  });
  assert.equal(sim.state().workflows.length, 1);
});

const others: [OutcomeName, string, string, number][] = [
  ['warning-age', 'review', 'WARNING', 9410002],
  ['rejected-fake', 'rejected', 'FAILED', 9410003],
  ['rejected-blurred', 'retry', 'FAILED', 9410003],
];

for (const [outcome, status, verdict, message] of others)
  test(`${outcome} is told as ${status} and ${verdict}, and keeps the gate closed`, async () => {
    const person = await signUp();
    const { verification_url: link } = (await person.initiate()).json<Begun>();
    await finish(await go(link), outcome);
    await world.pass(2_000);
    const told = person.mirrored();
    assert.deepEqual([told?.status, told?.verdict], [status, verdict]);
    assert.equal(blockedOf(await person.validate()).id, message);
  });

test('an application’s own page is given what Jumio’s script starts with, for the same run', async () => {
  const person = await signUp();
  const begun = (await person.initiate()).json<Begun>();
  const answer = await person.session();
  assert.equal(answer.status, 200, answer.text);
  const { sdk_token: token, expires_at: until, ...rest } = answer.json<Record<string, string>>();
  assert.deepEqual(rest, { status: 'initiated', verification_url: begun.verification_url });
  assert.ok(token);
  assert.equal(Date.parse(until ?? '') - world.clock.now() <= 30 * 60_000, true);
  assert.equal(sim.state().workflows.at(-1)?.id, begun.workflow_execution_id, 'no second run');
  const stored = world.gateway.store.main.raw.prepare('SELECT * FROM checks').all();
  assert.ok(!JSON.stringify(stored).includes(token));
});

const outlasting: [OutcomeName, 'register' | 'reject', string, string][] = [
  ['warning-age', 'register', 'verified', 'WARNING'],
  ['warning-age', 'reject', 'rejected', 'WARNING'],
  ['passed-with-failed-part', 'reject', 'rejected', 'PASSED'],
  ['rejected-fake', 'register', 'verified', 'FAILED'],
  ['not-executed', 'register', 'verified', 'WARNING'],
];

for (const [outcome, action, status, verdict] of outlasting)
  test(`after ${outcome} a person's word to ${action} changes the status and leaves Jumio's word`, async () => {
    const person = await signUp();
    const { verification_url: link } = (await person.initiate()).json<Begun>();
    await finish(await go(link), outcome);
    await world.pass(2_000);
    assert.equal(person.mirrored()?.verdict, verdict);
    world.decide(newestRegistration(), action);
    await world.pass(2_000);
    const told = person.mirrored();
    assert.deepEqual([told?.status, told?.verdict], [status, verdict]);
    assert.equal((await person.validate()).status, action === 'register' ? 200 : 403);
  });

test("Jumio's late word is told beside a person's decision, which stands", async () => {
  const person = await signUp();
  const { verification_url: link } = (await person.initiate()).json<Begun>();
  await finish(await go(link), 'warning-age');
  await world.pass(2_000);
  const registration = newestRegistration();
  world.decide(registration, 'register');
  const { id } = sim.state().workflows.at(-1) ?? assert.fail();
  sim.complete(id, 'rejected-fake');
  await world.pass(2_000);
  const told = person.mirrored();
  assert.deepEqual([told?.status, told?.verdict], ['verified', 'FAILED']);
  assert.equal((await person.validate()).status, 200);
  const { main } = world.gateway.store;
  assert.deepEqual(
    casesOf(main, registration).map(({ cause, closed_at }) => [cause, closed_at === null]),
    [
      ['caution', false],
      ['after_person', true],
    ],
  );
  assert.ok(wasAlerted(main, { code: 'result_after_person', subject: registration }));
});

test('a link that Jumio let die is no end: the attempt lives on and the next tap makes another', async () => {
  const person = await signUp();
  const { verification_url: link } = (await person.initiate()).json<Begun>();
  await world.pass(3 * 3_600_000);
  assert.equal(person.mirrored()?.status, 'initiated');
  await finish(await go(link));
  await world.pass(2_000);
  assert.equal((await person.validate()).status, 200);
});

test('a process that died between Jumio’s answer and noting it has no second run made for a sign-up', async () => {
  const person = await signUp();
  await person.initiate();
  const made = sim.state().workflows.length;
  const registration = newestRegistration();
  const { raw } = world.gateway.store.main;
  raw.prepare('UPDATE checks SET check_ref = NULL, workflow = 0 WHERE registration_id = ?').run(registration);
  raw
    .prepare("UPDATE jobs SET state = 'running', lease_holder = 'dead', lease_until = 1 WHERE key = ?")
    .run(`prepare:${registration}`);
  await world.restart();
  await world.pass(60_000);
  assert.equal(sim.state().workflows.length, made);
  const lost = sim.state().workflows.at(-1) ?? assert.fail();
  sim.capture(lost.id);
  await world.pass(2_000);
  assert.equal(world.stored(registration).checks[0]?.check_ref, `${lost.accountId}/${lost.id}`);
  assert.equal(world.stored(registration).registration.result, 'CLEAR');
});
