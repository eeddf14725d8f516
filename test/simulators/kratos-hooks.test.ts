import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type KratosSimulator, startKratosSimulator } from '../../src/simulators/kratos/index.js';
import { TestClock } from '../support/clock.js';
import { withoutSpec } from '../support/skips.js';
import { loadSpec } from './spec.js';

interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { id: string; metadata?: unknown; session?: string; keys: string[] };
}
type Act = (response: ServerResponse) => void;

let clock: TestClock;
let sim: KratosSimulator;
let origin: string;
let seen: Seen[];
/** what the hook answers next; the last one stays */
let answers: Act[];
let close: () => Promise<void>;

const answer =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Act =>
  response =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

async function startHook() {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        path: request.url ?? '',
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString()),
      });
      (answers.length > 1 ? answers.shift() : answers[0])?.(response);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => {
    server.closeAllConnections();
    return new Promise<void>(resolve => server.close(() => resolve()));
  };
}

beforeEach(async () => {
  [seen, answers, clock] = [[], [answer(200)], new TestClock()];
  const closeHook = await startHook();
  sim = await startKratosSimulator({
    clock,
    // what a template could send; the program itself is tried elsewhere
    render: async (_source, { identity, session }) => {
      const { id, metadata_public: metadata } = identity as Record<string, unknown>;
      return JSON.stringify({
        id,
        metadata,
        session: (session as { id?: string } | undefined)?.id,
        keys: Object.keys(identity as object),
      });
    },
  });
  close = async () => {
    await sim.close();
    await closeHook();
  };
});
afterEach(() => close());

const template = `base64://${Buffer.from('function(ctx) {}').toString('base64')}`;

function hook(path: string, config: object = {}) {
  const auth = { type: 'api_key', config: { name: 'Authorization', value: 'Bearer s3', in: 'header' } };
  const whole = { id: path, url: `${origin}/${path}`, method: 'POST', body: template, auth, ...config };
  return { hook: 'web_hook', config: whole };
}

function use(flow: string, after: object) {
  sim.useActions({ selfservice: { flows: { [flow]: { after } } } });
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & {
    identity: { id: string };
    ui: {
      messages?: Record<string, unknown>[];
      nodes: { attributes: { name: string }; messages: unknown[] }[];
    };
  };
}

