import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { pathOf, signUp, startOryWorld } from '../support/ory.js';
import { alertsAbout, openCauses } from '../support/records.js';
import { newPhone, verify } from '../support/verify.js';
import { endsOfFile, type World } from '../support/world.js';

const workflowId = 'c0ffee00-0000-4000-8000-0000000000aa';
const ends = endsOfFile();
let classic: World;
let studio: World;

before(async () => {
  classic = await startOryWorld(ends, { ory: { gate: 'approved' } });
  studio = await startOryWorld(ends, {
    ory: { gate: 'approved', attemptLife: '1h' },
    organizations: [{ onfido: { mode: 'studio', workflowId, apiToken: { secret: 'ONFIDO_API_TOKEN' } } }],
  });
});

interface Begun {
  readonly success: boolean;
  readonly provider: string;
  readonly status: string;
  readonly verification_url: string;
  readonly applicant_id?: string;
  readonly workflow_run_id?: string;
}

function newestOf(world: World, kratosId: string): string {
  const newest = 'SELECT id FROM registrations WHERE kratos_identity_id = ? ORDER BY seq DESC';
  return (world.gateway.store.main.raw.prepare(newest).get(kratosId) as { id: string }).id;
}

for (const way of ['classic', 'studio'] as const) {
  test(`${way}: sign-up, pending, blocked, verified, let in, approved`, async () => {
    const world = way === 'classic' ? classic : studio;
    const person = signUp(world);
    const answer = await person.initiate({ email: 'x@example.net', first_name: 'Ada', last_name: 'Adams' });
    assert.equal(answer.status, 200, answer.text);
    const begun = answer.json<Begun>();
    assert.deepEqual([begun.success, begun.provider, begun.status], [true, 'onfido', 'pending']);
    assert.ok(begun.applicant_id);
    assert.equal(begun.workflow_run_id !== undefined, way === 'studio');
    await world.settle();
    const { status, applicant_id, workflow_run_id, decided_at } = person.mirrored() ?? {};
    assert.deepEqual([status, applicant_id, decided_at], ['pending', begun.applicant_id, null]);
    assert.equal(workflow_run_id, begun.workflow_run_id ?? null);

    const blocked = await person.blocked();
    assert.deepEqual([blocked?.id, blocked?.status], [9410001, 'pending']);

    await world.customer(begun.verification_url).goThrough({ consent: false });
    await world.pass(2_000);
    const allowed = await person.validate();
    assert.deepEqual([allowed.status, allowed.text], [200, '{}']);
    assert.equal(person.mirrored()?.status, 'approved');
    assert.ok(person.mirrored()?.decided_at);
    assert.deepEqual(world.texts(), [], 'nobody is texted');
  });
}

test('after the journey the customer goes back to the application', async () => {
  const person = signUp(classic);
  const { verification_url } = (await person.initiate()).json<Begun>();
  const customer = classic.customer(verification_url);
  await customer.goThrough();
  await classic.pass(2_000);
  assert.match((await customer.get()).text, /href="https:\/\/app\.example\.net\/home"/);
  const { verificationUrl } = await classic.kiosk.register({ phone: newPhone() });
  assert.doesNotMatch((await classic.customer(verificationUrl).get()).text, /app\.example\.net/);
});

test('a second call answers with the open attempt', async () => {
  const person = signUp(classic);
  const [one, other] = await Promise.all([person.initiate(), person.initiate()]);
  const third = await person.initiate({ kratos_identity_id: person.id.toUpperCase() });
  const urls = [one, other, third].map(answer => answer.json<Begun>().verification_url);
  assert.equal(new Set(urls).size, 1);
  assert.equal(third.status, 200);
});

test('an attempt lives a day, and at most three are made in one', async () => {
  const person = signUp(classic);
  const made = new Set<string>();
  for (let nth = 0; nth < 5; nth++) {
    const answer = await person.initiate();
    assert.ok(answer.status === 200 || answer.status === 202);
    const { verification_url: url, status } = answer.json<Partial<Begun>>();
    if (url === undefined) assert.equal(status, 'expired');
    else made.add(url);
    const stored = classic.gateway.store.main.raw
      .prepare(
        'SELECT id, created_at, expires_at FROM registrations WHERE kratos_identity_id = ? ORDER BY seq DESC',
      )
      .get(person.id) as { id: string; created_at: number; expires_at: number };
    assert.equal(stored.expires_at - stored.created_at, 86_400_000);
    // what a run that the customer abandons does, without waiting for a day
    classic.gateway.store.main.raw
      .prepare("UPDATE registrations SET status = 'expired', open_key = NULL WHERE id = ?")
      .run(stored.id);
  }
  assert.equal(made.size, 3);
  const session = await person.session();
  assert.equal(session.status, 429);
  assert.equal(session.json<{ error: { code: string } }>().error.code, 'attempts_used_up');
});

