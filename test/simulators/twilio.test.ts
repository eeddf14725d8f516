import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import twilio from 'twilio';
import { startTwilioSimulator, type TwilioSimulator } from '../../src/simulators/twilio/index.js';
import { TestClock } from '../support/clock.js';
import { type Receiver, startReceiver } from './receiver.js';

const accountSid = `AC${'0'.repeat(31)}1`;
const authToken = 'simulated-token';
const from = '+15005550006';
const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;

let clock: TestClock;
let sim: TwilioSimulator;
let receiver: Receiver;
let client: ReturnType<typeof twilio>;

/** The official client with its own HTTP client, sent to the simulator instead of the vendor's host. */
function clientFor(url: string, token = authToken) {
  const http = new twilio.RequestClient();
  const send = http.request.bind(http);
  const redirected = Object.assign(http, {
    request: ((options: { uri: string }) =>
      send({
        ...options,
        uri: options.uri.replace('https://api.twilio.com', url),
      } as never)) as typeof http.request,
  });
  return twilio(accountSid, token, { httpClient: redirected });
}

beforeEach(async () => {
  clock = new TestClock();
  receiver = await startReceiver('kyc.example.net');
  sim = await startTwilioSimulator({
    clock,
    accounts: { [accountSid]: authToken },
    stepMs: 100,
    callbackCa: receiver.ca,
    rewriteCallbackUrl: url => url.replace(/^https:\/\/kyc\.example\.net(:\d+)?/, receiver.origin),
  });
  client = clientFor(sim.url);
});
afterEach(async () => {
  await sim.close();
  await receiver.close();
});

const refusedWith = (status: number, code: number) => (error: { status?: number; code?: number }) =>
  error.status === status && error.code === code;

test('the official client sends a message and follows it to its delivery', async () => {
  const sent = await client.messages.create({
    to: '+420777000111',
    from,
    body: 'Your link: https://x.example/v/1',
  });
  assert.match(sent.sid, /^SM[0-9a-f]{32}$/);
  assert.equal(sent.status, 'queued');
  assert.equal(sent.numSegments, '1');
  assert.equal(sent.errorCode, null);
  assert.equal(sent.dateSent, null);
  assert.equal(sent.dateCreated.getTime(), clock.now());
  clock.advance(200);
  const later = await client.messages(sent.sid).fetch();
  assert.equal(later.status, 'delivered');
  assert.equal(later.dateSent.toISOString(), '2026-03-04T10:00:00.000Z');
  assert.deepEqual(
    sim.messagesTo('+420777000111').map(message => message.body),
    ['Your link: https://x.example/v/1'],
  );
});

test('a messaging service accepts first and chooses the sender later', async () => {
  const messagingServiceSid = `MG${'a'.repeat(32)}`;
  const sent = await client.messages.create({ to: '+420777000111', messagingServiceSid, body: 'x' });
  assert.equal(sent.status, 'accepted');
  assert.equal(sent.from, null);
  clock.advance(100);
  assert.equal((await client.messages(sent.sid).fetch()).from, from);
});

test('lists are filtered by number and date and come in pages', async () => {
  const send = (to: string, body: string) => client.messages.create({ to, from, body });
  await send('+420777000111', 'one');
  clock.advance(60_000);
  const since = new Date(clock.now());
  await send('+420777000111', 'two');
  await send('+420777000222', 'other');
  clock.advance(1000);
  await send('+420777000111', 'three');
  const list = await client.messages.list({ to: '+420777000111', dateSentAfter: since });
  assert.deepEqual(
    list.map(message => message.body),
    ['three', 'two'],
  );
  const paged = await client.messages.list({ pageSize: 1 });
  assert.deepEqual(
    paged.map(message => message.body),
    ['three', 'other', 'two', 'one'],
  );
  assert.equal(sim.count('GET', path), 5);
  const none = await client.messages.list({ dateSentBefore: new Date('2026-03-03T00:00:00Z') });
  assert.deepEqual(none, []);
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const raw = await fetch(`${sim.url}${path}?DateSent%3E=2026-03-04&PageSize=2`, {
    headers: { authorization },
  });
  const page = (await raw.json()) as {
    messages: unknown[];
    next_page_uri: string;
    page: number;
    page_size: number;
  };
  assert.deepEqual([page.messages.length, page.page, page.page_size], [2, 0, 2]);
  assert.match(page.next_page_uri, /^\/2010-04-01\/.*PageSize=2&Page=1&PageToken=/);
});

test('refusals carry the vendor’s codes and leave no message', async () => {
  sim.refuse('+420777000333', 'unsubscribed');
  sim.refuse('+420277000333', 'not-mobile');
  const send = (to: string, body = 'x') => client.messages.create({ to, from, body });
  await assert.rejects(send('12345'), refusedWith(400, 21211));
  await assert.rejects(send('+420777000333'), refusedWith(400, 21610));
  await assert.rejects(send('+420277000333'), refusedWith(400, 21614));
  await assert.rejects(send('+420777000111', ''), refusedWith(400, 21602));
  await assert.rejects(send('+420777000111', 'x'.repeat(1601)), refusedWith(400, 21617));
  await assert.rejects(clientFor(sim.url, 'wrong').messages.list(), refusedWith(401, 20003));
  await assert.rejects(client.messages(`SM${'0'.repeat(32)}`).fetch(), refusedWith(404, 20404));
  assert.deepEqual(sim.messages, []);
  sim.refuse('+420777000333', 'no');
  await send('+420777000333');
});

