/** Deliveries over the public listener: what is taken, what is refused, and what either leaves behind. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Answer } from '../support/call.js';
import { deliveries } from '../support/records.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const v1 = {
  token: '_ABC123abc123ABC123abc123ABC123_',
  signature: 'a0082d7481f9f0a2907583dbe1f344d6d4c0d9989df2fd804f98479f60cd760e',
  body: '{"payload":{"resource_type":"check","action":"check.completed","object":{"id":"check-123","status":"complete","completed_at_iso8601":"2020-01-01T00:00:00Z","href":"https://api.onfido.com/v3/checks/check-123"}}}',
};
const v2 = {
  token: 'YKOC6mkBxi6yK2zlUIrLMvsJMFEZObP5',
  signature: 'c95a5b785484f6fa1bc25f381b5595d66bf85cb442eefb06aa007802ee6a4dfa',
  body: '{"payload":{"resource_type":"workflow_task","action":"workflow_task.started","object":{"id":"profile_1eb92","task_spec_id":"profile_1eb92","task_def_id":"profile_data","workflow_run_id":"bc77c6e5-753a-4580-96a6-aaed3e5a8d19","status":"started","started_at_iso8601":"2024-07-10T12:49:09Z","href":"https://api.eu.onfido.com/v3.6/workflow_runs/bc77c6e5-753a-4580-96a6-aaed3e5a8d19/tasks/profile_1eb92"},"resource":{"created_at":"2024-07-10T12:49:09Z","id":"profile_1eb92","workflow_run_id":"bc77c6e5-753a-4580-96a6-aaed3e5a8d19","updated_at":"2024-07-10T12:49:09Z","input":{},"task_def_version":null,"task_def_id":"profile_data","output":null}}}',
};
const path = '/serverapi/apiv1/identity-check/onfidowh/1';
const largest = 65_536;

let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends, {
    organizations: [{ onfido: { webhookTokens: [{ secret: 'TOKEN_V1' }, { secret: 'TOKEN_V2' }] } }],
    secrets: { TOKEN_V1: v1.token, TOKEN_V2: v2.token },
    settings: { limits: { shutdownTime: '10s', deliverySize: '64KiB' } },
  });
});

type Headers = Readonly<Record<string, string | readonly string[]>>;

function deliver(body: string | Buffer, headers: Headers, to = path): Promise<Answer> {
  return world.call('POST', to, { body, headers });
}

/** The rows, once everything that came in was looked at. */
async function settled() {
  await world.settle();
  return deliveries(world);
}

function signed(body: string | Buffer): Headers {
  return { 'content-type': 'application/json', 'x-sha2-signature': world.onfido.sign(body, v1.token) };
}

test('the published example of a check’s completion is taken', async () => {
  const answer = await deliver(v1.body, { 'x-sha2-signature': v1.signature });
  assert.deepEqual([answer.status, answer.text], [200, '']);
  await world.settle();
  const kept = deliveries(world).at(-1);
  // its id is none that Onfido gives, so that nothing is asked about it
  assert.deepEqual([kept?.action, kept?.outcome, kept?.hasBody], ['check.completed', 'ignored', true]);
});

test('the published example of a task’s start is taken, signed with the other live secret', async () => {
  const calls = world.onfido.calls.length;
  assert.equal((await deliver(v2.body, { 'x-sha2-signature': v2.signature })).status, 200);
  await world.settle();
  assert.deepEqual(
    [deliveries(world).at(-1)?.action, deliveries(world).at(-1)?.outcome],
    ['workflow_task.started', 'ignored'],
  );
  assert.equal(world.onfido.calls.length, calls);
});

test('an upper-case signature is right, too', async () => {
  assert.equal((await deliver(v1.body, { 'x-sha2-signature': v1.signature.toUpperCase() })).status, 200);
});

