import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { command as kioskCommand } from '../../src/cli/kiosk.js';
import { sql } from '../../src/store/db.js';
import { runInTerminal } from '../cli/terminal.js';
import { type Answer, call } from '../support/call.js';
import { openEvents } from '../support/event-stream.js';
import type { Kiosk } from '../support/kiosk.js';
import { newPhone } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
let foreign: Kiosk;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends, {
    organizations: [
      { countries: ['CZ', 'SK'] },
      { id: 'two', onfido: { apiToken: { secret: 'ONFIDO_API_TOKEN' } } },
    ],
  });
  foreign = await world.addKiosk('Lobby', 'two');
});

function errorOf(answer: Answer) {
  return answer.json<{ error: { code: string; message: string; field?: string } }>().error;
}

function registrationCount(): number {
  return world.gateway.store.main.all(sql.selectFrom('registrations').select('id')).length;
}

const api = '/api/v1/registrations';

test('without the right key every address of the API answers 401 and nothing else', async () => {
  const { id } = await world.kiosk.register({ phone: newPhone() });
  const origin = { origin: world.gateway.addresses.private };
  const keys = [
    {},
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: `Bearer ${world.kiosk.key}x` },
    { authorization: `Bearer ${world.kiosk.key.slice(0, -1)}` },
    { authorization: `Basic ${Buffer.from(`kiosk:${world.kiosk.key}`).toString('base64')}` },
    { authorization: `Bearer ${world.kiosk.key.toUpperCase()}` },
    { authorization: world.kiosk.key },
    { authorization: `Bearer gh_kiosk_${'A'.repeat(43)}` },
    { 'x-api-key': world.kiosk.key },
  ] as Record<string, string>[];
  for (const headers of keys)
    for (const [method, path] of [
      ['POST', api],
      ['GET', `${api}/${id}`],
      ['GET', `${api}/${id}/qr.svg`],
      ['POST', `${api}/${id}/resend`],
      ['GET', `${api}/${id}/events`],
      ['POST', '/api/v1/identities/lookup'],
    ] as const) {
      const body = method === 'POST' ? { phone: newPhone() } : undefined;
      const answer = await call(origin, method, path, { headers, body });
      assert.equal(answer.status, 401, `${method} ${path} ${JSON.stringify(headers)}`);
      assert.equal(errorOf(answer).code, 'unauthorized');
    }
});

test('a revoked key no longer works', async () => {
  const kiosk = await world.addKiosk('Old machine');
  assert.equal((await kiosk.lookup(newPhone())).status, 'unknown');
  const { env, dir } = world.installation;
  const argv = ['revoke', 'Old machine', '--organization', '1'];
  assert.equal((await runInTerminal(kioskCommand, argv, { cwd: dir, env })).code, 0);
  assert.equal((await kiosk.post('/api/v1/identities/lookup', { phone: newPhone() })).status, 401);
});

test('what belongs to another organization does not exist', async () => {
  const { id } = await world.kiosk.register({ phone: newPhone() });
  for (const below of ['', '/qr.svg', '/events']) {
    const answer = await foreign.get(`${api}/${id}${below}`);
    assert.deepEqual([answer.status, errorOf(answer).code], [404, 'not_found']);
    const absent = await foreign.get(`${api}/reg_nothing${below}`);
    assert.equal(absent.text, answer.text, 'no difference to what never existed');
  }
  assert.equal((await foreign.post(`${api}/${id}/resend`)).status, 404);
  assert.equal((await world.kiosk.get(`${api}/${id}`)).status, 200);
});

