import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { readKratosId } from '../../../src/domain/kratos-id.js';
import { createKratosClient, KratosError } from '../../../src/effects/mirror/kratos-client.js';
import { mirrorValue } from '../../../src/effects/mirror/patch.js';
import { onfidoOry } from '../../../src/providers/onfido/ory.js';
import { personaOry } from '../../../src/providers/persona/ory.js';
import { createLoopbackOutbound } from '../loopback-outbound.js';

const id = '8d2e7c60-51a4-4b7e-9f3a-0c6a1b2d3e4f';
const apiKey = 'ory_pat_9c1f2e3d4b5a6978';
const applicantRef = 'b5a1f0de-3c27-4a6e-8d44-7a90f3c2e111';
const value = mirrorValue(onfidoOry, {
  phase: 'registered',
  machinePhase: 'registered',
  applicantRef,
  checkRef: null,
  initiatedAt: 0,
  decidedAt: 1000,
});

type Answer = [status: number, body: unknown, headers?: Record<string, string>];
interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A Kratos that answers what a test says to every call. */
async function answering(t: TestContext, answer: (seen: Seen) => Answer | 'cut') {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body });
      const given = answer(seen.at(-1)!);
      if (given === 'cut') return request.socket.destroy();
      const [status, content, extra] = given;
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      response.writeHead(status, { 'content-type': 'application/json', ...extra }).end(text);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const outbound = createLoopbackOutbound();
  t.after(async () => {
    server.close().closeAllConnections();
    await outbound.close();
  });
  const adminUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { seen, client: createKratosClient({ adminUrl, apiKey }, outbound), adminUrl, outbound };
}

const identity = (metadata: Record<string, unknown>) => ({
  id,
  schema_id: 'default',
  schema_url: 'http://x.example',
  traits: {},
  metadata_public: null,
  metadata_admin: null,
  ...metadata,
});
const kratosSays = (code: number, message: string, reason?: string) => ({
  error: { code, status: 'Error', message, ...(reason ? { reason } : {}) },
});

async function failure(call: Promise<unknown>): Promise<KratosError> {
  const error = await call.then(
    () => assert.fail('the write should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof KratosError, String(error));
  const told = `${error.message} ${JSON.stringify(error)} ${String(error.cause)}`;
  for (const secret of [id, apiKey, applicantRef, 'ada@example.net'])
    assert.ok(!told.includes(secret), `the error tells ${secret}`);
  return error;
}

test('a status is written as one patch of the whole object', async t => {
  const { client, seen } = await answering(t, () => [
    200,
    identity({ metadata_public: { plan: 'x', onfido: value } }),
  ]);
  assert.equal(await client.writeStatus(id.toUpperCase(), { path: onfidoOry.path, value }), 'written');
  assert.equal(seen.length, 1, 'nothing is read first');
  assert.equal(seen[0]?.method, 'PATCH');
  assert.equal(seen[0]?.url, `/admin/identities/${id}`);
  assert.equal(seen[0]?.headers['content-type'], 'application/json');
  assert.equal(seen[0]?.headers.authorization, `Bearer ${apiKey}`);
  assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), [{ op: 'add', path: '/metadata_public/onfido', value }]);
});

test('what is there is read without writing anything', async t => {
  const answers: Answer[] = [
    [200, identity({ metadata_admin: { persona: { status: 'approved' } } })],
    [200, identity({ metadata_admin: { persona: null } })],
    [200, identity({ metadata_admin: 'text' })],
    [404, kratosSays(404, 'Unable to locate the resource')],
  ];
  const { client, seen } = await answering(t, () => answers[seen.length - 1] ?? [500, {}]);
  const read = () => client.readStatus(id, personaOry.path);
  assert.deepEqual(await read(), { value: { status: 'approved' } });
  assert.deepEqual(await read(), { value: null });
  assert.deepEqual(await read(), { value: undefined });
  assert.equal(await read(), 'orphan');
  assert.equal((await failure(read())).kind, 'later');
  assert.ok(seen.every(({ method, body }) => method === 'GET' && body === ''));
});

test('without a key no credentials are sent', async t => {
  const { adminUrl, outbound, seen } = await answering(t, () => [
    200,
    identity({ metadata_public: { onfido: value } }),
  ]);
  await createKratosClient({ adminUrl }, outbound).writeStatus(id, { path: onfidoOry.path, value });
  assert.equal('authorization' in seen[0]!.headers, false);
});

test("Persona's object goes where the customer cannot read it", async t => {
  const object = { status: 'approved', inquiry_id: 'inq_1' };
  const { client } = await answering(t, () => [200, identity({ metadata_admin: { persona: object } })]);
  assert.equal(await client.writeStatus(id, { path: personaOry.path, value: object }), 'written');
});

test('erasure puts null in its place', async t => {
  const { client, seen } = await answering(t, () => [200, identity({ metadata_public: { onfido: null } })]);
  assert.equal(await client.writeStatus(id, { path: onfidoOry.path, value: null }), 'written');
  assert.equal(JSON.parse(seen[0]?.body ?? '')[0].value, null);
});

const drifted: [string, unknown][] = [
  ['an older status', identity({ metadata_public: { onfido: { ...value, status: 'pending' } } })],
  ['something more', identity({ metadata_public: { onfido: { ...value, extra: 1 } } })],
  ['nothing', identity({})],
  ['a text for metadata', identity({ metadata_public: 'text' })],
  ['no identity', []],
  ['no JSON', '<html>'],
];
for (const [name, body] of drifted)
  test(`an answer with ${name} means that the write was lost: later`, async t => {
    const { client } = await answering(t, () => [200, body]);
    assert.equal((await failure(client.writeStatus(id, { path: onfidoOry.path, value }))).kind, 'later');
  });

