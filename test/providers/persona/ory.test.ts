/** Ory's sign-ups with Persona: begun by the hook, blocked until approved, told where only the admin API sees it. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { OutcomeName, PersonaSimulator } from '../../../src/simulators/persona/index.js';
import { writeMeta } from '../../../src/store/meta.js';
import { call } from '../../support/call.js';
import { appOrigin, type Blocked, blockedOf, hook, startOryWorld } from '../../support/ory.js';
import { alertsAbout, openCauses } from '../../support/records.js';
import { endsOfFile, type World } from '../../support/world.js';
import { journeyTemplate, personaBeside } from './beside.js';

const ends = endsOfFile();
const day = 24 * 3_600_000;
let world: World;
let sim: PersonaSimulator;

before(async () => {
  const vendor = personaBeside();
  world = await startOryWorld(ends, { ...vendor.options, ory: { gate: 'approved' } });
  sim = vendor.sim();
});

interface Person {
  readonly id: string;
  /** their inquiry */
  readonly ref: string;
  readonly registration: string;
  blocked(body?: object): Promise<Blocked | null>;
  written(): Record<string, unknown> | undefined;
}

let count = 0;

/** Signs somebody up, with the hook called. */
async function signUp(of = world): Promise<Person> {
  count += 1;
  const { id } = of.kratos.createIdentity({ email: `persona${count}@example.net` });
  const begun = await hook(of, '/persona/initiate', { kratos_identity_id: id });
  assert.equal(begun.status, 200, begun.text);
  const { status, inquiry_id: ref = '' } = begun.json<Record<string, string>>();
  assert.equal(status, 'created');
  await of.settle();
  const newest = of.gateway.store.main.raw.prepare('SELECT id FROM registrations ORDER BY seq DESC').get();
  const metadata = () => of.kratos.identities.get(id)?.metadata_admin as Record<string, object> | null;
  return {
    id,
    ref,
    registration: (newest as { id: string }).id,
    written: () => metadata()?.persona as Record<string, unknown> | undefined,
    async blocked(body = {}) {
      const answer = await hook(of, '/persona/validate', { identity_id: id, metadata_public: null, ...body });
      return answer.status === 200 ? null : blockedOf(answer);
    },
  };
}

test('what a sign-up begins is written for the operator alone, and nothing of it in public', async () => {
  const person = await signUp();
  assert.deepEqual(Object.keys(person.written() ?? {}).sort(), [
    'decided_at',
    'initiated_at',
    'inquiry_id',
    'status',
  ]);
  assert.deepEqual(
    [person.written()?.status, person.written()?.inquiry_id, person.written()?.decided_at],
    ['created', person.ref, null],
  );
  assert.equal(world.kratos.identities.get(person.id)?.metadata_public ?? null, null);
  const blocked = await person.blocked();
  assert.deepEqual([blocked?.id, blocked?.status], [9410001, 'created']);
});

const endings: readonly [OutcomeName, string, number | null][] = [
  ['approved', 'approved', null],
  ['needs_review', 'marked-for-review', 9410002],
  ['approved_despite_mismatch', 'marked-for-review', 9410002],
  ['completed', 'marked-for-review', 9410002],
  ['declined_mismatch', 'declined', 9410003],
  ['failed_blurred', 'declined', 9410003],
];

for (const [outcome, status, message] of endings)
  test(`${outcome} is told as ${status}, and ${message === null ? 'opens' : 'keeps closed'} the gate`, async () => {
    const person = await signUp();
    sim.finish(person.ref, outcome);
    await world.pass(11 * 60_000);
    assert.equal(person.written()?.status, status);
    assert.equal((await person.blocked())?.id ?? null, message);
  });

