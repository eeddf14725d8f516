import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import twilio from 'twilio';
import { createSmsVendor } from '../../../src/effects/notices/vendors/registry.js';
import { isNews, SmsError } from '../../../src/effects/notices/vendors/vendor.js';
import { TestClock } from '../../support/clock.js';
import { createLoopbackOutbound } from '../loopback-outbound.js';
import { smsVendorContract } from './contract.js';
import { startFakeTwilio } from './fake-twilio.js';

const to = '+420601234567';
const body = 'Coin Corner: verify here: https://kyc.example.net/v/q7Zt1yKfPz0uWc9L';
const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
const authToken = 'f3a9c0d2b14e5f60718293a4b5c6d7e8';
const never = new AbortController().signal;

async function build(t: TestContext, from = '+15005550006') {
  const clock = new TestClock();
  const fake = await startFakeTwilio(t, clock);
  const outbound = createLoopbackOutbound();
  const vendor = createSmsVendor(
    { vendor: 'twilio', totalDaily: 100, twilio: { accountSid, authToken, from, apiBase: fake.base } },
    { clock, outbound, stream: { write: () => assert.fail('nothing is printed') } },
  );
  return { vendor, clock, fake, outbound };
}

async function failure(call: Promise<unknown>): Promise<SmsError> {
  const error = await call.then(
    () => assert.fail('the call should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SmsError, String(error));
  const told = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
  for (const secret of [to, to.slice(1), body, 'kyc.example.net', authToken, accountSid])
    assert.ok(!told.includes(secret), `the error tells ${secret}`);
  return error;
}

smsVendorContract('twilio', async t => {
  const { vendor, clock, fake } = await build(t);
  const sent = () =>
    fake.messages.map(({ form }) => ({ to: form.get('To') ?? '', body: form.get('Body') ?? '' })).reverse();
  return { vendor, clock, sent };
});

test('a message carries sender, callback and credentials, and tells its segments', async t => {
  const { vendor, fake, outbound } = await build(t);
  const statusCallback = 'https://kyc.example.net/sms/status';
  const result = await vendor.send({ to, body, statusCallback }, never);
  const [message] = fake.messages;
  assert.equal(result.ref, message?.sid);
  assert.equal(result.segments, 1);
  assert.deepEqual(Object.fromEntries(message?.form ?? []), {
    To: to,
    Body: body,
    From: '+15005550006',
    StatusCallback: statusCallback,
  });
  assert.equal(fake.requests[0]?.url, `/2010-04-01/Accounts/${accountSid}/Messages.json`);
  const basic = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  assert.equal(fake.requests[0]?.headers.authorization, `Basic ${basic}`);
  assert.equal(outbound.requests.length, 1, 'everything goes through the guarded client');
});

test('an organization may have its own sender, and a messaging service is one', async t => {
  const { vendor, fake } = await build(t, `MG${'0'.repeat(32)}`);
  await vendor.send({ to, body }, never);
  await vendor.send({ to, body, from: 'Gatehouse' }, never);
  const [second, first] = fake.messages;
  assert.equal(first?.form.get('MessagingServiceSid'), `MG${'0'.repeat(32)}`);
  assert.equal(first?.form.has('From'), false);
  assert.equal(second?.form.get('From'), 'Gatehouse');
  assert.equal(second?.form.has('MessagingServiceSid'), false);
});

test('a message whose answer was lost is found and need not be sent again', async t => {
  const { vendor, clock, fake } = await build(t);
  const since = clock.now() + 400;
  fake.loseNextAnswer();
  const error = await failure(vendor.send({ to, body }, never));
  assert.equal(error.kind, 'later');
  assert.equal(error.mayHaveActed, true);
  const found = await vendor.find({ to, body, since }, never);
  assert.deepEqual(found, { ref: fake.messages[0]?.sid, status: 'accepted' });
  assert.equal(fake.messages.length, 1);
});

test('a message that never reached Twilio is known to be unsent', async t => {
  const { vendor, fake } = await build(t);
  await fake.stop();
  const error = await failure(vendor.send({ to, body }, never));
  assert.equal(error.kind, 'later');
  assert.equal(error.mayHaveActed, false);
});

test('a failed look-up says so instead of finding nothing', async t => {
  const { vendor, clock, fake } = await build(t);
  fake.refuse(503, 'upstream gone');
  const error = await failure(vendor.find({ to, body, since: clock.now() }, never));
  assert.equal(error.kind, 'later');
});

test('words that a trial account puts before the text do not hide the message; the best of several is taken', async t => {
  const { vendor, clock, fake } = await build(t);
  const since = clock.now();
  await vendor.send({ to, body }, never);
  await vendor.send({ to, body }, never);
  const [second, first] = fake.messages;
  first!.body = `Sent from a trial account - ${body}`;
  second!.status = 'failed';
  assert.deepEqual(await vendor.find({ to, body, since }, never), { ref: first?.sid, status: 'accepted' });
  first!.body = 'redacted';
  assert.deepEqual(await vendor.find({ to, body, since }, never), { ref: second?.sid, status: 'failed' });
});

const refusals: [string, number, number | undefined, Partial<SmsError>][] = [
  ['STOP is respected', 400, 21610, { kind: 'unsubscribed', code: '21610', mayHaveActed: false }],
  ['a number that is none', 400, 21211, { kind: 'unreachable', code: '21211', mayHaveActed: false }],
  ['a landline', 400, 21614, { kind: 'unreachable', code: '21614', mayHaveActed: false }],
  [
    'a country that is not permitted',
    403,
    21408,
    { kind: 'unreachable', code: '21408', mayHaveActed: false },
  ],
  ['wrong credentials', 401, 20003, { kind: 'unauthorized', code: '20003', mayHaveActed: false }],
  ['wrong credentials without a code', 401, undefined, { kind: 'unauthorized', mayHaveActed: false }],
  ['a sender that is not ours', 400, 21606, { kind: 'refused', code: '21606', mayHaveActed: false }],
  [
    'too many requests',
    429,
    20429,
    { kind: 'later', code: '20429', mayHaveActed: false, retryAfterMs: 7000 },
  ],
  ['a full queue', 400, 21611, { kind: 'later', code: '21611', mayHaveActed: false, retryAfterMs: 7000 }],
  ['a fault of theirs', 500, 20500, { kind: 'later', code: '20500', mayHaveActed: true, retryAfterMs: 7000 }],
  ['a redirect', 307, undefined, { kind: 'refused', mayHaveActed: false }],
];

for (const [name, status, code, expected] of refusals)
  test(`${name}: ${status}${code ? ` with ${code}` : ''} is "${expected.kind}", and is not repeated`, async t => {
    const { vendor, fake } = await build(t);
    const message = `The 'To' number ${to} is not right for '${body}'`;
    const answer = { status, message, ...(code ? { code } : {}), more_info: `https://example.net/${to}` };
    fake.refuse(status, answer, { 'retry-after': '7', location: `http://127.0.0.1/${accountSid}` });
    const error = await failure(vendor.send({ to, body }, never));
    const { kind, mayHaveActed, retryAfterMs } = error;
    assert.deepEqual(
      { kind, mayHaveActed, code: error.code, retryAfterMs },
      {
        code: undefined,
        retryAfterMs: undefined,
        ...expected,
      },
    );
    assert.equal(fake.requests.length, 1);
  });

for (const answer of ['<html>', '[]', 'null', '{"sid":"no"}', '{"sid":7}', ''])
  test(`an unreadable success ${answer || '(empty)'} may have acted`, async t => {
    const { vendor, clock, fake } = await build(t);
    fake.refuse(201, answer);
    const error = await failure(vendor.send({ to, body }, never));
    assert.equal(error.kind, 'later');
    assert.equal(error.mayHaveActed, true);
    fake.refuse(200, answer === '{"sid":7}' ? { messages: [{ sid: 7 }, {}] } : answer);
    const found = await vendor
      .find({ to, body, since: clock.now() }, never)
      .catch((reason: unknown) => reason);
    assert.ok(found === null || found instanceof SmsError);
  });

test('an account id that cannot be one is said, not sent', async () => {
  const outbound = createLoopbackOutbound();
  const settings = { accountSid: 'SK0', authToken, from: to, apiBase: 'http://127.0.0.1:1' };
  const vendor = createSmsVendor(
    { vendor: 'twilio', totalDaily: 1, twilio: settings },
    { outbound, clock: new TestClock(), stream: process.stdout },
  );
  const error = await failure(vendor.send({ to, body }, never));
  assert.equal(error.kind, 'unauthorized');
  assert.match(error.message, /TWILIO_ACCOUNT_SID/);
  assert.equal(outbound.requests.length, 0);
});

const url = 'https://kyc.example.net/sms/status';
const sid = 'SM0123456789abcdef0123456789abcdef';

function callback(params: Record<string, string | string[]>, token = authToken, signedUrl = url) {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, one);
  const signature = twilio.getExpectedTwilioSignature(token, signedUrl, params);
  return { url, headers: { 'x-twilio-signature': signature }, raw: Buffer.from(form.toString()) };
}

test('a signed callback is read, with parameters it never heard of', async t => {
  const { vendor } = await build(t);
  const params = {
    MessageSid: sid,
    MessageStatus: 'delivered',
    To: to,
    AccountSid: accountSid,
    New: ['b', 'a', 'a'],
  };
  assert.deepEqual(vendor.readStatus(callback(params)), { ref: sid, status: 'delivered' });
});

test('a callback tells why a message does not arrive', async t => {
  const { vendor } = await build(t);
  const read = (MessageStatus: string, ErrorCode: string) =>
    vendor.readStatus(callback({ MessageSid: sid, MessageStatus, ErrorCode }));
  assert.deepEqual(read('undelivered', '30003'), {
    ref: sid,
    status: 'undelivered',
    errorCode: '30003',
    cause: 'unreachable',
  });
  assert.deepEqual(read('failed', '21610'), {
    ref: sid,
    status: 'failed',
    errorCode: '21610',
    cause: 'unsubscribed',
  });
  assert.deepEqual(read('failed', '30008'), { ref: sid, status: 'failed', errorCode: '30008' });
  assert.deepEqual(read('sent', `${to} is gone`), { ref: sid, status: 'sent' });
});

test('a signature is good for its token, its URL and its parameters only', async t => {
  const { vendor } = await build(t);
  const params = { MessageSid: sid, MessageStatus: 'delivered' };
  const genuine = callback(params);
  assert.notEqual(vendor.readStatus(genuine), null);
  assert.equal(vendor.readStatus(callback(params, 'another token')), null);
  assert.equal(vendor.readStatus(callback(params, authToken, 'https://evil.example.net/sms/status')), null);
  assert.equal(vendor.readStatus({ ...genuine, url: 'https://evil.example.net/sms/status' }), null);
  assert.equal(vendor.readStatus({ ...genuine, headers: {} }), null);
  const raw = Buffer.from(genuine.raw.toString().replace('delivered', 'failed'));
  assert.equal(vendor.readStatus({ ...genuine, raw }), null);
  assert.equal(
    vendor.readStatus({ ...genuine, raw: Buffer.concat([genuine.raw, Buffer.from('&x=y')]) }),
    null,
  );
});

test('a signed callback that says nothing usable is null', async t => {
  const { vendor } = await build(t);
  assert.equal(vendor.readStatus(callback({ MessageSid: '../etc', MessageStatus: 'sent' })), null);
  assert.equal(vendor.readStatus(callback({ MessageSid: sid, MessageStatus: 'teleported' })), null);
  assert.equal(vendor.readStatus(callback({ MessageSid: sid, MessageStatus: 'constructor' })), null);
  assert.equal(vendor.readStatus(callback({ MessageSid: [sid, sid], MessageStatus: 'sent' })), null);
  assert.equal(
    vendor.readStatus(callback({ MessageSid: sid, MessageStatus: 'sent', pad: 'x'.repeat(70_000) })),
    null,
  );
});

test('callbacks in any order end in the same status', () => {
  const reports = fc.shuffledSubarray(['accepted', 'sent', 'delivered'] as const, { minLength: 3 });
  fc.assert(
    fc.property(reports, order => {
      let known: (typeof order)[number] | null = null;
      for (const reported of order) if (isNews(known, reported)) known = reported;
      assert.equal(known, 'delivered');
    }),
  );
  assert.equal(isNews('undelivered', 'sent'), false);
  assert.equal(isNews('failed', 'delivered'), true);
  assert.equal(isNews('sent', 'sent'), false);
});

test('a process that never sends a message never loads the package', () => {
  const registry = new URL('../../../src/effects/notices/vendors/registry.js', import.meta.url).href;
  const program = `
    import { createRequire } from 'node:module';
    const { createSmsVendor } = await import(${JSON.stringify(registry)});
    const twilio = { accountSid: 'AC0', authToken: 't', from: '+15005550006', apiBase: 'http://127.0.0.1:1' };
    const vendor = createSmsVendor({ vendor: 'twilio', totalDaily: 1, twilio }, {});
    const loaded = () => Object.keys(createRequire(${JSON.stringify(registry)}).cache).filter(file => /node_modules.twilio/.test(file));
    const before = loaded().length;
    vendor.readStatus({ url: 'https://x.example/', headers: { 'x-twilio-signature': 'x' }, raw: Buffer.from('a=b') });
    const afterCallback = loaded();
    await vendor.send({ to: '+1', body: 'x' }, AbortSignal.abort()).catch(() => undefined);
    console.log(JSON.stringify({ before, afterCallback: afterCallback.length, after: loaded().length }));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
  });
  const { before, afterCallback, after } = JSON.parse(output) as Record<string, number>;
  assert.equal(before, 0);
  assert.equal(afterCallback, 1, 'a callback needs the module for signatures alone');
  assert.ok(after! > 10);
});