test('expired attempts are told, and the next one begins anew', async () => {
  const world = studio;
  const person = signUp(world);
  const first = (await person.initiate()).json<Begun>();
  await world.pass(61 * 60_000);
  assert.equal(person.mirrored()?.status, 'expired');
  const blocked = await person.blocked();
  assert.deepEqual([blocked?.id, blocked?.status], [9410004, 'expired']);
  const second = (await person.initiate()).json<Begun>();
  assert.notEqual(second.verification_url, first.verification_url);
  assert.notEqual(second.workflow_run_id, first.workflow_run_id);
});

test('a final decline blocks for good, without a link, and no attempt follows', async () => {
  const person = signUp(classic);
  const begun = (await person.initiate()).json<Begun>();
  classic.onfido.decide(begun.applicant_id ?? '', 'suspected');
  await classic.customer(begun.verification_url).goThrough();
  await classic.pass(2_000);
  const blocked = await person.blocked();
  assert.deepEqual([blocked?.id, blocked?.status, blocked?.url], [9410003, 'declined', null]);
  assert.doesNotMatch(blocked?.text ?? '', /http/);
  const again = await person.initiate();
  assert.deepEqual(
    [again.status, again.json()],
    [200, { success: true, provider: 'onfido', status: 'declined' }],
  );
  const session = await person.session();
  assert.deepEqual(
    [session.status, session.json<{ error: { code: string } }>().error.code],
    [409, 'already_decided'],
  );
});

test('a refused document blocks with a link, on which the customer tries again', async () => {
  const person = signUp(classic);
  const begun = (await person.initiate()).json<Begun>();
  classic.onfido.decide(begun.applicant_id ?? '', 'rejected');
  await classic.customer(begun.verification_url).goThrough();
  await classic.pass(2_000);
  const blocked = await person.blocked();
  assert.equal(blocked?.id, 9410003);
  assert.ok(blocked?.url);
  assert.ok(blocked?.text.endsWith(blocked.url), 'many login pages print the text only');
  const answer = await classic.call('POST', pathOf(blocked?.url ?? ''), {
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams(),
  });
  assert.equal(answer.status, 303);
  const next = String(answer.headers.location);
  assert.match(next, /^\/v\/[A-Za-z0-9_-]{27}\?lang=/);
  await classic.settle();
  await classic.customer(`https://kyc.example.net${next.split('?')[0]}`).goThrough();
  await classic.pass(2_000);
  assert.equal(await person.blocked(), null);
  assert.equal(person.mirrored()?.status, 'approved');
});

test('what a person looks at is in review, without a link', async () => {
  const person = signUp(classic);
  const begun = (await person.initiate()).json<Begun>();
  classic.onfido.decide(begun.applicant_id ?? '', 'caution');
  await classic.customer(begun.verification_url).goThrough();
  await classic.pass(2_000);
  const blocked = await person.blocked();
  assert.deepEqual([blocked?.id, blocked?.status, blocked?.url], [9410002, 'review', null]);
  assert.equal(person.mirrored()?.status, 'review');
});

test('a kiosk and Ory never merge: the same Kratos id, the same person, each with its own check', async () => {
  const person = signUp(classic);
  const phone = newPhone();
  const kioskId = await verify(classic, { phone, body: { kratosIdentityId: person.id } });
  assert.equal(classic.identityStatus(kioskId), 'registered');
  const unknown = await person.blocked();
  assert.deepEqual([unknown?.id, unknown?.status], [9410004, 'none'], 'the kiosk opens no login');
  const begun = (await person.initiate()).json<Begun>();
  assert.notEqual(begun.applicant_id, classic.stored(kioskId).row.applicant_ref);
  await classic.settle();
  assert.equal(person.mirrored()?.status, 'pending', 'what Ory asked for has the place');
  classic.onfido.decide(begun.applicant_id ?? '', 'suspected');
  await classic.customer(begun.verification_url).goThrough();
  await classic.pass(2_000);
  assert.equal((await person.blocked())?.id, 9410003);
  assert.equal((await classic.kiosk.lookup(phone)).status, 'registered', 'nor does Ory close the kiosk');
  const again = await classic.kiosk.post('/api/v1/registrations', { phone, kratosIdentityId: person.id });
  assert.equal(again.status, 200);
  assert.equal(person.mirrored()?.status, 'declined');
});

