import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type OutcomeName,
  outcomes,
  type PersonaSimulatorOptions,
  startPersonaSimulator,
} from '../../src/simulators/persona/index.js';
import { type Answer, call } from '../support/call.js';
import { TestClock } from '../support/clock.js';
import { withoutSpec } from '../support/skips.js';
import { loadPersonaSpec, personaSpecFile } from './persona-spec.js';

const templateId = 'itmpl_Test0001';
const reference = 'gh_00000000000000000000000000000001';

async function start(t: TestContext, options: PersonaSimulatorOptions = {}) {
  const clock = new TestClock();
  const simulator = await startPersonaSimulator({ clock, apiKeys: ['key'], ...options });
  t.after(() => simulator.close());
  const api = (
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> =>
    call({ origin: simulator.origin }, method, `/api/v1${path}`, {
      body,
      headers: { authorization: 'Bearer key', 'persona-version': '2025-12-08', ...headers },
    });
  const create = async (attributes: object = {}, meta: object = {}): Promise<Created> => {
    const data = {
      attributes: { 'inquiry-template-id': templateId, 'reference-id': reference, ...attributes },
    };
    return (await api('POST', '/inquiries', { data, meta })).json();
  };
  return { clock, simulator, api, create };
}

interface Created extends Record<string, unknown> {
  data: { id: string; attributes: Record<string, unknown> };
  meta: Record<string, string | null>;
}

/** Opens a link as a browser does. */
function visit(url: string): Promise<Answer> {
  const { origin, pathname, search } = new URL(url);
  return call({ origin }, 'GET', `${pathname}${search}`);
}

/** Presses the button of this ending on a hosted page. */
function choose(page: Answer, origin: string, outcome: OutcomeName): Promise<Answer> {
  const [, session = ''] = /name="session" value="([^"]+)"/.exec(page.text) ?? [];
  return call({ origin }, 'POST', '/verify/finish', { body: new URLSearchParams({ session, outcome }) });
}

test('answers fit Persona’s published description, whatever the ending', {
  skip: withoutSpec(personaSpecFile),
}, async t => {
  const spec = loadPersonaSpec();
  const { clock, simulator, api } = await start(t);
  const endings = Object.keys(outcomes) as OutcomeName[];
  for (const outcome of endings) {
    const request = {
      data: {
        attributes: {
          'inquiry-template-id': templateId,
          'reference-id': reference,
          'redirect-uri': 'https://kyc.example.net/v/x',
          note: 'gatehouse chk_1-1',
        },
      },
      meta: { 'auto-create-one-time-link': true, 'auto-create-inquiry-session': true },
    };
    spec.assertRequest('POST', '/inquiries', request);
    const made = await api('POST', '/inquiries', request);
    assert.equal(made.status, 201);
    spec.assertAnswer('POST', '/inquiries', 201, made.json());
    const { id } = made.json<Created>().data;
    const link = await api('POST', `/inquiries/${id}/generate-one-time-link`);
    spec.assertAnswer('POST', '/inquiries/{inquiry-id}/generate-one-time-link', 200, link.json());
    simulator.finish(id, outcome);
    clock.advance(1000);
    const read = await api('GET', `/inquiries/${id}?include=verifications,reports,account`);
    spec.assertAnswer('GET', '/inquiries/{inquiry-id}', 200, read.json());
    const { included } = read.json<{ included: { type: string; id: string }[] }>();
    assert.ok(included.length >= 2);
    for (const each of included.filter(({ type }) => type.startsWith('verification/'))) {
      const verification = await api('GET', `/verifications/${each.id}`);
      spec.assertAnswer('GET', '/verifications/{verification-id}', 200, verification.json());
    }
  }
  const listed = await api('GET', `/inquiries?filter[reference-id]=${reference}&page[size]=3`);
  spec.assertAnswer('GET', '/inquiries', 200, listed.json());
  const accounts = await api('GET', `/accounts?filter[reference-id]=${reference}`);
  spec.assertAnswer('GET', '/accounts', 200, accounts.json());
  const [account] = accounts.json<{ data: { id: string }[] }>().data;
  const redacted = await api('DELETE', `/accounts/${account?.id}`);
  spec.assertAnswer('DELETE', '/accounts/{account-id}', 200, redacted.json());
});

