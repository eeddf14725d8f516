/** What a kiosk gets for somebody who was there before. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { RegistrationAnswer } from '../../src/registration/schemas.js';
import type { OutcomeName } from '../../src/simulators/onfido/index.js';
import { capture, kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const kratosId = 'c0ffee00-0000-4000-8000-00000000beef';
const otherKratosId = 'c0ffee00-0000-4000-8000-00000000feed';
let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends);
});

async function ask(phone: string, body: object = {}) {
  const answer = await world.kiosk.post('/api/v1/registrations', { phone, ...body });
  await world.settle();
  const parsed = answer.json<RegistrationAnswer & { error?: { code: string; field?: string } }>();
  return {
    status: answer.status,
    ...(parsed.error ? {} : { id: parsed.id, told: parsed }),
    error: parsed.error,
  };
}

test('while one is open, the same one answers and nothing more is texted', async () => {
  const phone = newPhone();
  const first = await ask(phone);
  assert.equal(first.status, 201);
  for (const step of ['link_sent', 'opened', 'submitted']) {
    const customer = world.customer(world.textedLink(phone));
    if (step === 'opened') await customer.start();
    if (step === 'submitted') {
      await customer.session();
      customer.upload();
      await customer.submit();
      await world.settle();
    }
    const again = await ask(phone);
    assert.deepEqual([again.status, again.id, again.told?.status], [200, first.id, step]);
  }
  assert.deepEqual(kindsTo(world, phone), ['link']);
});

test('the number counts, not how it is written', async () => {
  const first = await ask('+420 777 999 001');
  const again = await ask('777-999-001');
  const abroad = await ask('00420777999001');
  assert.deepEqual([again.status, again.id, abroad.id], [200, first.id, first.id]);
});

const histories: readonly [outcome: OutcomeName, identity: string, status: number][] = [
  ['clear', 'registered', 200],
  ['caution', 'awaiting_registration', 200],
  ['unknown', 'awaiting_registration', 200],
  ['rejected', 'rejected', 201],
  ['rejected-age-validation', 'rejected', 201],
  ['suspected', 'rejected', 409],
  ['suspected-police-record', 'rejected', 409],
];

for (const [outcome, identity, status] of histories) {
  test(`after ${outcome} the identity is ${identity} and a new request answers ${status}`, async () => {
    const phone = newPhone();
    const id = await verify(world, { phone, outcome });
    const looked = await world.kiosk.lookup(phone);
    assert.deepEqual([looked.status, looked.result], [identity, world.stored(id).registration.result]);
    assert.ok(Date.parse(looked.since ?? '') > 0);
    const texts = kindsTo(world, phone).length;
    const again = await ask(phone);
    assert.equal(again.status, status);
    if (status === 200) assert.deepEqual([again.id, again.told?.identityStatus], [id, identity]);
    if (status === 201) assert.notEqual(again.id, id);
    if (status === 409) assert.equal(again.error?.code, 'rejected_final');
    assert.equal(kindsTo(world, phone).length, texts + (status === 201 ? 1 : 0));
  });
}

test('after EXPIRED there is a new one, and the earlier link stays closed', async () => {
  const phone = newPhone();
  const first = await ask(phone);
  const link = world.textedLink(phone);
  await world.pass(91 * 60_000);
  const again = await ask(phone);
  assert.equal(again.status, 201);
  assert.notEqual(again.id, first.id);
  assert.notEqual(world.textedLink(phone), link);
  assert.equal((await world.customer(link).standing()).page, 'expired');
});

test('after SUSPECTED a person may let them try again, reject them for good, or register them', async () => {
  for (const [action, status] of [
    ['again', 201],
    ['reject', 409],
    ['register', 200],
  ] as const) {
    const phone = newPhone();
    const id = await verify(world, { phone, outcome: 'suspected' });
    world.decide(id, action);
    await world.settle();
    assert.equal((await ask(phone)).status, status, action);
  }
});

test('a person’s refusal after a mere rejection is final too', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'rejected' });
  world.decide(id, 'reject');
  await world.settle();
  assert.equal((await ask(phone)).error?.code, 'rejected_final');
});

test('fraud found late in an earlier registration stands, whatever became of a later one, until a person clears it', async () => {
  for (const outcome of ['rejected', 'caution', 'clear'] as const) {
    const phone = newPhone();
    const older = await verify(world, { phone, outcome: 'rejected' });
    const newer = await capture(world, { phone, outcome });
    const check = world.stored(older).checks[0]?.check_ref ?? '';
    world.onfido.decide(check, 'suspected');
    world.onfido.complete(check);
    await world.settle();
    assert.equal(world.stored(newer).registration.status, 'submitted');
    const whileOpen = await ask(phone);
    assert.deepEqual([whileOpen.status, whileOpen.error?.code], [409, 'rejected_final']);
    await world.pass(2_000);
    assert.notEqual(world.stored(newer).registration.status, 'submitted');
    const afterwards = await ask(phone, { notify: 'none' });
    assert.deepEqual([afterwards.status, afterwards.error?.code], [409, 'rejected_final'], outcome);
    world.decide(newer, 'register');
    await world.settle();
    const registered = await ask(phone);
    assert.deepEqual([registered.status, registered.id], [200, newer], 'what a person decided stands');
    world.decide(newer, 'again');
    await world.settle();
    assert.equal((await ask(phone, { notify: 'none' })).status, 201);
  }
});

test('another Kratos identity than the open one’s is refused; the same or none is not', async () => {
  const phone = newPhone();
  const first = await ask(phone, { kratosIdentityId: kratosId });
  assert.equal(first.status, 201);
  assert.equal((await ask(phone, { kratosIdentityId: kratosId.toUpperCase() })).id, first.id);
  assert.equal((await ask(phone)).id, first.id);
  const other = await ask(phone, { kratosIdentityId: otherKratosId });
  assert.deepEqual(
    [other.status, other.error?.code, other.error?.field],
    [409, 'kratos_identity_differs', 'kratosIdentityId'],
  );
  const plain = newPhone();
  await ask(plain);
  assert.equal((await ask(plain, { kratosIdentityId: kratosId })).status, 409);
});

test('whoever is registered is answered 200, whichever Kratos identity is named', async () => {
  for (const body of [{}, { kratosIdentityId: kratosId }]) {
    const phone = newPhone();
    const id = await verify(world, { phone, body });
    const again = await ask(phone, { kratosIdentityId: otherKratosId });
    assert.deepEqual([again.status, again.id, again.told?.identityStatus], [200, id, 'registered']);
    assert.equal(world.stored(id).row.kratos_identity_id, body.kratosIdentityId ?? null, 'nothing is moved');
  }
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'caution', body: { kratosIdentityId: kratosId } });
  assert.equal((await ask(phone, { kratosIdentityId: otherKratosId })).status, 409, 'still awaiting');
  world.decide(id, 'register');
  await world.settle();
  assert.equal((await ask(phone, { kratosIdentityId: otherKratosId })).status, 200);
});

test('two kiosks asking at once for the same person get one registration and one text', async () => {
  const phone = newPhone();
  const hall = await world.addKiosk(`Hall ${phone.slice(-4)}`);
  const body = { phone };
  const answers = await Promise.all(
    [world.kiosk, hall, world.kiosk, hall].map(kiosk => kiosk.post('/api/v1/registrations', body)),
  );
  await world.settle();
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 201]);
  assert.equal(new Set(answers.map(answer => answer.json<{ id: string }>().id)).size, 1);
  assert.deepEqual(kindsTo(world, phone), ['link']);
});

test('a number never seen is unknown, and looking it up leaves nothing', async () => {
  const phone = newPhone();
  assert.deepEqual(await world.kiosk.lookup(phone), { status: 'unknown', since: null });
  assert.equal((await ask(phone)).status, 201);
});
