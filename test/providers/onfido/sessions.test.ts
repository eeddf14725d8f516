import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProviderError, SessionRequest } from '../../../src/providers/provider.js';
import { applicantId, id, type Json, runId, runObject } from './fixtures.js';
import { routes, signal, startApi } from './loopback.js';

const token = 'eyJh.eyJi.c-_1';
const studio = { mode: 'studio', workflowId: id(30) } as const;
const runPath = `GET /workflow_runs/${runId}`;

function request(changes: Partial<SessionRequest> = {}): SessionRequest {
  return {
    applicantRef: applicantId,
    checkId: 'chk_1',
    referrer: 'https://kyc.example.net/*',
    language: 'en',
    ...changes,
  };
}

function waiting(changes: Json = {}): Json {
  return runObject('awaiting_input', { sdk_token: token, ...changes });
}

test('a classic session is a token for this applicant and page, good for 90 minutes', async t => {
  const api = await startApi(t, routes({ 'POST /sdk_token': { json: { token } } }));
  const session = await api.onfido().openSession(request(), signal);
  assert.deepEqual(session, { kind: 'embedded', token, expiresAt: api.clock.now() + 90 * 60_000 });
  assert.deepEqual(api.calls[0]?.body, { applicant_id: applicantId, referrer: 'https://kyc.example.net/*' });
});

test('an operator’s referrer pattern replaces the page’s', async t => {
  const api = await startApi(t, routes({ 'POST /sdk_token': { json: { token } } }));
  await api.onfido({ referrer: '*://*/*' }).openSession(request(), signal);
  assert.deepEqual(api.calls[0]?.body, { applicant_id: applicantId, referrer: '*://*/*' });
});

test('a token that could break out of a page is not taken', async t => {
  const api = await startApi(t, routes({ 'POST /sdk_token': { json: { token: '"><script>' } } }));
  await assert.rejects(api.onfido().openSession(request(), signal), { kind: 'later' });
});

test('a run is looked up by our tag and only then created, with tag, user id and custom data', async t => {
  const api = await startApi(
    t,
    routes({ 'GET /workflow_runs': { json: [] }, 'POST /workflow_runs': { status: 201, json: waiting() } }),
  );
  const session = await api
    .onfido(studio)
    .openSession(
      request({ kratosIdentityId: id(77), returnUrl: 'https://kyc.example.net/done', language: 'de' }),
      signal,
    );
  assert.deepEqual(session, {
    kind: 'embedded',
    token,
    workflowRunId: runId,
    expiresAt: Date.parse('2026-03-04T10:00:00Z') + 35 * 24 * 60 * 60_000,
  });
  assert.deepEqual(api.seen(), ['GET /workflow_runs', 'POST /workflow_runs']);
  assert.equal(api.calls[0]?.query.get('applicant_id'), applicantId);
  assert.equal(api.calls[0]?.query.get('tags'), 'gatehouse:chk_1');
  assert.deepEqual(api.calls[1]?.body, {
    workflow_id: id(30),
    applicant_id: applicantId,
    tags: ['gatehouse:chk_1'],
    customer_user_id: 'chk_1',
    custom_data: { kratos_identity_id: id(77) },
    link: { completed_redirect_url: 'https://kyc.example.net/done', language: 'de_DE' },
  });
});

test('without a Kratos identity and a way back neither is sent', async t => {
  const api = await startApi(
    t,
    routes({ 'GET /workflow_runs': { json: [] }, 'POST /workflow_runs': { status: 201, json: waiting() } }),
  );
  await api.onfido(studio).openSession(request(), signal);
  assert.deepEqual(Object.keys(api.calls[1]?.body as Json).sort(), [
    'applicant_id',
    'customer_user_id',
    'tags',
    'workflow_id',
  ]);
});

test('a run whose creation got no answer is found the next time and not made twice', async t => {
  const runs: Json[] = [];
  const api = await startApi(t, call => {
    if (call.method === 'GET') return { json: call.query.get('page') === '1' ? runs : [] };
    runs.push(waiting());
    return 'cut';
  });
  await assert.rejects(api.onfido(studio).openSession(request(), signal), (error: ProviderError) => {
    return error.kind === 'later' && error.options.mayHaveActed === true;
  });
  const session = await api.onfido(studio).openSession(request(), signal);
  assert.equal(session.workflowRunId, runId);
  assert.equal(api.seen().filter(call => call === 'POST /workflow_runs').length, 1);
});

test('runs of others in the list are left alone, even if the filter by tag was ignored', async t => {
  const api = await startApi(
    t,
    routes({
      'GET /workflow_runs': {
        json: [waiting({ id: id(21), tags: ['gatehouse:chk_2'] }), waiting({ id: id(22), tags: null })],
      },
      'POST /workflow_runs': { status: 201, json: waiting() },
    }),
  );
  assert.equal((await api.onfido(studio).openSession(request(), signal)).workflowRunId, runId);
});

test('of two runs of ours always the older one is taken', async t => {
  const older = waiting({ id: id(21), created_at: '2026-03-04T09:59:00Z' });
  for (const runs of [
    [waiting(), older],
    [older, waiting()],
  ]) {
    const api = await startApi(t, routes({ 'GET /workflow_runs': { json: runs } }));
    assert.equal((await api.onfido(studio).openSession(request(), signal)).workflowRunId, id(21));
  }
});

test('a list or an answer without the token makes the run be read again', async t => {
  const bare = waiting({ sdk_token: null });
  const found = await startApi(
    t,
    routes({ 'GET /workflow_runs': { json: [bare] }, [runPath]: { json: waiting() } }),
  );
  assert.equal((await found.onfido(studio).openSession(request(), signal)).token, token);
  const made = await startApi(
    t,
    routes({
      'GET /workflow_runs': { json: [] },
      'POST /workflow_runs': { status: 201, json: bare },
      [runPath]: { json: waiting() },
    }),
  );
  assert.equal((await made.onfido(studio).openSession(request(), signal)).token, token);
});

test('a known run is asked for its token again, and nothing is created', async t => {
  const api = await startApi(t, routes({ [runPath]: { json: waiting() } }));
  const session = await api.onfido(studio).openSession(request({ checkRef: runId }), signal);
  assert.deepEqual([session.token, session.workflowRunId], [token, runId]);
  assert.deepEqual(api.seen(), [runPath]);
});

test('a run that is over, or has no token, opens no session and is not replaced', async t => {
  for (const json of [
    runObject('abandoned', { sdk_token: token }),
    runObject('approved'),
    waiting({ sdk_token: null }),
  ]) {
    const api = await startApi(t, routes({ [runPath]: { json } }));
    await assert.rejects(api.onfido(studio).openSession(request({ checkRef: runId }), signal), {
      kind: 'refused',
    });
    assert.deepEqual(api.seen(), [runPath]);
  }
});