const swapped = (text: string, at: number) => {
  const digit = text.at(at) === '0' ? '1' : '0';
  return at < 0 ? text.slice(0, at) + digit : digit + text.slice(1);
};
const forgeries: readonly [what: string, headers: Headers, body?: string][] = [
  ['the first digit changed', { 'x-sha2-signature': swapped(v1.signature, 0) }],
  ['the last digit changed', { 'x-sha2-signature': swapped(v1.signature, -1) }],
  ['an empty signature', { 'x-sha2-signature': '' }],
  ['62 digits', { 'x-sha2-signature': v1.signature.slice(2) }],
  ['66 digits', { 'x-sha2-signature': `${v1.signature}00` }],
  ['64 characters that are no digits', { 'x-sha2-signature': 'z'.repeat(64) }],
  ['a right signature with letters behind it', { 'x-sha2-signature': `${v1.signature}zz` }],
  ['a body with one space more', { 'x-sha2-signature': v1.signature }, v1.body.replace('{"p', '{ "p')],
  ['a body with a line feed behind it', { 'x-sha2-signature': v1.signature }, `${v1.body}\n`],
  ['no signature', {}],
  ['the signature twice', { 'x-sha2-signature': [v1.signature, v1.signature] }],
  ['a wrong signature before the right one', { 'x-sha2-signature': ['0'.repeat(64), v1.signature] }],
  ['the signature in base64', { 'x-sha2-signature': Buffer.from(v1.signature, 'hex').toString('base64') }],
  ['a prefix', { 'x-sha2-signature': `sha256=${v1.signature}` }],
  ['another header', { 'x-signature': v1.signature, 'x-sha2-signature-2': v1.signature }],
  ['a signature of nothing', { 'x-sha2-signature': '' }, ''],
];

for (const [what, headers, body = v1.body] of forgeries) {
  test(`${what}: 401 with nothing in it, nothing stored and nothing logged`, async () => {
    const rows = await settled();
    const logged = world.log.text().length;
    const answer = await deliver(body, headers);
    assert.deepEqual([answer.status, answer.text], [401, '']);
    await world.settle();
    assert.deepEqual(deliveries(world), rows);
    const said = world.log.text().slice(logged);
    assert.doesNotMatch(said, /check-123|a0082d74|ABC123|completed/);
  });
}

test('an unknown key is 404, whatever the signature', async () => {
  const rows = (await settled()).length;
  const base = '/serverapi/apiv1/identity-check/onfidowh';
  for (const to of [
    `${base}/2`,
    `${base}/1/`,
    `${base}/`,
    `${base}/01`,
    `${base}/%31%00`,
    `${base}/__proto__`,
  ])
    assert.equal((await deliver(v1.body, signed(v1.body), to)).status, 404, to);
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])
    assert.equal((await world.call(method, path)).status, 404, method);
  assert.equal(deliveries(world).length, rows);
});

test('with one organization the key may be left out, and both may lie below /server', async () => {
  const base = '/serverapi/apiv1/identity-check/onfidowh';
  for (const to of [base, `/server${base}`, `/server${base}/1`, '/onfido/callback'])
    assert.equal((await deliver(v1.body, signed(v1.body), to)).status, 200, to);
});

test('an oversized delivery is 413 and leaves nothing', async () => {
  const rows = (await settled()).length;
  const fits = Buffer.alloc(largest, ' ');
  const over = Buffer.alloc(largest + 1, ' ');
  assert.equal((await deliver(over, signed(over))).status, 413);
  assert.equal(deliveries(world).length, rows);
  assert.equal((await deliver(fits, signed(fits))).status, 200);
});

test('the content type does not matter, since the bytes do', async () => {
  for (const type of [
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/octet-stream',
  ]) {
    const body = `{"payload":{"action":"${type.replaceAll(/[^a-z]/g, '')}"}}`;
    const answer = await deliver(body, { ...signed(body), 'content-type': type });
    assert.equal(answer.status, 200, type);
  }
  const body = '{"payload":{"action":"none"}}';
  const { 'x-sha2-signature': signature } = signed(body);
  assert.equal((await deliver(body, { 'x-sha2-signature': signature! })).status, 200);
});

