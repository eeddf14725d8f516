import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { type JumioSimulator, startJumioSimulator } from '../../src/simulators/jumio/index.js';
import { TestClock } from '../support/clock.js';
import { type Receiver, startReceiver } from './receiver.js';

const minute = 60_000;
const callbackUrl = 'https://kyc.example.net/jumio/callback';
let clock: TestClock;
let sim: JumioSimulator;
let receiver: Receiver;

const start = (options = {}) =>
  startJumioSimulator({
    clock,
    clientId: 'id',
    clientSecret: 'secret',
    rewriteCallbackUrl: url => `${receiver.origin}${new URL(url).pathname}`,
    ...options,
  });

beforeEach(async () => {
  clock = new TestClock();
  receiver = await startReceiver();
  sim = await start();
});
afterEach(async () => {
  await sim.close();
  await receiver.close();
});

const agent = { 'user-agent': 'Example Tests/v1.0' };

async function tokenOf(credentials = 'id:secret', headers: Record<string, string> = agent) {
  const answer = await fetch(sim.authUrl, {
    method: 'POST',
    headers: { ...headers, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return {
    status: answer.status,
    ...((await answer.json()) as { access_token: string; expires_in: number }),
  };
}

async function api(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const { access_token: token } = await tokenOf();
  return await fetch(`${sim.url}${path}`, {
    method,
    headers: {
      ...agent,
      authorization: `Bearer ${token}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

const order = {
  customerInternalReference: 'ours-7',
  userReference: 'g1.chk_1.mark',
  workflowDefinition: { key: 10011 },
  callbackUrl,
  web: { successUrl: 'https://kyc.example.net/v/x', errorUrl: 'https://kyc.example.net/v/x', locale: 'cs' },
};

interface Made {
  account: { id: string };
  workflowExecution: { id: string; credentials: { id: string; category: string }[] };
  web?: { href: string };
  sdk: { token: string };
}

async function make(changes: object = {}): Promise<Made & { path: string }> {
  const answer = await api('POST', '/accounts', { ...order, ...changes });
  assert.equal(answer.status, 200);
  const made = (await answer.json()) as Made;
  return { ...made, path: `/accounts/${made.account.id}/workflow-executions/${made.workflowExecution.id}` };
}

async function statusOf(path: string): Promise<string> {
  const read = (await (await api('GET', `${path}/status`)).json()) as {
    workflowExecution: { status: string };
  };
  return read.workflowExecution.status;
}

test('a token is the same for everybody until it has run out, and needs the right credentials', async () => {
  const first = await tokenOf();
  assert.deepEqual([first.status, first.expires_in], [200, 3600]);
  clock.advance(10 * minute);
  const again = await tokenOf();
  assert.deepEqual([again.access_token, again.expires_in], [first.access_token, 3000]);
  clock.advance(50 * minute);
  assert.notEqual((await tokenOf()).access_token, first.access_token);
  assert.equal((await tokenOf('id:wrong')).status, 401);
  assert.equal((await tokenOf('id:secret', { 'user-agent': 'curl' })).status, 403);
});

test('without a token or a name of the caller nothing is answered', async () => {
  assert.equal((await api('GET', '/accounts/x', undefined, { authorization: 'Bearer no' })).status, 401);
  const nameless = await api('GET', '/accounts/x', undefined, { 'user-agent': 'node' });
  assert.equal(nameless.status, 403);
  assert.deepEqual(Object.keys((await nameless.json()) as object), ['title', 'status', 'detail']);
});

test('an account comes with a workflow, its credentials and a link', async () => {
  const made = await make();
  assert.match(made.web?.href ?? '', /\/web\/v4\/app\?authorizationToken=\w+&locale=cs$/);
  assert.deepEqual(
    made.workflowExecution.credentials.map(({ category }) => category),
    ['ID', 'SELFIE', 'FACEMAP'],
  );
  assert.equal(await statusOf(made.path), 'INITIATED');
  const further = await api('PUT', `/accounts/${made.account.id}`, order);
  assert.equal(((await further.json()) as Made).account.id, made.account.id);
  assert.equal((await api('PUT', '/accounts/nobody', order)).status, 404);
});

const refused: [string, object][] = [
  ['no reference', { customerInternalReference: undefined }],
  ['a reference with a brace', { customerInternalReference: '{7}' }],
  ['too long a reference', { userReference: 'x'.repeat(101) }],
  ['no workflow', { workflowDefinition: {} }],
  ['a plain callback URL', { callbackUrl: 'http://kyc.example.net/' }],
  ['a callback URL with a port', { callbackUrl: 'https://kyc.example.net:8443/' }],
  ['a callback URL with the usual port', { callbackUrl: 'https://kyc.example.net:443/' }],
  ['an address', { callbackUrl: 'https://203.0.113.9/' }],
  ['a fragment', { web: { successUrl: 'https://kyc.example.net/#x' } }],
  ['too long a URL', { web: { successUrl: `https://kyc.example.net/${'x'.repeat(255)}` } }],
  ['a life of a minute', { tokenLifetime: '1m' }],
  ['a customer in the USA without consent', { userConsent: { userLocation: { country: 'USA' } } }],
  ['a field of the top level that belongs into web', { successUrl: 'https://kyc.example.net/' }],
];

for (const [what, changes] of refused)
  test(`${what} is refused`, async () => {
    const answer = await api('POST', '/accounts', { ...order, ...changes });
    assert.equal(answer.status, 400);
    assert.equal(sim.state().accounts.length, 0);
  });

test('a person picks the end on the page, and comes back without a verdict', async () => {
  const made = await make();
  const href = made.web?.href ?? '';
  const page = await (await fetch(href)).text();
  assert.match(page, /rejected-fake/);
  assert.equal(await statusOf(made.path), 'ACQUISITION_STARTED');
  const picked = await fetch(href, {
    method: 'POST',
    body: new URLSearchParams({ outcome: 'rejected-fake' }),
    redirect: 'manual',
  });
  const target = new URL(picked.headers.get('location') ?? '');
  assert.deepEqual([picked.status, target.pathname], [303, '/v/x']);
  assert.deepEqual(Object.fromEntries(target.searchParams), {
    accountId: made.account.id,
    workflowExecutionId: made.workflowExecution.id,
    acquisitionStatus: 'SUCCESS',
    customerInternalReference: 'ours-7',
  });
  assert.equal(await statusOf(made.path), 'ACQUIRED');
  assert.equal((await fetch(href)).status, 410);
  clock.advance(500);
  assert.equal(await statusOf(made.path), 'PROCESSED');
  const details = (await (await api('GET', made.path)).json()) as {
    decision: { type: string };
    capabilities: Record<string, { decision: { details: { label: string } } }[]>;
  };
  assert.equal(details.decision.type, 'REJECTED');
  assert.equal(details.capabilities.imageChecks?.[0]?.decision.details.label, 'FAKE');
});

test('going back is an error without a verdict, and the link still lives', async () => {
  const made = await make();
  const href = made.web?.href ?? '';
  const back = await fetch(href, {
    method: 'POST',
    body: new URLSearchParams({ cancel: 'yes' }),
    redirect: 'manual',
  });
  assert.match(back.headers.get('location') ?? '', /acquisitionStatus=ERROR&errorCode=9801/);
  assert.equal((await fetch(href)).status, 200);
});

test('a callback has ids and a word, no verdict, and by default no signature', async () => {
  const made = await make();
  sim.capture(made.account.id, 'rejected-face');
  clock.advance(500);
  await sim.settled();
  const [call] = receiver.received;
  assert.equal(receiver.received.length, 1);
  const body = JSON.parse(call?.body ?? '{}') as Record<string, unknown>;
  assert.deepEqual(Object.keys(body), ['callbackSentAt', 'userReference', 'workflowExecution', 'account']);
  assert.ok(!/REJECTED|ours-7/.test(call?.body ?? ''));
  assert.equal(call?.headers['x-jumio-signature'], undefined);
});

test('with a secret callbacks are signed over their bytes', async () => {
  await sim.close();
  sim = await start({ callbackSecret: 'mine', announced: ['ACQUIRED'] });
  const made = await make();
  sim.capture(made.account.id);
  await sim.settled();
  const [call] = receiver.received;
  const signature = createHmac('sha256', 'mine')
    .update(call?.body ?? '')
    .digest('hex');
  assert.equal(call?.headers['x-jumio-signature'], signature);
  assert.match(call?.body ?? '', /"status":"ACQUIRED"/);
});

test('a link runs out after half an hour, a begun session after a quarter without an end', async () => {
  const unused = await make();
  const begun = await make();
  await fetch(begun.web?.href ?? '');
  clock.advance(15 * minute);
  assert.deepEqual(
    [await statusOf(unused.path), await statusOf(begun.path)],
    ['INITIATED', 'SESSION_EXPIRED'],
  );
  clock.advance(15 * minute);
  assert.equal(await statusOf(unused.path), 'TOKEN_EXPIRED');
  await sim.settled();
  assert.deepEqual(
    sim.deliveries.map(({ action }) => action),
    ['SESSION_EXPIRED', 'TOKEN_EXPIRED'],
  );
});

test('pictures are there once taken, and gone once deleted', async () => {
  const made = await make();
  const [id] = made.workflowExecution.credentials;
  const picture = `/accounts/${made.account.id}/credentials/${id?.id}/parts/FRONT`;
  assert.equal((await api('GET', picture)).status, 404);
  sim.capture(made.workflowExecution.id);
  clock.advance(500);
  const shown = await api('GET', picture);
  assert.deepEqual([shown.status, shown.headers.get('content-type')], [200, 'image/png']);
  assert.equal((await api('DELETE', made.path)).status, 200);
  assert.equal((await api('GET', picture)).status, 404);
  const details = (await (await api('GET', made.path)).json()) as { decision: object; wipedOutAt: string };
  assert.ok(details.decision && details.wipedOutAt);
  assert.equal((await api('DELETE', `/accounts/${made.account.id}`)).status, 200);
  assert.equal((await api('DELETE', `/accounts/${made.account.id}`)).status, 404);
  assert.equal((await api('GET', made.path)).status, 404);
});

test('more initiations than allowed are refused until the second is over', async () => {
  await sim.close();
  sim = await start({ initiationsPerSecond: 1 });
  await make();
  const second = await api('POST', '/accounts', order);
  assert.deepEqual(
    [second.status, ((await second.json()) as { detail: string }).detail],
    [429, 'Request limit exceeded'],
  );
  clock.advance(1_000);
  await make();
});

test('faults hit the calls they name, and callbacks may be lost', async () => {
  sim.fail({ kind: 'cut-after', method: 'POST', path: '/accounts' });
  await assert.rejects(api('POST', '/accounts', order));
  assert.deepEqual([sim.state().accounts.length, sim.count('POST', '/accounts')], [1, 1]);
  sim.fail({ kind: 'status', status: 503, path: '/accounts' });
  assert.equal((await api('POST', '/accounts', order)).status, 503);
  sim.failDelivery({ kind: 'lost' });
  sim.capture('ours-7');
  clock.advance(500);
  await sim.settled();
  assert.deepEqual([receiver.received.length, sim.deliveries[0]?.error], [0, 'lost']);
  sim.announce('ours-7');
  await sim.settled();
  assert.equal(receiver.received.length, 1);
});

test('another program can drive it over HTTP', async () => {
  const control = (path: string, body: object) =>
    fetch(`${sim.origin}/_control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const made = await make();
  assert.equal((await control('decide', { id: 'ours-7', outcome: 'warning-age' })).status, 200);
  const wrong = await control('decide', { id: 'ours-7', outcome: 'nonsense' });
  assert.deepEqual([wrong.status, /known are passed/.test(await wrong.text())], [400, true]);
  assert.equal((await control('capture', { id: made.account.id })).status, 200);
  assert.equal((await control('capture', { id: 'nobody' })).status, 400);
  clock.advance(500);
  const details = (await (await api('GET', made.path)).json()) as { decision: { type: string } };
  assert.equal(details.decision.type, 'WARNING');
  for (const name of ['state', 'calls', 'deliveries', 'outcomes'])
    assert.equal((await fetch(`${sim.origin}/_control/${name}`)).status, 200);
  const state = await (await fetch(`${sim.origin}/_control/state`)).text();
  assert.ok(!state.includes(new URL(made.web?.href ?? '').searchParams.get('authorizationToken') ?? '?'));
});