const serialisation = 'Unable to serialize access due to a concurrent update in another session';
const refusals: [string, Answer, KratosError['kind'], number?][] = [
  [
    'metadata that is a text',
    [400, kratosSays(400, 'failed to apply JSON patch', 'invalid state detected')],
    'refused',
  ],
  ['traits that no longer fit', [400, kratosSays(400, 'ada@example.net is not valid')], 'refused'],
  ['a 400 without a word', [400, ''], 'refused'],
  ['a conflict in the message', [400, kratosSays(400, serialisation)], 'later'],
  ['a conflict in the reason', [400, kratosSays(400, 'The request was malformed', serialisation)], 'later'],
  ['a clash of external ids', [409, kratosSays(409, 'exists')], 'refused'],
  ['a wrong key', [401, kratosSays(401, 'Access credentials are invalid')], 'unauthorized'],
  ['a key of another project', [403, '<html>'], 'unauthorized'],
  [
    'the rate limit',
    [429, kratosSays(429, 'slow'), { 'x-ratelimit-reset': '17', 'retry-after': '3' }],
    'later',
    17_000,
  ],
  ['a rate limit of a proxy', [429, '', { 'retry-after': '3' }], 'later', 3000],
  ['a rate limit without a number', [429, '', { 'x-ratelimit-reset': 'soon' }], 'later'],
  ['a rate limit until next year', [429, '', { 'x-ratelimit-reset': '31536000' }], 'later', 3_600_000],
  ['a fault of theirs', [500, kratosSays(500, 'oops')], 'later'],
  ['a gateway without a Kratos', [502, '<html>'], 'later'],
  [
    'the public port, which redirects',
    [307, '', { location: `http://127.0.0.1:1/admin/identities/${id}` }],
    'refused',
  ],
  ['a 404 that is not from Kratos', [404, '<html>not here</html>'], 'refused'],
  ['an unexpected success', [204, ''], 'refused'],
];
for (const [name, answer, kind, retryAfterMs] of refusals)
  test(`${name} (${answer[0]}) is "${kind}", and is not repeated`, async t => {
    const { client, seen } = await answering(t, () => answer);
    const error = await failure(client.writeStatus(id, { path: onfidoOry.path, value }));
    assert.deepEqual([error.kind, error.retryAfterMs], [kind, retryAfterMs]);
    assert.equal(seen.length, 1);
  });

test('an identity that Kratos no longer knows is an orphan', async t => {
  const { client } = await answering(t, () => [404, kratosSays(404, 'Unable to locate the resource')]);
  assert.equal(await client.writeStatus(id, { path: onfidoOry.path, value }), 'orphan');
});

test('a cut connection is "later"', async t => {
  const { client } = await answering(t, () => 'cut');
  assert.equal((await failure(client.writeStatus(id, { path: onfidoOry.path, value }))).kind, 'later');
});

test('an id that is nil or none never reaches Kratos, where it would look like an identity that is gone', async t => {
  const { client, seen } = await answering(t, () => [404, kratosSays(404, 'Unable to locate the resource')]);
  const nil = '00000000-0000-0000-0000-000000000000';
  for (const wrong of [nil, '', 'x', `${id}/../x`, `${id}?a=b`, `${id}\n`, `${id}/sessions`])
    assert.equal((await failure(client.writeStatus(wrong, { path: onfidoOry.path, value }))).kind, 'refused');
  assert.equal(seen.length, 0);
});

test('an identity id is read in one spelling or not at all', () => {
  assert.equal(readKratosId(id.toUpperCase()), id);
  fc.assert(fc.property(fc.uuid(), text => readKratosId(text) === text));
  fc.assert(fc.property(fc.string(), text => readKratosId(text) === null));
});

test('pages of identities are followed by their token alone, and only metadata is reached', async t => {
  const link = (rel: string, token: string) =>
    `<http://evil.example/admin/identities?page_size=250&page_token=${token}>; rel="${rel}"`;
  const pages: Answer[] = [
    [
      200,
      [
        {
          id: id.toUpperCase(),
          created_at: '2026-01-02T03:04:05Z',
          metadata_public: { a: { b: 1 } },
          traits: { a: 2 },
        },
        { id: '00000000-0000-0000-0000-000000000000' },
        null,
      ],
      { link: `${link('first', 'one')}, ${link('next', 'a%2Bb%3D')}` },
    ],
    [200, [], { link: link('first', 'one') }],
    [200, { not: 'a list' }],
  ];
  const { client, seen } = await answering(t, () => pages.shift() ?? [500, '']);
  const first = await client.listIdentities(null);
  assert.equal(first.next, 'a+b=');
  assert.deepEqual(
    first.identities.map(({ id: each, createdAt }) => [each, createdAt]),
    [[id, Date.UTC(2026, 0, 2, 3, 4, 5)]],
  );
  const at = first.identities[0]?.at;
  assert.deepEqual(
    ['/metadata_public/a/b', '/metadata_public/a/c', '/traits/a', '/metadata_public/toString', ''].map(path =>
      at?.(path),
    ),
    [1, undefined, undefined, undefined, undefined],
  );
  assert.equal((await client.listIdentities('a+b=')).next, null);
  await assert.rejects(client.listIdentities(null), { kind: 'refused' });
  assert.deepEqual(
    seen.map(({ url }) => url),
    ['', '&page_token=a%2Bb%3D', ''].map(token => `/admin/identities?page_size=250${token}`),
  );
});
