import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Kiosk } from '../support/kiosk.js';
import { announced, openCauses } from '../support/records.js';
import { capture, kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
let american: Kiosk;
const ends = endsOfFile();

before(async () => {
  const sharedToken = { apiToken: { secret: 'ONFIDO_API_TOKEN' } };
  world = await startWorld(ends, {
    organizations: [
      { countries: ['CZ', 'SK'], language: 'cs' },
      { id: 'us', countries: ['US', 'CZ'], onfido: sharedToken },
    ],
  });
  american = await world.addKiosk('Lobby', 'us');
});

async function reach(phone: string, kiosk = world.kiosk, body: object = {}) {
  const made = await kiosk.register({ phone, ...body });
  await world.settle();
  return { ...made, texted: world.textedLink(phone) };
}

test('a customer is asked for nothing but the link, and the kiosk sees every step', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone });
  assert.deepEqual(announced(world, id), ['created', 'link_sent', 'opened', 'submitted', 'decided']);
  assert.equal(world.identityStatus(id), 'registered');
  await world.pass(2_000);
  const told = await world.kiosk.registration(id);
  assert.deepEqual(
    told.notices.map(({ kind, status, segments }) => [kind, status, segments]),
    [
      ['link', 'delivered', 2],
      ['registered', 'delivered', 1],
    ],
  );
});

test('the link in the SMS and the one the kiosk shows are two, and the texts are in the customer’s language', async () => {
  const phone = newPhone();
  const { verificationUrl, texted } = await reach(phone, world.kiosk, { language: 'de-AT' });
  assert.notEqual(new URL(verificationUrl).pathname, new URL(texted).pathname);
  assert.match(world.texts(phone)[0]?.body ?? '', /bitte/i);
  const page = await world.customer(texted).get();
  assert.match(page.text, /lang="de"/);
});

test('opening pages changes nothing and makes no token: messengers fetch links to preview them', async () => {
  const phone = newPhone();
  const { id, texted } = await reach(phone);
  const before = world.onfido.calls.length;
  for (const below of ['', '/capture', '/start', '/submit', '/status.json', '/help/camera'])
    await world.customer(texted).get(below);
  await world.settle();
  assert.equal(world.onfido.calls.length, before);
  assert.equal(world.stored(id).registration.status, 'link_sent');
});

test('where consent is due no token is made before it was given, and it reaches the provider', async () => {
  const phone = newPhone();
  const { id, texted } = await reach(phone, american);
  const customer = world.customer(texted);
  assert.match((await customer.get()).text, /name="consent"/);
  assert.equal((await customer.start()).status, 422);
  assert.equal((await customer.session()).status, 409);
  assert.equal(world.stored(id).registration.status, 'link_sent');
  assert.equal(world.stored(id).row.consent_at, null);
  const tokens = world.onfido.count('POST', '/sdk_token');
  assert.equal((await customer.start(true)).status, 303);
  assert.notEqual(world.stored(id).row.consent_at, null);
  assert.equal((await customer.session()).status, 200);
  assert.equal(world.onfido.count('POST', '/sdk_token'), tokens + 1);
  customer.upload();
  await customer.submit();
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
});

test('where the kiosk says another country, no consent is asked for', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, kiosk: american, body: { country: 'CZ' } });
  assert.equal(world.stored(id).row.consent_at, null);
  assert.equal(world.identityStatus(id), 'registered');
});

test('a customer who came only through the kiosk’s link waits for a person', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, link: 'shown' });
  assert.equal(world.identityStatus(id), 'awaiting_registration');
  assert.deepEqual(openCauses(world, id), ['phone_not_proven']);
  assert.deepEqual(kindsTo(world, phone), ['link', 'awaiting']);
  const told = await world.kiosk.registration(id);
  assert.deepEqual([told.result, told.reasonCodes], ['CLEAR', ['policy.phone_not_proven']]);
});

test('a kiosk that vouches for the number has its customers registered through its own link', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, link: 'shown', body: { phoneVerified: true } });
  assert.equal(world.identityStatus(id), 'registered');
});

