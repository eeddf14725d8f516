import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import {
  type KratosSimulator,
  serializationConflict,
  startKratosSimulator,
} from '../../src/simulators/kratos/index.js';
import { TestClock } from '../support/clock.js';
import { withoutSpec } from '../support/skips.js';
import { loadSpec } from './spec.js';

type Body = Record<string, unknown> & { error: Record<string, unknown> };

let clock: TestClock;
let sim: KratosSimulator;
beforeEach(async () => {
  clock = new TestClock();
  sim = await startKratosSimulator({ clock });
});
afterEach(() => sim.close());

async function call(method: string, path: string, body?: unknown, base = sim.adminUrl) {
  const response = await fetch(`${base}${path}`, {
    method,
    redirect: 'manual',
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text ? JSON.parse(text) : undefined) as Body,
  };
}

function patch(id: string, ...operations: unknown[]) {
  return call('PATCH', `/admin/identities/${id}`, operations);
}

function identityWith(fields: Record<string, unknown> = {}) {
  return sim.createIdentity({ email: `${sim.identities.size}@example.net` }, fields).id;
}

const add = (path: string, value: unknown) => ({ op: 'add', path, value });

test('missing and null parents of an added value are made, and siblings stay', async () => {
  const empty = identityWith();
  const deep = await patch(empty, add('/metadata_public/idv/onfido/status', 'pending'));
  assert.equal(deep.status, 200);
  assert.deepEqual(deep.body.metadata_public, { idv: { onfido: { status: 'pending' } } });
  const shallow = identityWith({ metadata_public: { idv: null, theme: 'dark' } });
  const second = await patch(
    shallow,
    add('/metadata_public/idv/x/y', 1),
    add('/metadata_admin/persona', { a: 1 }),
  );
  assert.deepEqual(second.body.metadata_public, { idv: { x: { y: 1 } }, theme: 'dark' });
  assert.deepEqual(second.body.metadata_admin, { persona: { a: 1 } });
});

test('a whole provider object replaces the one before', async () => {
  const id = identityWith({ metadata_public: { onfido: { status: 'pending', old: true } } });
  const { body } = await patch(id, add('/metadata_public/onfido', { status: 'approved' }));
  assert.deepEqual(body.metadata_public, { onfido: { status: 'approved' } });
});

test('replace adds what is missing, except at a number', async () => {
  const id = identityWith({ metadata_public: { list: ['a'] } });
  const replace = (path: string, value: unknown) => patch(id, { op: 'replace', path, value });
  assert.equal((await replace('/metadata_public/new/deep', 1)).status, 200);
  const inList = await replace('/metadata_public/list/0', 'b');
  assert.deepEqual(inList.body.metadata_public, { list: ['b'], new: { deep: 1 } });
  assert.equal((await replace('/metadata_public/list/5', 'c')).status, 400);
});

test('what Kratos refuses is refused with 400 and changes nothing', async () => {
  const text = identityWith({ metadata_public: 'text' });
  const list = identityWith({ metadata_public: [] });
  const none = identityWith();
  const attempts: [string, unknown][] = [
    [text, add('/metadata_public/idv', 1)],
    [list, add('/metadata_public/idv', 1)],
    [none, add('/metadata_public/a~1b/c', 1)],
    [none, add('/metadata_public/a~0b/c', 1)],
    [none, { op: 'remove', path: '/metadata_public/idv' }],
    [none, { op: 'add', path: '/metadata_public/idv' }],
    [none, { op: 'test', path: '/state', value: 'active' }],
    [none, { op: 'move', path: '/metadata_public/a', from: '/traits/email' }],
    [none, { op: 'copy', path: '/metadata_public/a', from: '/traits/email' }],
    [none, add('/id', 'x')],
    [none, add('/ID', 'x')],
    [none, add('/credentials', {})],
    [none, add('/credentials/oidc/config', {})],
    [none, add('/credentials/SAML', {})],
    [none, add('/stateChangedAt', 'x')],
    [none, add('/state', 'strange')],
  ];
  for (const [id, operation] of attempts) {
    const before = structuredClone(sim.identities.get(id));
    const answer = await patch(id, add('/metadata_admin/also', 1), operation);
    assert.equal(answer.status, 400, JSON.stringify(operation));
    assert.equal(answer.body.error.code, 400);
    assert.deepEqual(sim.identities.get(id), before);
  }
  assert.match(
    String((await patch(text, add('/metadata_public/idv', 1))).body.error.message),
    /invalid state detected/,
  );
  assert.equal((await call('PATCH', `/admin/identities/${none}`, { op: 'add' })).status, 400);
  assert.ok(sim.patches.every(record => record.status === 400));
});

