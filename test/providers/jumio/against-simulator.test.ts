import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapFindings } from '../../../src/domain/mapping.js';
import type { Result } from '../../../src/domain/results.js';
import { type OutcomeName, outcomes } from '../../../src/simulators/jumio/index.js';
import { openBench, request, signal } from './bench.js';
import { applicantRef, checkId, finalOf, rules } from './fixtures.js';

const results: Readonly<Record<OutcomeName, Result>> = {
  passed: 'CLEAR',
  'rejected-blurred': 'REJECTED_IMAGE_INTEGRITY',
  'rejected-unsupported': 'REJECTED_IMAGE_INTEGRITY',
  'rejected-damaged': 'REJECTED_IMAGE_INTEGRITY',
  'rejected-copy': 'SUSPECTED_VISUAL_CONSISTENCY',
  'rejected-fake': 'SUSPECTED_VISUAL_CONSISTENCY',
  'rejected-manipulated': 'SUSPECTED_VISUAL_CONSISTENCY',
  'rejected-data': 'SUSPECTED_DATA_CONSISTENCY',
  'rejected-duplicate': 'CAUTION',
  'rejected-face': 'SUSPECTED_FACE_COMPARISON',
  'rejected-liveness': 'SUSPECTED',
  'rejected-without-reason': 'REJECTED',
  'warning-face': 'CAUTION_FACIAL_COMPARISON',
  'warning-watchlist': 'CAUTION',
  'warning-age': 'CAUTION',
  'warning-without-reason': 'CAUTION',
  'not-executed': 'UNKNOWN',
  'passed-with-failed-part': 'CAUTION',
  'passed-without-face': 'CAUTION',
  'passed-expired-document': 'CAUTION_DATA_VALIDATION',
};

test('every simulated outcome is mapped to its result', async t => {
  const { jumio, sim, clock } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  const workflow = workflowRunId.split('/')[1] ?? '';
  sim.capture(workflow);
  clock.advance(500);
  for (const name of Object.keys(outcomes) as OutcomeName[]) {
    sim.complete(workflow, name);
    const snapshot = await jumio.fetch(workflowRunId, true, signal);
    assert.equal(jumio.owner(snapshot), checkId);
    assert.equal(finalOf(jumio.interpret(snapshot)).result, results[name], name);
  }
});

test('a run goes from open to decided, and details are asked for only then', async t => {
  const { jumio, sim, clock, seen } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  const submit = { applicantRef, checkId, checkRef: workflowRunId, usedMedia: [] };
  const said = async () =>
    mapFindings(jumio.interpret(await jumio.fetch(workflowRunId, true, signal)), rules);
  seen();
  assert.deepEqual(await said(), { kind: 'pending' });
  assert.deepEqual(await jumio.submit(submit, signal), { outcome: 'nothing_to_submit' });
  sim.capture(workflowRunId.split('/')[0] ?? '');
  assert.deepEqual(await said(), { kind: 'pending' });
  assert.deepEqual(await jumio.submit(submit, signal), {
    outcome: 'submitted',
    checkRef: workflowRunId,
    usedMedia: [],
  });
  assert.ok(seen().every(call => call.endsWith('/status')));
  clock.advance(500);
  assert.equal((await said()).kind, 'final');
  assert.deepEqual(seen(), [
    'GET /accounts/{id}/workflow-executions/{id}/status',
    'GET /accounts/{id}/workflow-executions/{id}',
  ]);
});

test('without a run there is nothing to submit, and nobody is asked', async t => {
  const { jumio, sent } = await openBench(t);
  const nothing = await jumio.submit({ applicantRef, checkId, usedMedia: [] }, signal);
  assert.deepEqual([nothing, sent.length], [{ outcome: 'nothing_to_submit' }, 0]);
  const made = await jumio.createApplicant({ firstName: 'A', lastName: 'B' }, signal);
  assert.match(made, /^[0-9a-f-]{36}$/);
  await jumio.updateApplicant(made, { consentGiven: true }, signal);
  await jumio.resend([], signal);
  assert.equal(sent.length, 0);
});

test('details that are not there yet are asked for later; those of a dead run may be missing', async t => {
  const { jumio, sim, clock } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  sim.capture(workflowRunId.split('/')[0] ?? '');
  clock.advance(500);
  sim.fail({ kind: 'status', status: 404, path: '/accounts/*/workflow-executions/*', skip: 1 });
  await assert.rejects(jumio.fetch(workflowRunId, true, signal), { kind: 'later' });
  clock.advance(1_000);
  const dead = await jumio.openSession({ ...request, checkId: 'chk_2-1' }, signal);
  clock.advance(31 * 60_000);
  sim.fail({ kind: 'status', status: 404, path: '/accounts/*/workflow-executions/*', skip: 1 });
  const snapshot = await jumio.fetch(dead.workflowRunId ?? '', true, signal);
  assert.equal(jumio.interpret(snapshot).state, 'abandoned');
  assert.equal(jumio.owner(snapshot), null);
});

test('an answer about another run than was asked for is not taken', async t => {
  const { jumio, sim } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  const [accountId = ''] = workflowRunId.split('/');
  const other = '99999999-9999-4999-8999-999999999999';
  const body = { account: { id: accountId }, workflowExecution: { id: other, status: 'PROCESSED' } };
  sim.fail({ kind: 'status', status: 200, body, path: '/accounts/*/status' });
  await assert.rejects(jumio.fetch(workflowRunId, true, signal), { kind: 'later' });
});

test('what is fetched holds no address and no token', async t => {
  const { jumio, sim, clock } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  sim.capture(workflowRunId.split('/')[0] ?? '');
  clock.advance(500);
  const snapshot = await jumio.fetch(workflowRunId, true, signal);
  assert.ok(!JSON.stringify(snapshot).includes('http'));
});

test('pictures are fetched by their ids; face maps are left', async t => {
  const { jumio, sim, clock } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  sim.capture(workflowRunId.split('/')[0] ?? '');
  clock.advance(500);
  const { media } = jumio.interpret(await jumio.fetch(workflowRunId, true, signal));
  assert.deepEqual(media.map(each => each.kind).sort(), ['document', 'document_back', 'selfie']);
  for (const each of media) {
    const { contentType, bytes } = await jumio.download(each, signal);
    assert.deepEqual([contentType, bytes.length > 500], ['image/png', true]);
  }
  const [first] = media;
  assert.ok(first);
  sim.fail({ kind: 'status', status: 200, body: { not: 'a picture' }, path: '/accounts/*/parts/*' });
  await assert.rejects(jumio.download(first, signal), { kind: 'refused' });
  await jumio.deleteApplicant(applicantRef, signal, [workflowRunId]);
  await assert.rejects(jumio.download(first, signal), { kind: 'missing' });
});