test('a customer who began with the kiosk’s link and went on with the SMS is registered', async () => {
  const phone = newPhone();
  const { id, verificationUrl, texted } = await reach(phone);
  await world.customer(verificationUrl).start();
  await world.customer(texted).goThrough();
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
});

test('opening the SMS link after the verdict proves nothing any more', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, link: 'shown' });
  const customer = world.customer(world.textedLink(phone));
  assert.equal((await customer.get()).status, 200);
  await customer.start();
  await customer.session();
  await world.pass(1_000);
  assert.equal(world.identityStatus(id), 'awaiting_registration');
});

test('a second tap, a reload and a second session change nothing: one check', async () => {
  const phone = newPhone();
  const { id, texted } = await reach(phone);
  const customer = world.customer(texted);
  await Promise.all([customer.start(), customer.start()]);
  await Promise.all([customer.session(), customer.session()]);
  await customer.session();
  customer.upload();
  await Promise.all([customer.submit(), customer.submit(), customer.submit()]);
  await world.settle();
  await customer.submit();
  await world.pass(2_000);
  const applicant = world.stored(id).row.applicant_ref;
  const checks = world.onfido.state().checks as { wire: { applicant_id: string } }[];
  assert.equal(checks.filter(({ wire }) => wire.applicant_id === applicant).length, 1);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('the customer’s page follows from submitted to done, and a finished link starts nothing', async () => {
  const phone = newPhone();
  const { texted } = await reach(phone);
  const customer = world.customer(texted);
  assert.deepEqual(await customer.standing(), { page: 'welcome', final: true });
  await customer.goThrough();
  assert.equal((await customer.standing()).page, 'submitted');
  await world.pass(2_000);
  assert.deepEqual(await customer.standing(), { page: 'registered', final: true });
  const tokens = world.onfido.count('POST', '/sdk_token');
  assert.equal((await customer.session()).status, 409);
  assert.equal((await customer.start()).status, 303);
  assert.equal(world.onfido.count('POST', '/sdk_token'), tokens);
});

test('a hint without photos goes back to the capture after a minute', async () => {
  const phone = newPhone();
  const { id, texted } = await reach(phone);
  const customer = world.customer(texted);
  await customer.start();
  await customer.session();
  await customer.submit();
  assert.equal((await customer.standing()).page, 'submitted');
  await world.pass(70_000);
  assert.equal((await customer.standing()).page, 'continue');
  customer.upload();
  await customer.submit();
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
});

test('a registration without texts goes through the kiosk’s link and texts nobody', async () => {
  const phone = newPhone();
  const { id, verificationUrl } = await world.kiosk.register({ phone, notify: 'none', phoneVerified: true });
  await world.settle();
  await world.customer(verificationUrl).goThrough();
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), []);
  assert.deepEqual((await world.kiosk.registration(id)).notices, []);
});

test('names told by the kiosk are the applicant’s, else the placeholder', async () => {
  const applicants = () =>
    (
      world.onfido.state().applicants as { wire: { id: string; first_name: string; last_name: string } }[]
    ).map(({ wire }) => wire);
  const named = await capture(world, {
    phone: newPhone(),
    body: { firstName: 'Božena', lastName: 'Němcová' },
  });
  const unnamed = await capture(world, { phone: newPhone() });
  const nameOf = (id: string) => {
    const applicant = applicants().find(each => each.id === world.stored(id).row.applicant_ref);
    return `${applicant?.first_name} ${applicant?.last_name}`;
  };
  assert.deepEqual([nameOf(named), nameOf(unnamed)], ['Božena Němcová', 'Unnamed Customer']);
});

test('a link nobody knows is the same page for GET and POST', async () => {
  const strange = world.customer('https://kyc.example.net/v/AAAAAAAAAAAAAAAAAAAAAAAAAAA');
  assert.deepEqual([(await strange.get()).status, (await strange.start()).status], [404, 404]);
  assert.equal((await strange.submit()).status, 404);
});
