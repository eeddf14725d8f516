import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { apiPath, createClient } from '../../../src/providers/onfido/client.js';
import { retryAfterMs } from '../../../src/providers/onfido/errors.js';
import { requireUuid } from '../../../src/providers/onfido/ids.js';
import { ProviderError } from '../../../src/providers/provider.js';
import { type Outbound, OutboundError } from '../../../src/runtime/outbound.js';
import { TestClock } from '../../support/clock.js';
import { checkId } from './fixtures.js';
import { type Answer, type Api, apiToken, signal, startApi } from './loopback.js';

const anything = z.looseObject({});
const read = (api: Api) => api.client().get(apiPath`/checks/${requireUuid(checkId)}`, anything, { signal });
const write = (api: Api, timeoutMs?: number) =>
  api.client(timeoutMs).send('POST', apiPath`/checks`, { applicant_id: checkId }, anything, signal);

async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    thrown => thrown,
  );
  assert.ok(error instanceof ProviderError, String(error));
  return error;
}

test('a call carries the token and asks for JSON', async t => {
  const api = await startApi(t, () => ({ json: { id: checkId } }));
  assert.deepEqual(await read(api), { id: checkId });
  await write(api);
  const [get, post] = api.calls;
  assert.equal(get?.headers.authorization, `Token token=${apiToken}`);
  assert.equal(get?.path, `/checks/${checkId}`);
  assert.equal(post?.headers['content-type'], 'application/json');
  assert.deepEqual(post?.body, { applicant_id: checkId });
});

const refusals: [number, string, boolean][] = [
  // status, kind, whether a write may have acted
  [400, 'refused', false],
  [401, 'unauthorized', false],
  [403, 'unauthorized', false],
  [404, 'missing', false],
  [410, 'missing', false],
  [408, 'later', true],
  [409, 'refused', false],
  [422, 'refused', false],
  [429, 'later', false],
  [500, 'later', true],
  [502, 'later', true],
  [503, 'later', true],
  [301, 'refused', false],
  [307, 'refused', false],
];

for (const [status, kind, mayHaveActed] of refusals) {
  test(`${status} is ${kind}, and a write ${mayHaveActed ? 'may have' : 'has certainly not'} acted`, async t => {
    const answer: Answer = {
      status,
      json: { error: { type: 'validation_error', message: `about ${checkId}` } },
      headers: { location: 'http://127.0.0.1:9/elsewhere' },
    };
    const api = await startApi(t, () => answer);
    const reading = await failureOf(read(api));
    assert.deepEqual(
      [reading.kind, reading.options.status, reading.options.mayHaveActed],
      [kind, status, false],
    );
    const writing = await failureOf(write(api));
    assert.deepEqual([writing.kind, writing.options.mayHaveActed], [kind, mayHaveActed]);
    assert.equal(api.calls.length, 2, 'nothing is repeated and no redirect followed');
    assert.equal(reading.message, `Onfido answered ${status} to GET /checks/{id}`);
  });
}

test('Retry-After of a 429 is told in milliseconds, from seconds and from a date', async t => {
  const headers = ['7', 'Wed, 04 Mar 2026 10:00:30 GMT'];
  const api = await startApi(t, () => ({ status: 429, headers: { 'retry-after': headers.shift() ?? '' } }));
  assert.equal((await failureOf(read(api))).options.retryAfterMs, 7_000);
  assert.equal((await failureOf(read(api))).options.retryAfterMs, 30_000);
  assert.equal('retryAfterMs' in (await failureOf(read(api))).options, false);
});

test('Retry-After is bounded, and nonsense is no answer', () => {
  assert.equal(retryAfterMs('999999999', 0), 24 * 60 * 60_000);
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:00 GMT', 5_000), 0);
  for (const header of [undefined, 'soon', '', '-5s']) assert.equal(retryAfterMs(header, 0), undefined);
});

test('a cut connection is later; a write may have acted, and is not repeated', async t => {
  const api = await startApi(t, () => 'cut');
  const reading = await failureOf(read(api));
  assert.deepEqual([reading.kind, reading.options.mayHaveActed], ['later', false]);
  const writing = await failureOf(write(api));
  assert.deepEqual([writing.kind, writing.options.mayHaveActed], ['later', true]);
  assert.deepEqual(api.seen(), [`GET /checks/${checkId}`, 'POST /checks']);
});

test('a time-out is later, and a write may have acted', async t => {
  const api = await startApi(t, () => 'hang');
  const writing = await failureOf(write(api, 60));
  assert.deepEqual([writing.kind, writing.options.mayHaveActed], ['later', true]);
  assert.deepEqual(api.seen(), ['POST /checks']);
});

test('nobody listening is later, and nothing can have acted', async t => {
  const api = await startApi(t, () => 'hang');
  const nowhere = createClient({ apiBase: 'http://127.0.0.1:1/v3.6', apiToken }, api);
  const failure = await failureOf(nowhere.send('POST', apiPath`/checks`, {}, anything, signal));
  assert.deepEqual([failure.kind, failure.options.mayHaveActed], ['later', false]);
});

test('an abandoned call is later', async t => {
  const controller = new AbortController();
  const api = await startApi(t, () => {
    controller.abort();
    return 'hang';
  });
  const failure = await failureOf(
    api.client().send('POST', apiPath`/checks`, {}, anything, controller.signal),
  );
  assert.deepEqual([failure.kind, failure.options.mayHaveActed], ['later', true]);
});

test('a success that cannot be read is later, and never quotes the body', async t => {
  for (const bytes of ['<html>Ada Quill</html>', '7', '[]', '']) {
    const api = await startApi(t, () => ({ bytes: Buffer.from(bytes) }));
    const failure = await failureOf(write(api));
    assert.deepEqual([failure.kind, failure.options.mayHaveActed], ['later', true]);
    assert.ok(!failure.message.includes('Ada') && failure.cause === undefined);
    assert.equal((await failureOf(read(api))).options.mayHaveActed, false);
  }
});

function failing(error: OutboundError): Outbound {
  return { request: () => Promise.reject(error), close: () => Promise.resolve() };
}

test('too large an answer to a read is final; to a write it says nothing about the work', async () => {
  const outbound = failing(new OutboundError('too_large', true, 'too large'));
  const client = createClient(
    { apiBase: 'https://api.eu.onfido.com/v3.6', apiToken },
    { outbound, clock: new TestClock() },
  );
  const reading = await failureOf(client.get(apiPath`/checks`, anything, { signal }));
  assert.deepEqual([reading.kind, reading.options.mayHaveActed], ['refused', false]);
  const writing = await failureOf(client.run('POST', apiPath`/checks`, {}, signal));
  assert.deepEqual([writing.kind, writing.options.mayHaveActed], ['later', true]);
});

test('a fault that is none of the outside’s is not dressed up as one', async () => {
  const outbound: Outbound = {
    request: () => Promise.reject(new TypeError('ours')),
    close: () => Promise.resolve(),
  };
  const client = createClient(
    { apiBase: 'https://x.example', apiToken },
    { outbound, clock: new TestClock() },
  );
  await assert.rejects(client.get(apiPath`/checks`, anything, { signal }), TypeError);
});

test('the environment follows from the token’s prefix', () => {
  const of = (token: string) =>
    createClient(
      { apiBase: 'https://x.example', apiToken: token },
      { outbound: failing(new OutboundError('cut', false, '')), clock: new TestClock() },
    ).sandboxToken;
  assert.deepEqual([of('api_sandbox_us.x'), of('api_live.x'), of('something')], [true, false, null]);
});