test('odd but accepted: null values, escapes in the last segment, and numbers that make a long array', async () => {
  const id = identityWith();
  const plain = await patch(
    id,
    add('/metadata_admin', null),
    add('/metadata_public/a~1b', 1),
    add('/metadata_public/c', null),
  );
  assert.deepEqual(plain.body.metadata_public, { 'a/b': 1, c: null });
  const other = identityWith();
  const padded = (await patch(other, add('/metadata_public/12345', 'x'))).body.metadata_public as unknown[];
  assert.equal(padded.length, 12_346);
  assert.deepEqual([padded[0], padded[12_344], padded[12_345]], [null, null, 'x']);
});

test('an unknown, nil or garbled id is 404', async () => {
  for (const id of [
    '00000000-0000-0000-0000-000000000000',
    'garbled',
    'c0ffee00-0000-4000-8000-000000000001',
  ]) {
    assert.equal((await call('GET', `/admin/identities/${id}`)).status, 404);
    const answer = await patch(id, add('/metadata_public/a', 1));
    assert.deepEqual([answer.status, answer.body.error.status], [404, 'Not Found']);
  }
});

test('the admin prefix may be missing on the admin port and is redirected on the public one', async () => {
  const id = identityWith();
  assert.equal((await call('GET', `/identities/${id}`)).status, 200);
  const moved = await call('GET', `/admin/identities/${id}?x=1`, undefined, sim.publicUrl).catch(
    () => undefined,
  );
  assert.equal(moved?.status, 307);
  assert.equal(moved?.headers.get('location'), `${sim.adminUrl}/admin/identities/${id}?x=1`);
});

test('lists take repeated ids or an identifier, one filter at a time, and pages', async () => {
  const [a, b, c] = [identityWith(), identityWith(), identityWith()];
  const list = async (query: string) => await call('GET', `/admin/identities${query}`);
  const ids = (body: unknown) => (body as { id: string }[]).map(identity => identity.id).sort();
  const unknown = 'c0ffee00-0000-4000-8000-000000000009';
  assert.deepEqual(ids((await list(`?ids=${a}&ids=${c}&ids=${unknown}`)).body), [a, c].sort());
  assert.deepEqual(ids((await list('?credentials_identifier=1%40example.net')).body), [b]);
  assert.equal((await list(`?ids=${a}&credentials_identifier=x`)).status, 400);
  const first = await list('?page_size=2');
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  assert.deepEqual(ids((await call('GET', next)).body), [c]);
});

test('identities are created over the API, but not twice with the same e-mail', async () => {
  const body = { schema_id: 'default', traits: { email: 'ada@example.net' } };
  const made = await call('POST', '/admin/identities', body);
  assert.equal(made.status, 201);
  assert.equal(made.body.metadata_public, null);
  assert.equal((await call('POST', '/admin/identities', body)).status, 409);
  assert.equal((await call('POST', '/admin/identities', { schema_id: 'default' })).status, 400);
});

test('whoami knows a session by cookie, header or Bearer token and hides the admin’s metadata', async () => {
  const id = identityWith({
    metadata_public: { onfido: { status: 'approved' } },
    metadata_admin: { secret: 1 },
  });
  const { token } = sim.createSession(id);
  const whoami = (headers: Record<string, string>) => fetch(`${sim.publicUrl}/sessions/whoami`, { headers });
  for (const headers of [
    { cookie: `other=1; ory_kratos_session=${token}` },
    { 'x-session-token': token },
    { authorization: `Bearer ${token}` },
  ] as Record<string, string>[]) {
    const answer = await whoami(headers);
    assert.equal(answer.status, 200);
    const { identity, active } = (await answer.json()) as { identity: Body; active: boolean };
    assert.equal(active, true);
    assert.deepEqual(identity.metadata_public, { onfido: { status: 'approved' } });
    assert.ok(!('metadata_admin' in identity));
  }
  assert.equal((await whoami({})).status, 401);
  assert.equal((await whoami({ cookie: 'ory_kratos_session=wrong' })).status, 401);
  const second = sim.createSession(id, { aal2Required: true });
  const half = await whoami({ 'x-session-token': second.token });
  assert.equal(half.status, 403);
  assert.equal(((await half.json()) as Body).error.id, 'session_aal2_required');
  clock.advance(25 * 3_600_000);
  assert.equal((await whoami({ 'x-session-token': token })).status, 401);
});

test('deleting sessions ends them, and says 404 when there are none', async () => {
  const id = identityWith();
  const { token } = sim.createSession(id);
  assert.equal((await call('DELETE', `/admin/identities/${id}/sessions`)).status, 204);
  assert.equal((await call('DELETE', `/admin/identities/${id}/sessions`)).status, 404);
  const gone = await fetch(`${sim.publicUrl}/sessions/whoami`, { headers: { 'x-session-token': token } });
  assert.equal(gone.status, 401);
});