test('resuming, reviewing and redacting fit the description too, and so do refusals', {
  skip: withoutSpec(personaSpecFile),
}, async t => {
  const spec = loadPersonaSpec();
  const { simulator, api, create } = await start(t);
  const { data } = await create();
  const path = (word = '') => `/inquiries/{inquiry-id}${word}`;
  const post = async (word: string, status = 200) => {
    const answer = await api('POST', `/inquiries/${data.id}${word}`);
    assert.equal(answer.status, status, word);
    spec.assertAnswer('POST', path(word), status, answer.json());
  };
  await post('/resume', 409);
  await post('/expire');
  await post('/resume');
  await post('/mark-for-review');
  await post('/approve');
  await post('/decline');
  await post('/generate-one-time-link', 409);
  const redacted = await api('DELETE', `/inquiries/${data.id}`);
  spec.assertAnswer('DELETE', path(), 200, redacted.json());
  spec.assertAnswer('DELETE', path(), 409, (await api('DELETE', `/inquiries/${data.id}`)).json());
  spec.assertAnswer('GET', path(), 404, (await api('GET', '/inquiries/inq_none')).json());
  spec.assertAnswer(
    'GET',
    path(),
    401,
    (await api('GET', '/inquiries/x', undefined, { authorization: '' })).json(),
  );
  spec.assertAnswer('POST', '/inquiries', 400, (await api('POST', '/inquiries', { data: {} })).json());
  simulator.fail({ kind: 'status', status: 429 });
  spec.assertAnswer('GET', path(), 429, (await api('GET', '/inquiries/x')).json());
});

test('what is not of the description is refused, above all the type of the inquiry', async t => {
  const { api } = await start(t, { templateIds: [templateId] });
  const post = async (attributes: object, meta?: object) =>
    (await api('POST', '/inquiries', { data: { attributes }, ...(meta ? { meta } : {}) })).status;
  const template = { 'inquiry-template-id': templateId };
  assert.equal(await post(template), 201);
  assert.equal(await post({ ...template, 'inquiry-type': 'hosted-embedded' }), 400);
  assert.equal(await post({ ...template, email: 'ana@example.org' }), 400);
  assert.equal(await post(template, { 'auto-create-everything': true }), 400);
  assert.equal(await post({}), 400);
  assert.equal(await post({ ...template, 'template-id': 'tmpl_1' }), 400);
  assert.equal(await post({ 'template-id': templateId }), 400);
  assert.equal(await post({ 'inquiry-template-id': 'itmpl_Elsewhere' }), 400);
});

test('a call needs a key and a version this stand-in speaks', async t => {
  const { api } = await start(t);
  const status = async (headers: Record<string, string>) =>
    (await api('GET', '/inquiries', undefined, headers)).status;
  assert.equal(await status({}), 200);
  assert.equal(await status({ authorization: 'Bearer other' }), 401);
  assert.equal(await status({ 'persona-version': '2023-01-05' }), 400);
  assert.equal(await status({ 'key-inflection': 'camel' }), 400);
});

test('the same key gives the same answer for a day, an error’s too, and refuses other parameters', async t => {
  const { clock, simulator, api } = await start(t);
  const body = (note: string) => ({ data: { attributes: { 'inquiry-template-id': templateId, note } } });
  const post = (key: string, note = 'a') => api('POST', '/inquiries', body(note), { 'idempotency-key': key });
  const first = await post('k1');
  assert.equal(first.status, 201);
  assert.equal((await post('k1')).text, first.text);
  assert.equal((await post('k1', 'b')).status, 400);
  assert.equal(simulator.inquiries.size, 1);
  simulator.fail({ method: 'POST', kind: 'status', status: 503 });
  assert.deepEqual([(await post('k2')).status, (await post('k2')).status], [503, 503]);
  assert.equal((await post('k3')).status, 201);
  clock.advance(24 * 3_600_000 + 1);
  assert.notEqual((await post('k1')).text, first.text);
  assert.equal((await post('k2')).status, 201);
});

test('an answer that was lost is found under its key', async t => {
  const { simulator, api } = await start(t);
  const body = { data: { attributes: { 'inquiry-template-id': templateId } } };
  simulator.fail({ method: 'POST', kind: 'cut-after' });
  await assert.rejects(api('POST', '/inquiries', body, { 'idempotency-key': 'k' }));
  assert.equal((await api('POST', '/inquiries', body, { 'idempotency-key': 'k' })).status, 201);
  assert.equal(simulator.inquiries.size, 1);
});

test('whoever fetches a one-time link first has it, and the visitor picks the ending', async t => {
  const { clock, simulator, create } = await start(t);
  const { data, meta } = await create(
    { 'redirect-uri': 'https://kyc.example.net/v/x?lang=cs' },
    { 'auto-create-one-time-link': true },
  );
  const link = meta['one-time-link'] ?? '';
  const page = await visit(link);
  assert.equal(page.status, 200);
  assert.equal((await visit(link)).status, 410);
  assert.equal(simulator.inquiries.get(data.id)?.attributes.status, 'pending');
  const done = await choose(page, simulator.origin, 'declined_mismatch');
  assert.equal(done.status, 303);
  const back = new URL(String(done.headers.location));
  assert.equal(`${back.origin}${back.pathname}`, 'https://kyc.example.net/v/x');
  assert.deepEqual(Object.fromEntries(back.searchParams), {
    lang: 'cs',
    'inquiry-id': data.id,
    'reference-id': reference,
    status: 'completed',
  });
  clock.advance(499);
  assert.equal(simulator.inquiries.get(data.id)?.attributes.status, 'completed');
  clock.advance(1);
  assert.equal(simulator.inquiries.get(data.id)?.attributes.status, 'declined');
});