test('too many requests, faults and lost answers happen as ordered', async () => {
  const send = () => client.messages.create({ to: '+420777000111', from, body: 'x' });
  sim.fail({ kind: 'status', status: 429, method: 'POST' });
  await assert.rejects(send(), refusedWith(429, 20429));
  sim.fail({ kind: 'status', status: 500, method: 'POST' });
  await assert.rejects(send(), refusedWith(500, 20500));
  sim.fail({ kind: 'cut', method: 'POST' });
  await assert.rejects(send());
  assert.deepEqual(sim.messages, []);
  sim.fail({ kind: 'cut-after', method: 'POST' });
  await assert.rejects(send());
  assert.equal(sim.messages.length, 1);
  assert.equal((await client.messages.list({ to: '+420777000111' })).length, 1);
  assert.equal(sim.count('POST', path), 4);
});

test('status callbacks are signed so that the official package accepts them, and come in order', async () => {
  const url = 'https://kyc.example.net:7743/sms/status?m=42';
  await client.messages.create({ to: '+420777000111', from, body: 'Dobrý den', statusCallback: url });
  clock.advance(200);
  await sim.settled();
  assert.deepEqual(
    receiver.received.map(each => new URLSearchParams(each.body).get('MessageStatus')),
    ['sent', 'delivered'],
  );
  for (const { headers, body, path: target } of receiver.received) {
    const params = Object.fromEntries(new URLSearchParams(body));
    const signature = String(headers['x-twilio-signature']);
    assert.equal(target, '/sms/status?m=42');
    assert.equal(headers.host, 'kyc.example.net:7743');
    assert.ok(twilio.validateRequest(authToken, signature, url, params));
    assert.ok(!twilio.validateRequest(authToken, signature, url, { ...params, MessageStatus: 'failed' }));
    assert.ok(!twilio.validateRequest('other', signature, url, params));
    assert.ok(!('ErrorCode' in params));
  }
});

test('a message can stay undelivered or fail, with the reason, and callbacks may be lost or doubled', async () => {
  const statusCallback = 'https://kyc.example.net/sms/status';
  const send = (to: string) => client.messages.create({ to, from, body: 'x', statusCallback });
  sim.ends('+420777000111', 'undelivered', 30006);
  sim.ends('+420777000222', 'failed');
  sim.failDelivery({ kind: 'lost', action: 'sent' });
  sim.failDelivery({ kind: 'duplicated', action: 'failed' });
  const first = await send('+420777000111');
  await send('+420777000222');
  clock.advance(200);
  await sim.settled();
  const seen = receiver.received.map(({ body }) => {
    const params = new URLSearchParams(body);
    return [params.get('MessageStatus'), params.get('ErrorCode')];
  });
  assert.deepEqual(seen.sort(), [
    ['failed', '30008'],
    ['failed', '30008'],
    ['undelivered', '30006'],
  ]);
  const stored = await client.messages(first.sid).fetch();
  assert.deepEqual([stored.status, stored.errorCode], ['undelivered', 30006]);
  receiver.statuses.push(500);
  sim.report(first.sid, 'delivered');
  clock.advance(24 * 3_600_000);
  await sim.settled();
  assert.equal(receiver.received.length, 4, 'status callbacks are not repeated');
});

test('a text is redacted, a message deleted and an unsent one cancelled', async () => {
  const sent = await client.messages.create({ to: '+420777000111', from, body: 'secret' });
  assert.equal((await client.messages(sent.sid).update({ status: 'canceled' })).status, 'canceled');
  clock.advance(1000);
  assert.equal((await client.messages(sent.sid).update({ body: '' })).body, '');
  assert.equal((await client.messages(sent.sid).fetch()).status, 'canceled');
  assert.equal(await client.messages(sent.sid).remove(), true);
  assert.deepEqual(sim.messages, []);
});

test('long and foreign texts are counted in segments', async () => {
  for (const [body, segments] of [
    ['x'.repeat(160), '1'],
    ['x'.repeat(161), '2'],
    ['ř'.repeat(71), '2'],
    ['€'.repeat(80), '1'],
  ] as const) {
    const sent = await client.messages.create({ to: '+420777000111', from, body });
    assert.equal(sent.numSegments, segments);
  }
});

test('another program can drive it over HTTP', async () => {
  const post = (name: string, body: unknown) =>
    fetch(`${sim.url}/_control/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  assert.equal((await post('refuse', { to: '+420777000111', how: 'unsubscribed' })).status, 200);
  await assert.rejects(
    client.messages.create({ to: '+420777000111', from, body: 'x' }),
    refusedWith(400, 21610),
  );
  await client.messages.create({ to: '+420777000222', from, body: 'hello' });
  const inbox = (await (await fetch(`${sim.url}/_control/messages`)).json()) as { body: string }[];
  assert.deepEqual(
    inbox.map(message => message.body),
    ['hello'],
  );
  assert.equal((await post('report', { sid: 'none', status: 'sent' })).status, 400);
});