async function call(method: string, url: string, body?: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function submit(flow: string, body: unknown): Promise<Answer> {
  const begun = await call('GET', `${sim.publicUrl}/self-service/${flow}/api`);
  const { action } = begun.body.ui as unknown as { action: string };
  return call('POST', action, body);
}

const who = { method: 'password', password: 'correct horse battery' };
const signUp = (email = 'ada@example.net') => submit('registration', { ...who, traits: { email } });
const logIn = (password = who.password) =>
  submit('login', { ...who, password, identifier: 'ada@example.net' });

/** Lets a firing go on until it waits for the clock, then moves it. */
async function afterAttempts(count: number, ms: number) {
  while (sim.hookCalls.length < count) await turn();
  await turn();
  clock.advance(ms);
}

const refusal = (message: object, pointer = '#/') => ({
  messages: [{ instance_ptr: pointer, messages: [message] }],
});
const pending = { id: 9410001, text: 'Not yet.', type: 'error', context: { idv: { url: 'https://x' } } };

test('a hook that does not parse runs after the identity has an id, with its key and two ids of its own', async () => {
  use('registration', { hooks: [hook('after', { response: { ignore: false, parse: false } })] });
  const { status, body } = await signUp();
  assert.deepEqual([status, body.session_token], [200, undefined]);
  assert.deepEqual(
    seen.map(({ path, body }) => [path, body.id]),
    [['/after', body.identity.id]],
  );
  const { headers } = seen[0]!;
  assert.equal(headers.authorization, 'Bearer s3');
  assert.ok(headers['ory-webhook-trigger-id'] && headers['ory-webhook-request-id']);
  assert.ok(!seen[0]?.body.keys.includes('metadata_admin'));
});

test('a hook that parses or interrupts runs before there is an identity, and only from a method’s list', async () => {
  for (const config of [{ response: { parse: true } }, { can_interrupt: true }]) {
    seen.length = 0;
    use('registration', { password: { hooks: [hook('before', config)] } });
    assert.equal((await signUp(`${Object.keys(config)}@example.net`)).status, 200);
    assert.deepEqual(
      seen.map(({ body }) => body.id),
      ['00000000-0000-0000-0000-000000000000'],
    );
  }
  seen.length = 0;
  use('registration', { hooks: [hook('never', { response: { parse: true } })] });
  assert.equal((await signUp()).status, 200);
  assert.deepEqual(seen, []);
});

test('what a parsing hook answers becomes the identity', async () => {
  answers = [
    answer(200, { identity: { id: 'ignored', metadata_public: { tier: 1 }, metadata_admin: { note: 'x' } } }),
  ];
  use('registration', { password: { hooks: [hook('before', { response: { parse: true } })] } });
  const { body } = await signUp();
  const stored = sim.identities.get(body.identity.id);
  assert.deepEqual([stored?.metadata_public, stored?.metadata_admin], [{ tier: 1 }, { note: 'x' }]);
  assert.equal('metadata_admin' in body.identity, false);
});

test('a method’s list hides the global one, an empty one does not, and session goes last', async () => {
  const session = { hook: 'session' };
  use('registration', { hooks: [hook('global')], password: { hooks: [session, hook('own')] } });
  const first = await signUp('first@example.net');
  assert.ok(first.body.session_token);
  use('registration', { hooks: [hook('global')], password: { hooks: [] } });
  await signUp('second@example.net');
  assert.deepEqual(
    seen.map(({ path }) => path),
    ['/own', '/global'],
  );
});

test('a failing hook after sign-up leaves the account, gives no session, and the second try finds it taken', async () => {
  use('registration', { password: { hooks: [hook('after'), { hook: 'session' }] } });
  answers = [answer(403)];
  const failed = await signUp();
  assert.equal(failed.status, 502);
  assert.equal(failed.body.session_token, undefined);
  assert.equal(sim.identities.size, 1);
  const second = await signUp();
  assert.deepEqual([second.status, second.body.ui.messages?.[0]?.id], [400, 4000007]);
});

test('login hooks run once the password is right, with a session that has no id yet', async () => {
  await signUp();
  use('login', { hooks: [hook('gate', { response: { parse: true } })] });
  const wrong = await logIn('wrong');
  assert.deepEqual([wrong.status, wrong.body.ui.messages?.[0]?.id, seen.length], [400, 4000006, 0]);
  const { status, body } = await logIn();
  assert.equal(status, 200);
  assert.equal(seen[0]?.body.session, '00000000-0000-0000-0000-000000000000');
  const whoami = await fetch(`${sim.publicUrl}/sessions/whoami`, {
    headers: { 'x-session-token': String(body.session_token) },
  });
  assert.equal(whoami.status, 200);
});

for (const mode of [{ response: { parse: true } }, { can_interrupt: true }]) {
  test(`a refusal with messages shows the flow again, context included (${Object.keys(mode)})`, async () => {
    await signUp();
    use('login', { hooks: [hook('gate', mode)] });
    for (const status of [400, 403, 409, 422, 501]) {
      answers = [answer(status, refusal(pending))];
      const blocked = await logIn();
      assert.equal(blocked.status, 400);
      assert.deepEqual(blocked.body.ui.messages, [pending]);
      assert.equal(blocked.body.session_token, undefined);
    }
    assert.equal(seen.length, 5, 'none is tried again');
    answers = [answer(403, refusal({ ...pending, type: 'success' }, '#/traits/phone'))];
    const { ui } = (await logIn()).body;
    assert.equal(ui.messages, undefined);
    const added = ui.nodes.find(({ attributes }) => attributes.name === 'traits.phone');
    assert.deepEqual(added?.messages, [{ ...pending, type: 'info' }]);
  });
}

/** How a login ends for an answer of the gate that parses. */
const outcomes: readonly [about: string, status: number, body: unknown, expected: number][] = [
  ['an empty object', 200, {}, 200],
  ['an empty body', 200, '', 400],
  ['a list', 200, [], 400],
  ['no JSON', 200, 'ok', 400],
  ['another success', 201, 'ok', 200],
  ['no content', 204, '', 200],
  ['a refusal without messages', 403, { error: {} }, 400],
  ['a refusal with an empty list', 403, { messages: [] }, 400],
  ['a refusal that is no JSON', 403, 'no', 400],
  ['a message id that is text', 403, refusal({ ...pending, id: '9410001' }), 400],
];
for (const [about, status, body, expected] of outcomes) {
  test(`a gate's ${status} with ${about} ends in ${expected}`, async () => {
    await signUp();
    use('login', { hooks: [hook('gate', { response: { parse: true } })] });
    answers = [answer(status, body)];
    const login = await logIn();
    assert.equal(login.status, expected);
    assert.equal(login.body.session_token !== undefined, expected === 200);
    if (expected === 400) assert.ok(login.body.error, 'not a message for the customer');
  });
}

test('429 and 5xx are tried three times, a second and two apart, and their bodies are never read', async () => {
  await signUp();
  use('login', { hooks: [hook('gate', { response: { parse: true } })] });
  for (const status of [429, 500, 503]) {
    const before = sim.hookCalls.length;
    const start = clock.now();
    answers = [answer(status, refusal(pending))];
    const login = logIn();
    await afterAttempts(before + 1, 1_000);
    await afterAttempts(before + 2, 2_000);
    const { status: shown, body } = await login;
    assert.deepEqual([shown, body.ui], [400, undefined]);
    const attempts = sim.hookCalls.slice(before);
    assert.deepEqual(
      attempts.map(({ at, attempt, status }) => [at - start, attempt, status]),
      [
        [0, 1, status],
        [1_000, 2, status],
        [3_000, 3, status],
      ],
    );
    assert.equal(new Set(attempts.map(({ body }) => body)).size, 1);
    assert.equal(new Set(attempts.map(({ headers }) => headers['ory-webhook-trigger-id'])).size, 1);
    assert.equal(new Set(attempts.map(({ headers }) => headers['ory-webhook-request-id'])).size, 3);
  }
});

test('a second attempt may succeed, and Retry-After is obeyed while the customer waits', async () => {
  await signUp();
  use('login', { hooks: [hook('gate', { response: { parse: true } })] });
  answers = [answer(503, '', { 'retry-after': '20' }), answer(200)];
  const start = clock.now();
  const login = logIn();
  await afterAttempts(1, 20_000);
  assert.equal((await login).status, 200);
  assert.deepEqual(
    sim.hookCalls.map(({ at }) => at - start),
    [0, 20_000],
  );
});

test('silence is waited for half a minute, three times', async () => {
  await signUp();
  use('login', { hooks: [hook('gate', { response: { parse: true } })] });
  answers = [() => {}];
  const login = logIn();
  for (const [count, wait] of [1_000, 2_000, 0].entries()) {
    while (seen.length <= count) await turn();
    clock.advance(30_000);
    await afterAttempts(count + 1, wait);
  }
  const { status, body } = await login;
  assert.equal(status, 504, JSON.stringify(body));
});

test('nobody at the address is tried three times too', async () => {
  await signUp();
  use('login', { hooks: [hook('gate', { response: { parse: true }, url: 'http://127.0.0.1:9/gate' })] });
  const login = logIn();
  await afterAttempts(1, 1_000);
  await afterAttempts(2, 2_000);
  assert.equal((await login).status, 400);
  assert.deepEqual(
    sim.hookCalls.map(({ error }) => error),
    ['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'],
  );
});

test('an ignored hook decides nothing', async () => {
  answers = [answer(403)];
  use('registration', { hooks: [hook('after', { response: { ignore: true } })] });
  assert.equal((await signUp()).status, 200);
  while (sim.hookCalls.length === 0) await turn();
});

test('a deactivated account does not log in, whatever the hooks say', async () => {
  const { body } = await signUp();
  use('login', { hooks: [hook('gate', { response: { parse: true } })] });
  await call('PATCH', `${sim.adminUrl}/admin/identities/${body.identity.id}`, [
    { op: 'replace', path: '/state', value: 'inactive' },
  ]);
  assert.deepEqual([(await logIn()).status, seen.length], [400, 0]);
});

test('a refused recovery begins anew with the message, an allowed one gives a session', async () => {
  await signUp();
  use('recovery', { hooks: [hook('gate', { response: { parse: true } })] });
  const recover = async () => {
    const begun = await submit('recovery', { method: 'code', email: 'ada@example.net' });
    const { action } = begun.body.ui as unknown as { action: string };
    return [begun, await call('POST', action, { method: 'code', code: sim.mails.at(-1)?.code })] as const;
  };
  answers = [answer(403, refusal(pending))];
  const [begun, blocked] = await recover();
  assert.notEqual(blocked.body.id, begun.body.id);
  assert.deepEqual(blocked.body.ui.messages, [pending]);
  assert.equal(blocked.body.continue_with, undefined);
  answers = [answer(200)];
  const [, recovered] = await recover();
  assert.ok(recovered.body.continue_with);
  assert.equal(seen.at(-1)?.body.session, undefined);
});

test('a browser’s headers are refused on native flows, and so are flows that ended', async () => {
  const url = `${sim.publicUrl}/self-service/login/api`;
  for (const headers of [{ cookie: 'a=b' }, { origin: 'https://x' }])
    assert.equal((await fetch(url, { headers })).status, 400);
  const { body } = await call('GET', url);
  clock.advance(3_600_000);
  const { action } = body.ui as unknown as { action: string };
  assert.equal((await call('POST', action, who)).status, 410);
});

test('flows and their answers fit the published description', {
  skip: withoutSpec('kratos-openapi.json'),
}, async () => {
  const spec = loadSpec('kratos-openapi.json');
  use('registration', { password: { hooks: [{ hook: 'session' }] } });
  spec.assertFits('successfulNativeRegistration', (await signUp()).body);
  spec.assertFits('registrationFlow', (await signUp()).body);
  spec.assertFits('successfulNativeLogin', (await logIn()).body);
  spec.assertFits('loginFlow', (await logIn('wrong')).body);
  const begun = await submit('recovery', { method: 'code', email: 'ada@example.net' });
  spec.assertFits('recoveryFlow', begun.body);
});
