import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { applicantOf } from '../support/customer.js';
import { type ExternalSite, startExternalSite } from '../support/external-site.js';
import type { Kiosk } from '../support/kiosk.js';
import { openCauses } from '../support/records.js';
import { kindsTo, newPhone } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
let site: ExternalSite;
const ends = endsOfFile();

before(async () => {
  // the order of closing: the site outlives the gateway that speaks to it
  site = await startExternalSite(ends, url => {
    const { host, pathname } = new URL(url);
    assert.equal(host, 'kyc.example.net:7743', 'the site calls what config/onfido says');
    return world.call('GET', pathname);
  });
  world = await startWorld(ends, { organizations: [{ verificationSite: site.url }] });
});

async function ask(kiosk: Kiosk, body: object = {}) {
  const phone = newPhone();
  const made = await kiosk.register({ phone, ...body });
  await world.settle();
  return { phone, ...made };
}

function shownAt(phone: string) {
  const link = new URL(world.textedLink(phone));
  return { link, applicantId: link.searchParams.get('a') ?? '' };
}

test('the site is told of the applicant before the link to it is texted, and its submit makes the check', async () => {
  const { id, phone } = await ask(world.kiosk, { language: 'es' });
  const { link, applicantId } = shownAt(phone);
  assert.equal(`${link.origin}${link.pathname}`, site.url);
  assert.equal(link.searchParams.get('lang'), 'es_ES');
  assert.deepEqual(site.registered.at(-1)?.serverUrl, 'https://kyc.example.net:7743');
  assert.equal(applicantOf(site.token(applicantId) ?? ''), applicantId);
  world.onfido.upload(applicantId);
  assert.equal(await site.submit(applicantId), 204);
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('submit answers 204 to anybody, with any method and body, and makes nothing of unknown ids', async () => {
  const calls = world.onfido.calls.length;
  for (const prefix of ['', '/server'])
    for (const name of ['00000000-0000-4000-8000-000000000000', 'x', '%00', '..%2f', 'A'.repeat(190)]) {
      const path = `${prefix}/serverapi/apiv1/identity-check/submit/${name}`;
      assert.equal((await world.call('GET', path)).status, 204);
      assert.equal((await world.call('POST', path, { body: { any: 'thing' } })).status, 204);
      const odd = { body: Buffer.from('<x/>'), headers: { 'content-type': 'text/xml' } };
      assert.equal((await world.call('POST', path, odd)).status, 204);
    }
  await world.settle();
  assert.equal(world.onfido.calls.length, calls);
});

test('submit before any photo is a hint that comes to nothing, and later ones make one check', async () => {
  const { id, phone } = await ask(world.kiosk);
  const { applicantId } = shownAt(phone);
  await site.submit(applicantId);
  await world.pass(3_000);
  assert.equal(world.stored(id).registration.status, 'link_sent');
  world.onfido.upload(applicantId, { selfie: 'none' });
  await site.submit(applicantId);
  await world.settle();
  assert.equal(world.stored(id).registration.status, 'link_sent');
  world.onfido.upload(applicantId);
  await Promise.all([1, 2, 3].map(() => site.submit(applicantId)));
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.equal(world.stored(id).checks.length, 1);
});

test('nothing is texted as long as the site does not know the applicant', async () => {
  site.refuse(2);
  const { id, phone } = await ask(world.kiosk);
  assert.deepEqual(kindsTo(world, phone), []);
  await world.pass(20_000);
  assert.deepEqual(kindsTo(world, phone), ['link']);
  assert.equal(world.stored(id).registration.status, 'link_sent');
  assert.equal(site.registered.filter(each => each.applicantId === shownAt(phone).applicantId).length, 1);
});

test('the kiosk’s link leads on to the site, and a customer who used it waits', async () => {
  const { id, phone, verificationUrl } = await ask(world.kiosk);
  const { applicantId } = shownAt(phone);
  const customer = world.customer(verificationUrl);
  const { headers } = await customer.get();
  const went = await customer.start();
  assert.equal(went.status, 303);
  const leadsTo = new URL(String(went.headers.location));
  assert.equal(leadsTo.searchParams.get('a'), applicantId);
  // browsers hold the redirect that answers a form against the page's policy
  const allowed = /form-action ([^;]*)/.exec(String(headers['content-security-policy']))?.[1];
  assert.deepEqual(allowed?.split(' '), ["'self'", leadsTo.origin]);
  world.onfido.upload(applicantId);
  await site.submit(applicantId);
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'awaiting_registration');
  assert.deepEqual(openCauses(world, id), ['phone_not_proven']);
});

test('a link whose time is over expires, unless photos are found at the provider', async () => {
  const lost = await ask(world.kiosk);
  const found = await ask(world.kiosk);
  world.onfido.upload(shownAt(found.phone).applicantId);
  await world.pass(91 * 60_000);
  assert.deepEqual(
    [world.stored(lost.id).registration.result, world.stored(found.id).registration.result],
    ['EXPIRED', 'CLEAR'],
  );
  assert.deepEqual(kindsTo(world, lost.phone), ['link', 'expired']);
  assert.deepEqual(kindsTo(world, found.phone), ['link', 'registered']);
});