const phone = () => newPhone();
const badBodies: readonly [
  what: string,
  body: unknown,
  status: number,
  code: string,
  field: string | undefined,
][] = [
  ['nothing', undefined, 400, 'body_invalid', undefined],
  ['null', null, 400, 'body_invalid', undefined],
  ['a list', [], 400, 'body_invalid', undefined],
  ['a text', '"x"', 400, 'body_invalid', undefined],
  ['no phone', {}, 400, 'body_invalid', 'phone'],
  ['a number as phone', { phone: 420777123456 }, 400, 'body_invalid', 'phone'],
  ['an overlong phone', { phone: '1'.repeat(61) }, 400, 'body_invalid', 'phone'],
  ['letters as phone', { phone: '+420 777 CALL' }, 400, 'phone_invalid', 'phone'],
  ['too few digits', { phone: '+42077' }, 400, 'phone_invalid', 'phone'],
  ['full-width digits', { phone: '＋４２０７７７１２３４５６' }, 400, 'phone_invalid', 'phone'],
  ['another country', { phone: '+1 415 555 2671' }, 422, 'phone_country_not_allowed', 'phone'],
  ['a landline', { phone: '+420 221 111 111' }, 422, 'phone_not_mobile', 'phone'],
  ['an unknown field', { phone: phone(), name: 'Jan' }, 400, 'body_invalid', 'name'],
  [
    'a language that is none',
    { phone: phone(), language: 'czech language' },
    400,
    'body_invalid',
    'language',
  ],
  ['a country of three letters', { phone: phone(), country: 'CZE' }, 400, 'body_invalid', 'country'],
  ['an empty name', { phone: phone(), firstName: ' ' }, 400, 'body_invalid', 'firstName'],
  ['a name of symbols', { phone: phone(), lastName: '<script>' }, 400, 'body_invalid', 'lastName'],
  ['an overlong name', { phone: phone(), lastName: 'a'.repeat(101) }, 400, 'body_invalid', 'lastName'],
  ['a name with a line break', { phone: phone(), lastName: 'a\nb' }, 400, 'body_invalid', 'lastName'],
  ['phoneVerified as a word', { phone: phone(), phoneVerified: 'yes' }, 400, 'body_invalid', 'phoneVerified'],
  ['no UUID', { phone: phone(), kratosIdentityId: '42' }, 400, 'body_invalid', 'kratosIdentityId'],
  [
    'the nil UUID',
    { phone: phone(), kratosIdentityId: '00000000-0000-0000-0000-000000000000' },
    400,
    'body_invalid',
    'kratosIdentityId',
  ],
  ['another way to notify', { phone: phone(), notify: 'email' }, 400, 'body_invalid', 'notify'],
];