test('a late decline after a person’s approval opens a case and no gate closes', async () => {
  const person = signUp(classic);
  const begun = (await person.initiate()).json<Begun>();
  classic.onfido.decide(begun.applicant_id ?? '', 'caution');
  await classic.customer(begun.verification_url).goThrough();
  await classic.pass(2_000);
  const { id } = classic.gateway.store.main.raw
    .prepare('SELECT id FROM registrations WHERE kratos_identity_id = ?')
    .get(person.id) as { id: string };
  classic.decide(id, 'register');
  await classic.settle();
  assert.equal(await person.blocked(), null);
  const check = classic.stored(id).checks[0]?.check_ref ?? '';
  classic.onfido.reopen(check);
  classic.onfido.decide(check, 'suspected');
  classic.onfido.complete(check);
  await classic.pass(2_000);
  assert.equal(await person.blocked(), null, 'a person’s word stands');
  assert.equal(person.mirrored()?.status, 'approved');
  assert.deepEqual(openCauses(classic, id), ['after_person']);
  assert.ok(alertsAbout(classic, id).includes('result_after_person'));
});

/** Somebody who left one attempt at the capture and began another when it had run out. */
async function leftAndBegunAgain() {
  const person = signUp(studio);
  const first = (await person.initiate()).json<Begun>();
  const customer = studio.customer(first.verification_url);
  await customer.start();
  await customer.session();
  await studio.pass(61 * 60_000);
  const second = (await person.initiate()).json<Begun>();
  return { person, first, customer, second };
}

test('an earlier attempt that turns out to be fraud closes the gate, although a later one is clear', async () => {
  const world = studio;
  const { person, first, customer, second } = await leftAndBegunAgain();
  await world.customer(second.verification_url).goThrough();
  await world.pass(2_000);
  assert.equal(await person.blocked(), null);
  world.onfido.decide(first.workflow_run_id ?? '', 'studio-declined');
  customer.upload();
  await world.pass(2_000);
  const blocked = await person.blocked();
  assert.deepEqual([blocked?.id, blocked?.url], [9410003, null]);
  assert.equal(person.mirrored()?.status, 'declined');
  const id = newestOf(world, person.id);
  assert.equal(world.identityStatus(id), 'awaiting_registration', 'and nobody stands as registered');
  assert.deepEqual(openCauses(world, id), ['older_registration']);
  world.decide(id, 'register');
  await world.settle();
  assert.equal(await person.blocked(), null, 'a person has let them in');
  assert.equal(person.mirrored()?.status, 'approved');
});

test('a later attempt that is clear registers nobody once an earlier one turned out to be fraud', async () => {
  const world = studio;
  const { person, first, customer, second } = await leftAndBegunAgain();
  world.onfido.decide(first.workflow_run_id ?? '', 'studio-declined');
  customer.upload();
  await world.pass(2_000);
  assert.equal((await person.blocked())?.id, 9410003);
  await world.customer(second.verification_url).goThrough();
  await world.pass(2_000);
  const id = newestOf(world, person.id);
  assert.equal(world.identityStatus(id), 'awaiting_registration');
  assert.equal((await person.blocked())?.id, 9410003);
  assert.equal(person.mirrored()?.status, 'declined');
  assert.deepEqual(openCauses(world, id), ['older_registration']);
  assert.deepEqual(alertsAbout(world, id), ['older_registration_suspected']);
  world.decide(id, 'again');
  await world.settle();
  const blocked = await person.blocked();
  assert.deepEqual([blocked?.id, blocked?.url !== null], [9410003, true], 'a person lets them start over');
});

test('an earlier attempt that comes late and waits for a person is in review at the gate and in Kratos', async () => {
  const world = studio;
  const { person, first, customer } = await leftAndBegunAgain();
  world.onfido.decide(first.workflow_run_id ?? '', 'caution');
  customer.upload();
  await world.pass(2_000);
  assert.equal((await person.blocked())?.status, 'review');
  assert.deepEqual(
    [person.mirrored()?.status, person.mirrored()?.workflow_run_id],
    ['review', first.workflow_run_id],
  );
  await world.settle();
  const patches = world.kratos.patches.length;
  await person.validate();
  await world.settle();
  assert.equal(world.kratos.patches.length, patches, 'and a login finds nothing to put right');
});

test('a refusal that turns out to be fraud is told at once, although another attempt was begun', async () => {
  const world = classic;
  const person = signUp(world);
  const begun = (await person.initiate()).json<Begun>();
  world.onfido.decide(begun.applicant_id ?? '', 'rejected');
  await world.customer(begun.verification_url).goThrough();
  await world.pass(2_000);
  const check = world.stored(newestOf(world, person.id)).checks[0]?.check_ref ?? '';
  await person.initiate();
  await world.settle();
  assert.equal(person.mirrored()?.status, 'pending');
  world.onfido.decide(check, 'suspected');
  world.onfido.complete(check);
  await world.pass(2_000);
  assert.equal(person.mirrored()?.status, 'declined');
});
