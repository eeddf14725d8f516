import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Kiosk } from '../support/kiosk.js';
import { alertsAbout } from '../support/records.js';
import { capture, kindsTo, newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const minute = 60_000;
const messages = '/2010-04-01/Accounts/*/Messages.json';
let world: World;
let tight: Kiosk;
let worded: Kiosk;
const ends = endsOfFile();

before(async () => {
  const onfido = { apiToken: { secret: 'ONFIDO_API_TOKEN' } };
  world = await startWorld(ends, {
    organizations: [
      {},
      { id: 'tight', sms: { perNumberDaily: 2, perKioskDaily: 3 }, onfido },
      { id: 'worded', language: 'cs', texts: { link: { cs: 'Overte se prosim: {link}' } }, onfido },
    ],
  });
  tight = await world.addKiosk('Lobby', 'tight');
  worded = await world.addKiosk('Lobby', 'worded');
});

async function ask(kiosk: Kiosk, phone: string) {
  const answer = await kiosk.post('/api/v1/registrations', { phone });
  await world.settle();
  return answer;
}

function codeOf(answer: { json<T>(): T }): string {
  return answer.json<{ error: { code: string } }>().error.code;
}

async function noticesOf(id: string) {
  return (await world.kiosk.registration(id)).notices.map(({ kind, status, errorCode }) => ({
    kind,
    status,
    ...(errorCode === undefined ? {} : { errorCode }),
  }));
}

test('a number that answered STOP gets nothing, is not tried again, and the kiosk is told', async () => {
  const phone = newPhone();
  world.twilio.refuse(phone, 'unsubscribed');
  const attempts = () => world.twilio.calls.filter(({ method }) => method === 'POST').length;
  const before = attempts();
  const { id } = await world.kiosk.register({ phone });
  await world.pass(10 * minute);
  assert.equal(attempts(), before + 1);
  assert.deepEqual(await noticesOf(id), [{ kind: 'link', status: 'unsubscribed', errorCode: '21610' }]);
});

for (const [how, code] of [
  ['invalid', '21211'],
  ['not-mobile', '21614'],
] as const) {
  test(`a number that Twilio calls ${how} is shown to the kiosk as undelivered`, async () => {
    const phone = newPhone();
    world.twilio.refuse(phone, how);
    const { id } = await world.kiosk.register({ phone });
    await world.settle();
    assert.deepEqual(await noticesOf(id), [{ kind: 'link', status: 'undelivered', errorCode: code }]);
  });
}

test('what becomes of a text afterwards reaches the kiosk, in whatever order it is told', async () => {
  const phone = newPhone();
  world.twilio.ends(phone, 'undelivered', 30003);
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  assert.deepEqual(await noticesOf(id), [{ kind: 'link', status: 'accepted' }]);
  await world.pass(2_000);
  assert.deepEqual(await noticesOf(id), [{ kind: 'link', status: 'undelivered', errorCode: '30003' }]);
  const [message] = world.twilio.messagesTo(phone);
  world.twilio.report(message?.sid ?? '', 'sent');
  await world.settle();
  assert.equal((await noticesOf(id))[0]?.status, 'undelivered', 'a late “sent” is no news');
  world.twilio.report(message?.sid ?? '', 'delivered');
  await world.settle();
  assert.deepEqual(await noticesOf(id), [{ kind: 'link', status: 'delivered' }]);
});

test('a status callback that Twilio did not sign changes nothing', async () => {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.pass(2_000);
  const [message] = world.twilio.messagesTo(phone);
  const form = new URLSearchParams({ MessageSid: message?.sid ?? '', MessageStatus: 'failed' });
  for (const headers of [{}, { 'x-twilio-signature': 'AAAA' }]) {
    const answer = await world.call('POST', '/sms/status', { body: form, headers });
    assert.deepEqual([answer.status, answer.text], [403, '']);
  }
  assert.equal((await noticesOf(id))[0]?.status, 'delivered');
});

test('a lost answer: the message is found at Twilio and not sent again', async () => {
  const phone = newPhone();
  world.twilio.fail({ kind: 'cut-after', method: 'POST', path: messages });
  const { id } = await world.kiosk.register({ phone });
  await world.pass(minute);
  assert.deepEqual(kindsTo(world, phone), ['link']);
  assert.equal((await noticesOf(id))[0]?.status, 'delivered');
  assert.equal(world.stored(id).registration.status, 'link_sent');
});

test('a lost answer: a customer who was quicker with the link than the gateway with asking is not told of as unsent', async () => {
  const phone = newPhone();
  world.twilio.fail({ kind: 'cut-after', method: 'POST', path: messages });
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  await world.customer(world.textedLink(phone)).goThrough();
  await world.pass(minute);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
  assert.equal((await noticesOf(id))[0]?.status, 'delivered');
});

test('a send that never arrived is sent again', async () => {
  const phone = newPhone();
  world.twilio.fail({ kind: 'cut', method: 'POST', path: messages });
  world.twilio.fail({ kind: 'status', status: 503, method: 'POST', path: messages });
  world.twilio.fail({ kind: 'status', status: 429, method: 'POST', path: messages, retryAfter: 30 });
  await world.kiosk.register({ phone });
  await world.pass(2 * minute);
  assert.deepEqual(kindsTo(world, phone), ['link']);
});

test('a resent link is a second message although its text is the same', async () => {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.pass(2 * minute);
  world.twilio.fail({ kind: 'cut-after', method: 'POST', path: messages });
  assert.equal((await world.kiosk.post(`/api/v1/registrations/${id}/resend`)).status, 200);
  await world.pass(minute);
  assert.deepEqual(kindsTo(world, phone), ['link', 'link']);
  const [first, second] = world.texts(phone);
  assert.equal(first?.body, second?.body);
});

test('a link is resent at most once a minute and three times', async () => {
  const { id } = await world.kiosk.register({ phone: newPhone() });
  const resend = () => world.kiosk.post(`/api/v1/registrations/${id}/resend`);
  const early = await resend();
  assert.deepEqual([early.status, codeOf(early)], [429, 'resend_too_soon']);
  assert.equal(early.headers['retry-after'], '60');
  for (let count = 0; count < 3; count += 1) {
    await world.pass(minute);
    assert.equal((await resend()).status, 200);
  }
  await world.pass(minute);
  const over = await resend();
  assert.deepEqual([over.status, codeOf(over)], [409, 'resend_used_up']);
});

test('a registration without texts, or one that is over, has nothing to resend', async () => {
  const silent = await world.kiosk.register({ phone: newPhone(), notify: 'none' });
  const refused = await world.kiosk.post(`/api/v1/registrations/${silent.id}/resend`);
  assert.deepEqual([refused.status, codeOf(refused)], [409, 'notify_none']);
  const done = await verify(world, { phone: newPhone() });
  await world.pass(minute);
  const late = await world.kiosk.post(`/api/v1/registrations/${done}/resend`);
  assert.deepEqual([late.status, codeOf(late)], [409, 'registration_closed']);
});

test('a number gets only so many texts in a day, the kiosk only so many in all', async () => {
  const phone = newPhone();
  assert.equal((await ask(tight, phone)).status, 201);
  await world.pass(91 * minute);
  assert.deepEqual(kindsTo(world, phone), ['link', 'expired']);
  const again = await ask(tight, phone);
  assert.deepEqual([again.status, codeOf(again)], [429, 'sms_limit_number']);
  assert.ok(Number(again.headers['retry-after']) > 0);
  assert.equal((await tight.lookup(phone)).status, 'pending', 'what is refused leaves no registration');
  assert.equal((await ask(tight, newPhone())).status, 201);
  const third = await ask(tight, newPhone());
  assert.deepEqual([third.status, codeOf(third)], [429, 'sms_limit_kiosk']);
});

test('all texts of the box have a cap of their own', async t => {
  const small = await startWorld(t, { settings: { sms: { totalDaily: 2 } }, sms: 'console' });
  assert.equal((await small.kiosk.post('/api/v1/registrations', { phone: newPhone() })).status, 201);
  const other = await small.addKiosk('Hall');
  assert.equal((await other.post('/api/v1/registrations', { phone: newPhone() })).status, 201);
  const over = await other.post('/api/v1/registrations', { phone: newPhone() });
  assert.deepEqual([over.status, codeOf(over)], [429, 'sms_limit_total']);
  await small.settle();
  assert.equal(small.printed.length, 2, 'the console vendor printed what was sent');
  assert.match(small.printed.join(''), /https:\/\/kyc\.example\.net\/v\//);
});

test('an operator’s own wording is used, in the customer’s language', async () => {
  const phone = newPhone();
  await worded.register({ phone });
  await world.settle();
  assert.match(world.texts(phone)[0]?.body ?? '', /^Overte se prosim: https:\/\/kyc\.example\.net\/v\/\S+$/);
  const other = newPhone();
  await worded.register({ phone: other, language: 'fr' });
  await world.settle();
  assert.match(world.texts(other)[0]?.body ?? '', /Example Coins/);
});

test('a text that waited while things moved on is not sent any more', async () => {
  const phone = newPhone();
  world.twilio.fail({ kind: 'status', status: 503, method: 'POST', path: messages, times: 3 });
  const { id, verificationUrl } = await world.kiosk.register({ phone, phoneVerified: true });
  await world.settle();
  await world.customer(verificationUrl).goThrough();
  await world.pass(minute);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['registered']);
  assert.deepEqual(
    (await noticesOf(id)).map(({ kind, status }) => `${kind} ${status}`),
    ['link skipped', 'registered delivered'],
  );
});

test('no number and no text is in the log', () => {
  assert.doesNotMatch(world.log.text(), /420777|kyc\.example\.net\/v\/[A-Za-z0-9_-]{10}/);
});

test('a text that waited while its verdict was taken back is not sent', async t => {
  const own = await startWorld(t);
  const phone = newPhone();
  const id = await capture(own, { phone });
  own.twilio.fail({ kind: 'status', status: 500, times: 1000 });
  await own.pass(2_000);
  assert.equal(own.identityStatus(id), 'registered');
  own.onfido.withdraw(own.stored(id).checks[0]?.check_ref ?? '');
  await own.settle();
  own.twilio.clearFaults();
  await own.pass(10 * minute);
  assert.equal(own.identityStatus(id), 'awaiting_registration');
  assert.deepEqual(kindsTo(own, phone), ['link']);
  // it is so after all, and nobody has said it yet
  own.decide(id, 'register');
  await own.pass(1_000);
  assert.deepEqual(kindsTo(own, phone), ['link', 'registered']);
});

test('texts that the vendor refuses are told to the operator, once an hour for each reason', async t => {
  const own = await startWorld(t);
  const body = { code: 21606, message: 'not a valid sender', status: 400 };
  own.twilio.fail({ kind: 'status', status: 400, method: 'POST', times: 1000, body });
  for (let i = 0; i < 3; i++) await own.kiosk.register({ phone: newPhone() });
  await own.settle();
  assert.deepEqual(alertsAbout(own, '1 21606'), ['text_refused']);
  await own.pass(61 * minute);
  await own.kiosk.register({ phone: newPhone() });
  await own.settle();
  assert.deepEqual(alertsAbout(own, '1 21606'), ['text_refused', 'text_refused']);
});