test('an application’s own page is given the inquiry, and a token once it was begun', async () => {
  const person = await signUp();
  const ask = async () => {
    const cookie = `ory_kratos_session=${world.kratos.createSession(person.id).token}`;
    const answer = await world.call('POST', '/persona/session', { headers: { origin: appOrigin, cookie } });
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Record<string, string>>();
  };
  const first = await ask();
  assert.deepEqual([first.status, first.inquiry_id, first.session_token], ['created', person.ref, undefined]);
  assert.match(first.verification_url ?? '', /^https:\/\/kyc\.example\.net\/v\//);
  assert.equal((await fetch(`${sim.origin}/verify?inquiry-id=${person.ref}`)).status, 200);
  const second = await ask();
  assert.equal(second.inquiry_id, person.ref);
  assert.ok(second.session_token);
  const stored = world.gateway.store.main.raw.prepare('SELECT * FROM checks').all();
  assert.ok(!JSON.stringify(stored).includes(second.session_token));
  sim.finish(person.ref, 'approved');
  await world.pass(2_000);
  const cookie = `ory_kratos_session=${world.kratos.createSession(person.id).token}`;
  const over = await world.call('POST', '/persona/session', { headers: { origin: appOrigin, cookie } });
  assert.equal(over.status, 409);
});

test('an approved inquiry that somebody else made under the person’s reference opens nothing', async () => {
  const person = await signUp();
  const referenceId = world.stored(person.registration).row.applicant_ref;
  for (const reference of [referenceId, person.id]) {
    const stranger = sim.stranger({ templateId: journeyTemplate, referenceId: reference });
    sim.finish(stranger, 'approved');
    await world.pass(2_000);
    assert.equal((await person.blocked())?.id, 9410001);
    assert.equal(person.written()?.inquiry_id, person.ref);
  }
  assert.ok(alertsAbout(world, person.registration).includes('foreign_check'));
  assert.ok(sim.deliveries.every(({ status }) => status === 200));
});

test('the published setup’s flat keys close the gate and never open it', async () => {
  const person = await signUp();
  for (const body of [{ persona_verification_status: 'approved', persona_inquiry_id: person.ref }])
    assert.equal((await person.blocked(body))?.id, 9410001);
  sim.finish(person.ref, 'approved');
  await world.pass(2_000);
  assert.equal(await person.blocked(), null);
  assert.equal((await person.blocked({ persona_verification_status: 'declined' }))?.id, 9410003);
});

test('a decline after a person let the customer in opens a case and an alert, and closes nothing', async () => {
  const person = await signUp();
  sim.finish(person.ref, 'needs_review');
  await world.pass(2_000);
  world.decide(person.registration, 'register');
  await world.settle();
  sim.review(person.ref, 'declined');
  await world.pass(2_000);
  assert.equal(await person.blocked(), null);
  assert.equal(person.written()?.status, 'approved');
  assert.deepEqual(openCauses(world, person.registration), ['after_person']);
  assert.ok(alertsAbout(world, person.registration).includes('result_after_person'));
});

/** Somebody else's program at the admin API. */
async function overwrite(of: World, id: string, value: unknown): Promise<void> {
  const body = [{ op: 'add', path: '/metadata_admin', value }];
  const answer = await call({ origin: of.kratos.adminUrl }, 'PATCH', `/admin/identities/${id}`, { body });
  assert.equal(answer.status, 200, answer.text);
}

/** As far as the slow look is concerned. */
function dayGoesBy(of: World): void {
  writeMeta(of.gateway.store.main, 'drift_begun', String(of.clock.now() - day));
}

test('what others did to the admin metadata is found and mended within a day, at a slow pace', async t => {
  const vendor = personaBeside();
  const own = await startOryWorld({ after: close => t.after(close) }, vendor.options);
  const people: Person[] = [];
  for (let nth = 0; nth < 12; nth++) people.push(await signUp(own));
  for (const { ref } of people) vendor.sim().finish(ref, 'approved');
  await own.pass(2_000);
  const [first, last] = [people[0], people.at(-1)];
  assert.ok(first && last);
  const meant = [first.written(), last.written()];
  assert.equal(meant[0]?.status, 'approved');
  await overwrite(own, first.id, { persona: { ...meant[0], status: 'declined' } });
  await overwrite(own, last.id, {});
  const asked = () =>
    own.kratos.calls.filter(({ method, path }) => method === 'GET' && path.includes('/identities/'));
  const patches = own.kratos.patches.length;
  dayGoesBy(own);
  await own.pass(12 * 60_000);
  assert.deepEqual([first.written(), last.written()], meant);
  assert.equal(own.kratos.patches.length, patches + 2, 'nothing else is written');
  const times = asked().map(({ at }) => at);
  assert.equal(times.length, people.length, 'each was asked about once');
  assert.equal(times.filter(at => at === times[0]).length, 10, 'few at a time');
  await own.pass(30 * 60_000);
  assert.equal(asked().length, people.length, 'and there is no second round');
  dayGoesBy(own);
  await own.pass(12 * 60_000);
  assert.equal(asked().length, 2 * people.length, 'until a day has gone by');
});

test('a decision that comes while Kratos is asked is not undone', async t => {
  const vendor = personaBeside();
  const own = await startOryWorld({ after: close => t.after(close) }, vendor.options);
  const person = await signUp(own);
  await overwrite(own, person.id, { persona: 'not an object' });
  own.kratos.fail({
    kind: 'status',
    status: 429,
    method: 'GET',
    path: `/admin/identities/${person.id}`,
    times: 2,
  });
  dayGoesBy(own);
  await own.pass(5 * 60_000);
  vendor.sim().finish(person.ref, 'approved');
  await own.pass(10 * 60_000);
  assert.equal(person.written()?.status, 'approved');
});

test('nothing is asked where hooks show what is written', async t => {
  const plain = await startOryWorld({ after: close => t.after(close) });
  const { id } = plain.kratos.createIdentity({ email: 'public@example.net' });
  await hook(plain, '/onfido/initiate', { kratos_identity_id: id });
  await plain.pass(2 * 3_600_000);
  assert.equal(plain.kratos.count('GET', `/admin/identities/${id}`), 0);
});