test('faults, conflicts, unfit traits and lost answers happen as ordered', async () => {
  const id = identityWith();
  const path = `/admin/identities/${id}`;
  const write = () => patch(id, add('/metadata_public/a', sim.patches.length));
  sim.fail({
    kind: 'status',
    status: 429,
    path: '/admin/identities/*',
    headers: { 'x-ratelimit-reset': '3' },
  });
  sim.fail({ kind: 'status', status: 400, body: serializationConflict });
  sim.fail({ kind: 'status', status: 503 });
  const limited = await write();
  assert.deepEqual([limited.status, limited.headers.get('x-ratelimit-reset')], [429, '3']);
  const conflict = await write();
  assert.match(String(conflict.body.error.message), /^Unable to serialize access/);
  assert.equal((await write()).status, 503);
  assert.deepEqual(sim.patches, []);
  sim.fail({ kind: 'cut-after', method: 'PATCH' });
  await assert.rejects(write());
  assert.deepEqual(sim.identities.get(id)?.metadata_public, { a: 0 });
  assert.equal(sim.count('PATCH', path), 4);
  sim.breakTraits(id);
  assert.match(String((await write()).body.error.reason), /traits/);
  sim.removeIdentity(id);
  assert.equal((await write()).status, 404);
});

test('with a key, nothing is told without it', async () => {
  const guarded = await startKratosSimulator({ apiKey: 'ory_pat_x' });
  assert.equal((await call('GET', '/admin/identities', undefined, guarded.adminUrl)).status, 401);
  const headers = { authorization: 'Bearer ory_pat_x' };
  assert.equal((await fetch(`${guarded.adminUrl}/admin/identities`, { headers })).status, 200);
  await guarded.close();
});

test('two changes of one identity at once are refused where the Network’s limit is on', async () => {
  const limited = await startKratosSimulator({ clock, limitInFlight: true });
  const { id } = limited.createIdentity({ email: 'a@example.net' });
  const url = `${limited.adminUrl}/admin/identities/${id}`;
  const headers = { 'content-type': 'application/json' };
  // the first request's body stays away, so that it is surely under way
  const first = request(url, { method: 'PATCH', headers: { ...headers, 'content-length': 2 } });
  const answered = once(first, 'response');
  first.flushHeaders();
  for (let waited = 0; limited.calls.length === 0; waited += 5) {
    assert.ok(waited < 5000, 'the first request never arrived');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  const second = await fetch(url, { method: 'PATCH', headers, body: '[]' });
  assert.equal(second.status, 429);
  assert.equal(second.headers.get('x-ratelimit-reset'), '1');
  first.end('[]');
  const [answer] = (await answered) as [IncomingMessage];
  answer.resume();
  assert.equal(answer.statusCode, 200);
  await once(answer, 'end');
  assert.equal((await fetch(url, { method: 'PATCH', headers, body: '[]' })).status, 200);
  await limited.close();
});

test('a change whose answer was lost does not leave the identity busy for ever', async () => {
  const limited = await startKratosSimulator({ clock, limitInFlight: true });
  const { id } = limited.createIdentity({ email: 'a@example.net' });
  const url = `${limited.adminUrl}/admin/identities/${id}`;
  const change = () =>
    fetch(url, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '[]' });
  limited.fail({ kind: 'cut-after' });
  await assert.rejects(change());
  assert.equal((await change()).status, 200);
  await limited.close();
});

test('another program can make identities and sessions over HTTP', async () => {
  const made = await call('POST', '/_control/identities', { traits: { email: 'x@example.net' } });
  const { id } = made.body.done as { id: string };
  const session = await call('POST', '/_control/sessions', { identityId: id });
  const { token } = session.body.done as { token: string };
  const whoami = await fetch(`${sim.publicUrl}/sessions/whoami`, { headers: { 'x-session-token': token } });
  assert.equal(whoami.status, 200);
});

test('answers fit the published description', { skip: withoutSpec('kratos-openapi.json') }, async () => {
  const spec = loadSpec('kratos-openapi.json');
  const id = identityWith({ metadata_admin: { a: 1 } });
  spec.assertFits('identity', (await call('GET', `/admin/identities/${id}`)).body);
  spec.assertFits('identity', (await patch(id, add('/metadata_public/onfido', { status: 'pending' }))).body);
  spec.assertFits('errorGeneric', (await patch(id, { op: 'test' })).body);
  spec.assertFits('errorGeneric', (await call('GET', '/admin/identities/none')).body);
  const headers = { 'x-session-token': sim.createSession(id).token };
  spec.assertFits('session', await (await fetch(`${sim.publicUrl}/sessions/whoami`, { headers })).json());
});