test('the same delivery again adds no row; one byte of difference is another delivery', async () => {
  const body = '{"payload":{"resource_type":"check","action":"check.form_completed","object":{}}}';
  const rows = (await settled()).length;
  for (let count = 0; count < 3; count += 1) assert.equal((await deliver(body, signed(body))).status, 200);
  await world.settle();
  assert.equal(deliveries(world).length, rows + 1);
  assert.equal(deliveries(world).at(-1)?.times, 3);
  assert.equal((await deliver(`${body} `, signed(`${body} `))).status, 200);
  await world.settle();
  assert.equal(deliveries(world).length, rows + 2);
});

test('an event we know nothing about is kept whole and answered 200', async () => {
  const body = '{"payload":{"resource_type":"moon","action":"moon.rose","object":{"id":"x"}},"more":[1]}';
  assert.equal((await deliver(body, signed(body))).status, 200);
  await world.settle();
  const kept = deliveries(world).at(-1);
  assert.deepEqual([kept?.action, kept?.outcome, kept?.hasBody], ['moon.rose', 'ignored', true]);
});

test('a check or run that is not ours: its body is dropped, hash and ids stay', async () => {
  const id = 'c0ffee00-0000-4000-8000-00000000d00d';
  for (const [type, action] of [
    ['check', 'check.completed'],
    ['workflow_run', 'workflow_run.completed'],
  ]) {
    const resource = { id, applicant_id: id, first_name: 'Someone Else' };
    const body = JSON.stringify({
      payload: { resource_type: type, action, object: { id, status: 'complete' }, resource },
    });
    assert.equal((await deliver(body, signed(body))).status, 200);
    await world.settle();
    const kept = deliveries(world).at(-1);
    assert.deepEqual([kept?.outcome, kept?.hasBody, kept?.checkRef], ['foreign', false, id]);
    assert.match(kept?.contentKey ?? '', /^[0-9a-f]{64}$/);
    const rows = deliveries(world).length;
    assert.equal((await deliver(body, signed(body))).status, 200);
    await world.settle();
    const again = deliveries(world);
    assert.equal(again.length, rows);
    assert.equal(again.at(-1)?.hasBody, false, 'sent again, it is dropped again');
  }
});

