/** An external site's token lives for 90 minutes, however long the link does: the site is told anew in time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExternalSite, startExternalSite } from '../support/external-site.js';
import { kindsTo, newPhone } from '../support/verify.js';
import { type Ends, startWorld, type World, type WorldOptions } from '../support/world.js';

const minute = 60_000;

interface Told {
  readonly world: World;
  readonly site: ExternalSite;
}

async function startTold(t: Ends, organization: object = {}, more: WorldOptions = {}): Promise<Told> {
  const site = await startExternalSite(t, url => world.call('GET', new URL(url).pathname));
  const organizations = [{ verificationSite: site.url, ...organization }];
  const world: World = await startWorld(t, { ...more, organizations });
  return { world, site };
}

async function ask(world: World) {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  return { id, phone, applicant: world.stored(id).row.applicant_ref ?? '' };
}

async function resend(world: World, id: string): Promise<void> {
  const { status, text } = await world.kiosk.post(`/api/v1/registrations/${id}/resend`);
  assert.equal(status, 200, text);
  await world.settle();
}

/** When the token that the site has of the applicant ends; tokens say so in whole seconds. */
function endOfToken({ site }: Told, applicant: string): number {
  const [, payload = ''] = (site.token(applicant) ?? '').split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }).exp * 1000;
}

test('a link that is texted once more leads to a page whose token ends no earlier than the link', async t => {
  const told = await startTold(t);
  const { world, site } = told;
  const { id, phone, applicant } = await ask(world);
  await world.pass(80 * minute);
  await resend(world, id);
  assert.equal(site.registered.length, 2);
  assert.ok(endOfToken(told, applicant) >= world.stored(id).registration.expiresAt);
  assert.deepEqual(kindsTo(world, phone), ['link', 'link']);
  await world.pass(80 * minute);
  world.onfido.upload(applicant);
  await site.submit(applicant);
  await world.pass(2_000);
  assert.equal(world.identityStatus(id), 'registered');
  assert.equal(site.registered.length, 2, 'what is submitted needs no token');
});

test('the second text waits for the site as the first one does, and counts from the moment it was asked for', async t => {
  const { world, site } = await startTold(t);
  site.refuse(2);
  const { id, phone } = await ask(world);
  const notices = async () => (await world.kiosk.registration(id)).notices.map(({ status }) => status);
  assert.deepEqual([await notices(), kindsTo(world, phone)], [['queued'], []]);
  await world.pass(2 * minute);
  assert.deepEqual(kindsTo(world, phone), ['link']);
  site.refuse(3);
  await resend(world, id);
  assert.deepEqual([(await notices()).at(-1), kindsTo(world, phone)], ['queued', ['link']]);
  const tooSoon = await world.kiosk.post(`/api/v1/registrations/${id}/resend`);
  assert.equal(tooSoon.status, 429, tooSoon.text);
  await world.pass(minute);
  assert.deepEqual(kindsTo(world, phone), ['link', 'link']);
});

test('a text that still waits for the site when the link’s time is over is not sent', async t => {
  const { world, site } = await startTold(t);
  site.refuse(1_000);
  const { id, phone } = await ask(world);
  await world.pass(90 * minute);
  site.refuse(0);
  await world.pass(120 * minute);
  assert.deepEqual(kindsTo(world, phone), ['expired']);
  const [link] = (await world.kiosk.registration(id)).notices;
  assert.deepEqual([link?.kind, link?.status], ['link', 'skipped']);
  assert.equal(site.registered.length, 0);
});

test('a new attempt gets a token of its own before the customer is asked for it', async t => {
  const told = await startTold(t, { policy: { resubmissions: 1 } });
  const { world, site } = told;
  const { id, phone, applicant } = await ask(world);
  await world.pass(80 * minute);
  world.onfido.decide(applicant, 'rejected-image-integrity');
  world.onfido.upload(applicant);
  site.refuse(1);
  await site.submit(applicant);
  await world.settle();
  await world.pass(600);
  assert.deepEqual([world.stored(id).checks.length, kindsTo(world, phone)], [2, ['link']]);
  await world.pass(minute);
  assert.deepEqual(kindsTo(world, phone), ['link', 'resubmission']);
  assert.equal(site.registered.length, 2);
  // made when it was asked for, at some millisecond of the second that it says
  assert.ok(endOfToken(told, applicant) > world.stored(id).registration.expiresAt - 1_000);
});

test('where links live longer than a token the site has one that lives, until the customer is done', async t => {
  const told = await startTold(t, {}, { settings: { times: { link: '6h' } } });
  const { world, site } = told;
  const { phone, applicant } = await ask(world);
  for (let passed = 0; passed < 280; passed += 10) {
    await world.pass(10 * minute);
    assert.ok(endOfToken(told, applicant) > world.clock.now() + 4 * minute, `after ${passed} minutes`);
  }
  const times = site.registered.length;
  assert.ok(times >= 4 && times <= 5, `${times} tokens`);
  assert.deepEqual(kindsTo(world, phone), ['link']);
  world.onfido.upload(applicant);
  await site.submit(applicant);
  await world.pass(120 * minute);
  assert.equal(site.registered.length, times);
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('where no applicant can be made the held text is not sent, and says so', async t => {
  const { world, site } = await startTold(t);
  world.onfido.fail({ kind: 'status', status: 422, method: 'POST', path: '/applicants' });
  const { id, phone } = await ask(world);
  const { status, notices } = await world.kiosk.registration(id);
  assert.deepEqual([status, notices.map(notice => notice.status)], ['failed', ['skipped']]);
  assert.deepEqual([kindsTo(world, phone), site.registered.length], [[], 0]);
});