test('an inquiry opens by its id only until somebody has begun, then by a session', async t => {
  const { simulator, api, create } = await start(t);
  const { data } = await create();
  const url = `${simulator.origin}/verify?inquiry-id=${data.id}`;
  assert.equal((await visit(url)).status, 200);
  assert.equal((await visit(url)).status, 410);
  const { meta } = (await api('POST', `/inquiries/${data.id}/resume`)).json<Created>();
  assert.equal((await visit(`${url}&session-token=${meta['session-token']}`)).status, 200);
});

test('anybody who knows the template makes an inquiry under any reference', async t => {
  const { simulator } = await start(t);
  const page = await visit(
    `${simulator.origin}/verify?inquiry-template-id=${templateId}&reference-id=${reference}`,
  );
  await choose(page, simulator.origin, 'approved');
  const [inquiry] = simulator.inquiries.values();
  assert.equal(inquiry?.attributes['reference-id'], reference);
  assert.equal(inquiry?.byApi, false);
});

test('an expired inquiry’s links are dead, and resuming revives it', async t => {
  const { clock, simulator, api, create } = await start(t, { inquiryLifeMs: 60_000 });
  const { data, meta } = await create({}, { 'auto-create-one-time-link': true });
  clock.advance(60_000);
  assert.equal(simulator.inquiries.get(data.id)?.attributes.status, 'expired');
  assert.equal((await visit(meta['one-time-link'] ?? '')).status, 410);
  assert.equal((await api('POST', `/inquiries/${data.id}/generate-one-time-link`)).status, 409);
  assert.equal((await api('POST', `/inquiries/${data.id}/resume`)).status, 200);
  assert.equal(simulator.inquiries.get(data.id)?.attributes.status, 'pending');
});

test('the address of a photo opens it without a key, for a while, and cannot be made up', async t => {
  const { clock, simulator, api, create } = await start(t, { fileLifeMs: 60_000 });
  const { data } = await create();
  simulator.finish(data.id);
  const read = async () => {
    const answer = await api('GET', `/inquiries/${data.id}?include=verifications`);
    const { included } = answer.json<{ included: { attributes: Record<string, string> }[] }>();
    return included[0]?.attributes['front-photo-url'] ?? '';
  };
  const url = await read();
  const photo = await visit(url);
  assert.deepEqual([photo.status, photo.headers['content-type']], [200, 'image/png']);
  assert.equal((await visit(url.replace(/.$/, '_'))).status, 403);
  assert.equal((await visit(url.replace(/access_token=\d/, 'access_token=9'))).status, 403);
  clock.advance(60_001);
  assert.equal((await visit(url)).status, 403);
  assert.equal((await visit(await read())).status, 200);
});

test('nothing is included that was not asked for', async t => {
  const { simulator, api, create } = await start(t);
  const { data } = await create();
  simulator.finish(data.id, 'watchlist');
  const types = async (include: string) => {
    const answer = await api('GET', `/inquiries/${data.id}${include}`);
    return answer.json<{ included: { type: string }[] }>().included.map(({ type }) => type);
  };
  assert.deepEqual(await types(''), []);
  assert.deepEqual(await types('?include=reports'), ['report/watchlist']);
});

test('the controls work over HTTP and say what is wrong', async t => {
  const { simulator, create } = await start(t);
  const control = (name: string, body: object) =>
    call({ origin: simulator.origin }, 'POST', `/_control/${name}`, { body });
  const { data } = await create();
  assert.equal((await control('decide', { id: data.id, outcome: 'nonsense' })).status, 400);
  assert.equal((await control('decide', { id: data.id, outcome: 'declined' })).status, 200);
  assert.equal((await control('finish', { id: reference })).status, 200);
  assert.equal((await control('review', { id: data.id, status: 'approved' })).status, 200);
  assert.equal(simulator.inquiries.get(data.id)?.attributes.status, 'approved');
  const made = await control('stranger', { templateId });
  assert.match(made.json<{ done: string }>().done, /^inq_/);
  const state = await call({ origin: simulator.origin }, 'GET', '/_control/state');
  assert.equal(state.json<{ inquiries: unknown[] }>().inquiries.length, 2);
  const named = await call({ origin: simulator.origin }, 'GET', '/_control/outcomes');
  assert.deepEqual(Object.keys(named.json()), Object.keys(outcomes));
});