const hostile: readonly [what: string, body: string | Buffer][] = [
  [
    '__proto__',
    '{"__proto__":{"polluted":true},"payload":{"__proto__":{"polluted":true},"action":"check.completed"}}',
  ],
  [
    'constructor.prototype',
    '{"payload":{"constructor":{"prototype":{"polluted":true}},"action":"check.completed"}}',
  ],
  ['arrays nested 30 000 deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
  ['objects nested 8 000 deep', `${'{"payload":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['brackets that never close', '['.repeat(60_000)],
  ['no JSON', 'payload=check.completed'],
  ['nothing', ''],
  ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x7b])],
  ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(v1.body)])],
  ['null', 'null'],
  ['a number', '1e999'],
  [
    'ids of other types',
    '{"payload":{"resource_type":"check","action":"check.completed","object":{"id":{"$gt":""}}}}',
  ],
  [
    'a path as id',
    '{"payload":{"resource_type":"check","action":"check.completed","object":{"id":"../applicants?x=","href":"http://169.254.169.254/latest"}}}',
  ],
  [
    'SQL as id',
    `{"payload":{"resource_type":"check","action":"check.completed","object":{"id":"' OR 1=1 --"}}}`,
  ],
  ['an action of a thousand letters', `{"payload":{"action":"${'a'.repeat(1000)}.completed","object":{}}}`],
  ['the same key twice', '{"payload":{"action":"check.completed"},"payload":{"action":"check.withdrawn"}}'],
  ['NUL in the action', '{"payload":{"action":"check\\u0000.completed","object":{}}}'],
];

for (const [what, body] of hostile) {
  test(`rightly signed, but ${what}: kept, answered 200, and nothing breaks`, async () => {
    const calls = world.onfido.calls.length;
    assert.equal((await deliver(body, signed(body))).status, 200);
    await world.settle();
    assert.equal(Reflect.get({}, 'polluted'), undefined);
    const kept = deliveries(world).at(-1);
    assert.deepEqual([kept?.outcome, kept?.hasBody], ['ignored', true]);
    assert.equal(world.onfido.calls.length, calls, 'nothing is fetched because of it');
    assert.equal((await deliver(v1.body, signed(v1.body))).status, 200);
  });
}

/** Does something while one of the inbox's tables takes no rows. */
async function whileRefusing(table: 'arrivals' | 'deliveries', act: () => Promise<void>): Promise<void> {
  const inbox = new Database(join(world.installation.dataDir, 'inbox.db'));
  inbox.exec(`CREATE TRIGGER full_disk BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'full'); END`);
  try {
    await act();
  } finally {
    inbox.exec('DROP TRIGGER full_disk');
    inbox.close();
  }
}

test('a commit that fails is answered 503 and keeps nothing; the repetition is taken', async () => {
  const body = '{"payload":{"action":"check.form_completed","object":{"id":"once"}}}';
  const rows = await settled();
  await whileRefusing('arrivals', async () => {
    const answer = await deliver(body, signed(body));
    assert.deepEqual([answer.status, answer.text], [503, '']);
    assert.ok(Number(answer.headers['retry-after']) > 0);
    const several = await Promise.all([1, 2, 3, 4, 5].map(() => deliver(body, signed(body))));
    assert.deepEqual([...new Set(several.map(({ status }) => status))], [503]);
    assert.deepEqual(await settled(), rows);
  });
  assert.equal((await deliver(body, signed(body))).status, 200);
  assert.equal((await settled()).length, rows.length + 1);
  await world.pass(5_000);
  while (!world.log.messages().includes('deliveries are kept again')) await turn();
});

test('what is kept and cannot be looked at yet is looked at later', async () => {
  const body = '{"payload":{"action":"check.form_completed","object":{"id":"later"}}}';
  const rows = await settled();
  const logged = world.log.entries().length;
  await whileRefusing('deliveries', async () => {
    for (let nth = 0; nth < 3; nth++) {
      assert.equal((await deliver(body, signed(body))).status, 200);
      assert.deepEqual(await settled(), rows);
    }
    assert.equal((await fetch(`${world.gateway.addresses.private}/readyz`)).status, 200);
  });
  await world.pass(61_000);
  assert.equal((await settled()).length, rows.length + 1);
  const said = world.log.entries().slice(logged);
  assert.deepEqual(
    said.flatMap(({ message, err }) =>
      /deliveries/.test(String(message))
        ? [[message, (err as { cause?: Error } | undefined)?.cause?.message]]
        : [],
    ),
    [
      ['handing on deliveries failed; they wait', 'full'],
      ['deliveries are handed on again', undefined],
    ],
  );
});

test('many at once are all kept, each once', async () => {
  const rows = (await settled()).length;
  const bodies = Array.from({ length: 60 }, (_, place) => `{"payload":{"action":"moon.rose","n":${place}}}`);
  const answers = await Promise.all([...bodies, ...bodies].map(body => deliver(body, signed(body))));
  assert.ok(answers.every(({ status }) => status === 200));
  await world.settle();
  assert.equal(deliveries(world).length, rows + 60);
});

test('nothing else is served to the internet', async () => {
  for (const below of [
    '/',
    '/healthz',
    '/readyz',
    '/metrics',
    '/api/v1/openapi.json',
    '/api/v1/registrations',
    '/verification/register',
    '/verification/token/x',
    '/.env',
    '/server',
    '/serverapi',
    '/onfido/initiate',
  ])
    assert.equal((await world.call('GET', below)).status, 404, below);
});
