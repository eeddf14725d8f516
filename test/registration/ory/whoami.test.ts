import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWhoami, credentialOf } from '../../../src/registration/ory/whoami.js';
import { type Outbound, OutboundError, type OutboundRequest } from '../../../src/runtime/outbound.js';

const identity = { id: '8d2e7c60-51a4-4b7e-9f3a-0c6a1b2d3e4f' };

function answering(status: number, body: unknown) {
  const seen: OutboundRequest[] = [];
  const outbound: Outbound = {
    async request(request) {
      seen.push(request);
      if (body === 'cut') throw new OutboundError('cut', true, 'cut');
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return { status, headers: {}, body: Buffer.from(text) };
    },
    close: async () => {},
  };
  return { seen, ask: createWhoami('http://127.0.0.1:4433/', outbound) };
}

test('only what proves the session goes on to Kratos', () => {
  const headers = {
    cookie: 'tracker=1; ory_kratos_session=MTY.abc_-=; csrf_token=x; admin=1',
    'user-agent': 'x',
    'x-forwarded-for': '203.0.113.9',
  };
  assert.deepEqual(credentialOf(headers), {
    kind: 'cookie',
    headers: { cookie: 'ory_kratos_session=MTY.abc_-=' },
  });
  assert.deepEqual(credentialOf({ ...headers, 'x-session-token': 'ory_st_1' }), {
    kind: 'token',
    headers: { 'x-session-token': 'ory_st_1' },
  });
  assert.deepEqual(credentialOf({ ...headers, authorization: 'bearer ory_st_2' }), {
    kind: 'token',
    headers: { authorization: 'Bearer ory_st_2' },
  });
  assert.deepEqual(credentialOf({ cookie: 'ory_session_projectslug=v' })?.headers, {
    cookie: 'ory_session_projectslug=v',
  });
});

test('what proves nothing is not sent', () => {
  for (const headers of [
    {},
    { cookie: 'xory_kratos_session=1' },
    { cookie: 'ory_kratos_session=' },
    { cookie: 'a="ory_kratos_session=1"' },
    { authorization: 'Basic eA==' },
    { 'x-session-token': 'a b' },
    { 'x-session-token': 'a\r\nx: y' },
  ])
    assert.equal(credentialOf(headers), null, JSON.stringify(headers));
});

test('Kratos is asked with the one header, at the public address', async () => {
  const { seen, ask } = answering(200, { active: true, identity });
  assert.deepEqual(await ask({ kind: 'token', headers: { 'x-session-token': 't' } }), {
    kind: 'active',
    kratosId: identity.id,
  });
  assert.equal(seen[0]?.url, 'http://127.0.0.1:4433/sessions/whoami');
  assert.deepEqual(seen[0]?.headers, { accept: 'application/json', 'x-session-token': 't' });
});

const answers: readonly (readonly [number, unknown, string])[] = [
  [200, { active: false, identity }, 'none'],
  [200, { active: 'true', identity }, 'none'],
  [200, { identity }, 'none'],
  [200, { active: true, identity: { id: '00000000-0000-0000-0000-000000000000' } }, 'none'],
  [200, { active: true }, 'none'],
  [200, 'not json', 'unavailable'],
  [200, '[]', 'none'],
  [401, {}, 'none'],
  [403, {}, 'aal2_required'],
  [404, {}, 'unavailable'],
  [302, {}, 'unavailable'],
  [500, {}, 'unavailable'],
  [0, 'cut', 'unavailable'],
];

for (const [status, body, kind] of answers)
  test(`${status} with ${JSON.stringify(body)} is ${kind}`, async () => {
    const { ask } = answering(status, body);
    assert.equal((await ask({ kind: 'cookie', headers: {} })).kind, kind);
  });
