import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProviderError } from '../../../src/providers/provider.js';
import { openBench, request, signal } from './bench.js';
import { settings } from './fixtures.js';

const statusOf = '/accounts/*/status';

test('however many callers wait, one token is asked for, and it is kept', async t => {
  const { jumio, sim } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  sim.revokeTokens();
  await Promise.all(Array.from({ length: 8 }, () => jumio.fetch(workflowRunId, true, signal)));
  assert.equal(sim.count('POST', '/oauth2/token'), 2);
  await jumio.fetch(workflowRunId, true, signal);
  assert.equal(sim.count('POST', '/oauth2/token'), 2);
});

test('a token is renewed five minutes before it runs out', async t => {
  const { jumio, sim, clock } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  clock.advance(54 * 60_000);
  await jumio.fetch(workflowRunId, true, signal);
  assert.equal(sim.count('POST', '/oauth2/token'), 1);
  clock.advance(2 * 60_000);
  await jumio.fetch(workflowRunId, true, signal);
  assert.equal(sim.count('POST', '/oauth2/token'), 2);
});

test('a token that lives less than ten minutes is used for half of its life', async t => {
  const { jumio, sim, clock } = await openBench(t, { tokenSeconds: 60 });
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  clock.advance(29_000);
  await jumio.fetch(workflowRunId, true, signal);
  clock.advance(32_000);
  await jumio.fetch(workflowRunId, true, signal);
  assert.equal(sim.count('POST', '/oauth2/token'), 2);
});

test('a refused token is dropped and the call made once more, not twice', async t => {
  const { jumio, sim } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  sim.fail({ kind: 'status', status: 401, path: statusOf, times: 1 });
  await jumio.fetch(workflowRunId, true, signal);
  sim.fail({ kind: 'status', status: 401, path: statusOf, times: 5 });
  const before = sim.calls.length;
  await assert.rejects(jumio.fetch(workflowRunId, true, signal), { kind: 'unauthorized' });
  assert.equal(sim.calls.slice(before).filter(({ path }) => path.endsWith('/status')).length, 2);
});

test('an initiation whose token was refused is made once', async t => {
  const { jumio, sim, clock } = await openBench(t);
  await jumio.openSession(request, signal);
  sim.revokeTokens();
  clock.advance(1_000);
  await jumio.openSession({ ...request, checkId: 'chk_2-1' }, signal);
  assert.equal(sim.state().accounts.length, 2);
});

test('wrong credentials are for the operator, and no secret gets into the error', async t => {
  const { rebuild } = await openBench(t);
  const failing = rebuild({ clientSecret: 'not-the-secret' });
  await assert.rejects(failing.openSession(request, signal), error => {
    assert.ok(error instanceof ProviderError);
    assert.equal(error.kind, 'unauthorized');
    assert.ok(!/not-the-secret|client-for-tests|Basic/.test(`${error.message} ${error.stack}`));
    return true;
  });
});

test('a token that does not come is tried again later, and the next caller asks anew', async t => {
  const { jumio, sim, clock } = await openBench(t);
  sim.fail({ kind: 'cut', path: '/oauth2/token' });
  await assert.rejects(jumio.openSession(request, signal), error => {
    assert.ok(error instanceof ProviderError);
    assert.deepEqual([error.kind, error.options.mayHaveActed ?? false], ['later', false]);
    return true;
  });
  clock.advance(1_000);
  assert.equal((await jumio.openSession(request, signal)).kind, 'redirect');
});

test('who goes away does not take the token from those who wait', async t => {
  const { jumio, sim } = await openBench(t);
  const checkRef = `${'a'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}/${'b'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`;
  const leaving = new AbortController();
  const left = jumio.fetch(checkRef, true, leaving.signal);
  const stays = jumio.fetch(checkRef, true, signal);
  leaving.abort();
  await assert.rejects(left, { kind: 'later' });
  await assert.rejects(stays, { kind: 'missing' });
  assert.equal(sim.count('POST', '/oauth2/token'), 1);
});

test('every call names who calls, and none asks another host', async t => {
  const { jumio, sim, sent } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  sim.capture(workflowRunId.split('/')[1] ?? '');
  await jumio.submit(
    { applicantRef: request.applicantRef, checkId: 'x', checkRef: workflowRunId, usedMedia: [] },
    signal,
  );
  assert.ok(sent.length > 2);
  for (const { headers, url } of sent) {
    assert.equal(headers?.['user-agent'], settings.userAgent);
    assert.ok(url.startsWith(sim.origin));
  }
});