for (const [what, body, status, code, field] of badBodies) {
  test(`${what} in a registration's body: ${status} ${code}${field ? ` naming ${field}` : ''}`, async () => {
    const before = registrationCount();
    const raw = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await call({ origin: world.gateway.addresses.private }, 'POST', api, {
      headers: { authorization: `Bearer ${world.kiosk.key}`, 'content-type': 'application/json' },
      body: raw,
    });
    assert.equal(answer.status, status, answer.text);
    const error = errorOf(answer);
    assert.deepEqual([error.code, error.field], [code, field]);
    assert.ok(error.message.length > 10);
    assert.doesNotMatch(error.message, /420777|zod|undefined|\[object/i);
    assert.equal(registrationCount(), before);
  });
}

test('a body that is no JSON, too large, or of another type has a code of its own', async () => {
  const post = (body: string, type = 'application/json') =>
    call({ origin: world.gateway.addresses.private }, 'POST', api, {
      headers: { authorization: `Bearer ${world.kiosk.key}`, 'content-type': type },
      body,
    });
  for (const [answer, status] of [
    [await post('{"phone":'), 400],
    [await post('{"__proto__":{"phone":"x"}}'), 400],
    [await post(JSON.stringify({ phone: ' '.repeat(70_000) })), 413],
    [await post('phone=1', 'application/x-www-form-urlencoded'), 415],
  ] as const) {
    assert.equal(answer.status, status);
    assert.match(errorOf(answer).code, /^[a-z_]+$/);
  }
});

test('an address that does not take the method says which it takes', async () => {
  const answer = await world.kiosk.get('/api/v1/identities/lookup');
  assert.deepEqual([answer.status, answer.headers.allow], [405, 'POST']);
});

test('the QR code carries the kiosk’s link and is no page to run scripts in', async () => {
  const { id } = await world.kiosk.register({ phone: newPhone() });
  const answer = await world.kiosk.get(`${api}/${id}/qr.svg`);
  assert.equal(answer.status, 200);
  assert.match(String(answer.headers['content-type']), /^image\/svg\+xml/);
  assert.match(answer.text, /^<svg[^>]*viewBox/);
  assert.doesNotMatch(answer.text, /<script|https:\/\/kyc/);
  assert.equal(answer.headers['cache-control'], 'no-store');
});

test('events are told as they happen, from the beginning or from where a kiosk left off', async t => {
  const number = newPhone();
  const { id } = await world.kiosk.register({ phone: number });
  const path = `${api}/${id}/events`;
  const headers = { authorization: `Bearer ${world.kiosk.key}` };
  const stream = await openEvents(t, world.gateway.addresses.private, path, headers);
  assert.deepEqual([stream.status, stream.type], [200, 'text/event-stream; charset=utf-8']);
  await world.settle();
  await world.customer(world.textedLink(number)).goThrough();
  await world.pass(3_000);
  // the streams look at the table twice a second
  await world.pass(1_000);
  await stream.untilCount(5);
  const told = stream.events.map(({ event }) => event);
  assert.deepEqual(told, ['created', 'link_sent', 'opened', 'submitted', 'decided']);
  assert.ok(stream.events.every(({ event, data }) => event === data.status && Date.parse(data.at) > 0));

  const third = stream.events[2]?.id ?? '';
  const later = await openEvents(t, world.gateway.addresses.private, path, {
    ...headers,
    'last-event-id': third,
  });
  await later.untilCount(2);
  assert.deepEqual(
    later.events.map(({ event }) => event),
    ['submitted', 'decided'],
  );

  const odd = await openEvents(t, world.gateway.addresses.private, path, {
    ...headers,
    'last-event-id': 'x'.repeat(40),
  });
  await odd.untilCount(5);
  assert.equal(odd.events.length, 5);
});

test('a quiet stream is kept alive, hears what another process decided, and ends with the gateway', async t => {
  const own = await startWorld(t, { organizations: [{ autoRegistration: false }] });
  const number = newPhone();
  const { id } = await own.kiosk.register({ phone: number });
  await own.settle();
  await own.customer(own.textedLink(number)).goThrough();
  await own.pass(3_000);
  const stream = await openEvents(t, own.gateway.addresses.private, `${api}/${id}/events`, {
    authorization: `Bearer ${own.kiosk.key}`,
  });
  await own.pass(1_000);
  await stream.untilCount(5);
  assert.equal(stream.events.at(-1)?.event, 'in_review');
  await own.pass(20_000);
  await stream.untilText('\n: still here\n');
  own.decide(id, 'register');
  await own.pass(1_000);
  await stream.untilCount(6);
  assert.equal(stream.events.at(-1)?.event, 'decided');
  await Promise.all([own.stop(), stream.ended]);
});

test('a stream that can no longer be read from the database ends, and goes on where it was', async t => {
  const own = await startWorld(t);
  const { id } = await own.kiosk.register({ phone: newPhone() });
  await own.settle();
  const headers = { authorization: `Bearer ${own.kiosk.key}` };
  const open = (more: object = {}) =>
    openEvents(t, own.gateway.addresses.private, `${api}/${id}/events`, { ...headers, ...more });
  const stream = await open();
  await stream.untilCount(2);
  const { raw } = own.gateway.store.main;
  raw.exec('ALTER TABLE registration_events RENAME TO elsewhere');
  await own.pass(1_000);
  await stream.ended;
  assert.ok(own.log.messages().includes('a stream of events ended early'));
  raw.exec('ALTER TABLE elsewhere RENAME TO registration_events');
  own.decide(id, 'reject');
  const again = await open({ 'last-event-id': stream.events.at(-1)?.id ?? '' });
  await again.untilCount(1);
  assert.deepEqual(
    again.events.map(({ event }) => event),
    ['decided'],
  );
});

test('a registration whose provider refuses the applicant fails, and the operator is told', async () => {
  world.onfido.fail({ kind: 'status', status: 422, method: 'POST', path: '/applicants' });
  const { id } = await world.kiosk.register({ phone: newPhone() });
  await world.settle();
  const told = await world.kiosk.registration(id);
  assert.equal(told.status, 'failed');
});

test('health and readiness are served here, and other addresses are not', async () => {
  const origin = { origin: world.gateway.addresses.private };
  for (const path of ['/healthz', '/readyz']) assert.equal((await call(origin, 'GET', path)).status, 200);
  const answer = await call(origin, 'GET', '/v/anything');
  assert.equal(answer.status, 404);
});
