import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { announced } from '../support/records.js';
import { kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const minute = 60_000;
let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends, { organizations: [{ policy: { resubmissions: 2 } }] });
});

async function unreadable() {
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'rejected-image-integrity' });
  return { id, phone, applicant: world.stored(id).row.applicant_ref ?? '' };
}

test('unreadable pictures: the same link asks for new ones, with a time of its own', async () => {
  const { id, phone, applicant } = await unreadable();
  const { registration } = world.stored(id);
  assert.deepEqual(
    [registration.status, registration.result, world.identityStatus(id)],
    ['link_sent', 'RESUBMISSION_REQUESTED', 'pending'],
  );
  assert.ok(registration.expiresAt > world.clock.now() + 89 * minute);
  assert.deepEqual(kindsTo(world, phone), ['link', 'resubmission']);
  const links = world.texts(phone).map(({ body }) => /https:\S+/.exec(body)?.[0]);
  assert.equal(links[0], links[1]);
  const told = await world.kiosk.registration(id);
  assert.deepEqual([told.attempt, told.result], [2, 'RESUBMISSION_REQUESTED']);

  const customer = world.customer(world.textedLink(phone));
  assert.equal((await customer.standing()).page, 'again');
  world.onfido.decide(applicant, 'clear');
  await customer.goThrough();
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'resubmission', 'registered']);
});

test('the second check is made of new pictures only: a submit without them makes none', async () => {
  const { id, phone, applicant } = await unreadable();
  const checks = () => world.onfido.count('POST', '/checks');
  const before = checks();
  const customer = world.customer(world.textedLink(phone));
  await customer.start();
  await customer.session();
  await customer.submit();
  await world.pass(70_000);
  assert.equal(checks(), before);
  world.onfido.upload(applicant, { selfie: 'none' });
  await customer.submit();
  await world.settle();
  assert.equal(checks(), before, 'a new document with the old selfie is not enough');
  world.onfido.decide(applicant, 'clear');
  // pictures of the same second could not be told apart by age
  await world.pass(1_000);
  const [second] = world.onfido.upload(applicant).documentIds;
  await customer.submit();
  await world.pass(2_000);
  assert.equal(checks(), before + 1);
  const made = (
    world.onfido.state().checks as { wire: { applicant_id: string }; documentIds: string[] }[]
  ).filter(({ wire }) => wire.applicant_id === applicant);
  assert.equal(made.length, 2);
  assert.ok(made[1]?.documentIds.includes(second ?? '') && made[1].documentIds.length === 1);
  assert.equal(world.identityStatus(id), 'registered');
});

test('after the last attempt that is allowed, unreadable pictures are a refusal', async () => {
  const { id, phone } = await unreadable();
  for (let attempt = 2; attempt <= 3; attempt += 1) {
    await world.customer(world.textedLink(phone)).goThrough();
    await world.pass(2_000);
  }
  assert.equal(world.stored(id).registration.result, 'REJECTED_IMAGE_INTEGRITY');
  assert.equal(world.identityStatus(id), 'rejected');
  assert.deepEqual(kindsTo(world, phone), ['link', 'resubmission', 'resubmission', 'rejected_retry']);
});

test('a customer who never comes back expires, although the first attempt was checked', async () => {
  const { id, phone } = await unreadable();
  await world.pass(95 * minute);
  assert.equal(world.stored(id).registration.result, 'EXPIRED');
  assert.deepEqual(kindsTo(world, phone), ['link', 'resubmission', 'expired']);
  assert.deepEqual(announced(world, id).slice(-2), ['link_sent', 'expired']);
});

test('the provider’s late, better word about the first attempt ends the second', async () => {
  const { id, phone, applicant } = await unreadable();
  const checkRef = world.stored(id).checks[0]?.check_ref ?? '';
  world.onfido.decide(checkRef, 'suspected');
  world.onfido.decide(applicant, 'clear');
  world.onfido.reopen(checkRef);
  await world.settle();
  world.onfido.complete(checkRef);
  await world.pass(2_000);
  assert.equal(world.stored(id).registration.result, 'SUSPECTED');
  assert.equal(world.identityStatus(id), 'rejected');
  assert.equal(kindsTo(world, phone).at(-1), 'rejected');
});
