/** The adapter against the simulator, which is itself held against Onfido's own client and description. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isResult, type Result } from '../../../src/domain/results.js';
import { createOnfido, type Onfido } from '../../../src/providers/onfido/index.js';
import { createOutbound } from '../../../src/runtime/create-outbound.js';
import type { Outbound } from '../../../src/runtime/outbound.js';
import {
  type OnfidoSimulator,
  type OutcomeName,
  outcomes,
  startOnfidoSimulator,
} from '../../../src/simulators/onfido/index.js';
import { TestClock } from '../../support/clock.js';
import { finalOf, id } from './fixtures.js';
import { signal } from './loopback.js';

const referrer = 'https://kyc.example.net/*';
let clock: TestClock;
let sim: OnfidoSimulator;
let outbound: Outbound;
let classic: Onfido;
let studio: Onfido;
let next = 0;

before(async () => {
  clock = new TestClock();
  sim = await startOnfidoSimulator({ clock, completeAfterMs: 1000 });
  outbound = createOutbound({ allowPrivate: true });
  const settings = {
    provider: 'onfido',
    region: 'EU',
    apiToken: 'api_live.for-tests-only',
    apiBase: sim.url,
    sdkUrl: sim.sdkUrl,
    webhookTokens: [],
    trustApproved: false,
    strictFace: false,
    reportNames: ['document', 'facial_similarity_photo'],
    trust: {},
  } as const;
  const deps = { outbound, clock, tokens: () => [] };
  classic = createOnfido({ ...settings, mode: 'classic' }, deps);
  studio = createOnfido({ ...settings, mode: 'studio', workflowId: id(30) }, deps);
});

after(async () => {
  await outbound.close();
  await sim.close();
});

async function newApplicant(): Promise<string> {
  const applicantRef = await classic.createApplicant(
    {
      firstName: 'Ada',
      lastName: `Quill ${'x'.repeat(++next)}`,
      country: 'GB',
    },
    signal,
  );
  await classic.updateApplicant(applicantRef, { consentGiven: true, ipAddress: '203.0.113.9' }, signal);
  return applicantRef;
}

async function checkWith(outcome: OutcomeName, selfie: 'photo' | 'video' | 'motion' = 'photo') {
  const applicantRef = await newApplicant();
  sim.upload(applicantRef, { selfie, back: true });
  sim.decide(applicantRef, outcome);
  const request = { applicantRef, checkId: 'chk_1', usedMedia: [] };
  const submission = await classic.submit(request, signal);
  assert.deepEqual(
    await classic.submit(request, signal),
    submission,
    'a second submit adopts the first one’s check',
  );
  assert.equal(submission.outcome, 'submitted');
  clock.advance(1000);
  const snapshot = await classic.fetch(
    submission.outcome === 'submitted' ? submission.checkRef : '',
    false,
    signal,
  );
  assert.equal(classic.owner(snapshot), 'chk_1');
  return classic.interpret(snapshot);
}

const needsStrictFaces = ['suspected-face-comparison'];
const resultNamed = (name: string) => name.toUpperCase().replaceAll('-', '_');
const shaped = (Object.keys(outcomes) as OutcomeName[]).filter(name => isResult(resultNamed(name)));

for (const name of shaped) {
  test(`the simulated outcome ${name} is mapped to the result it is named for`, async () => {
    const said = finalOf(await checkWith(name), { strictFace: needsStrictFaces.includes(name) });
    assert.equal(said.result, resultNamed(name));
  });
}

const others: [OutcomeName, Result][] = [
  ['facial-spoof', 'CAUTION_VISUAL_CONSISTENCY'],
  ['facial-image-integrity', 'CAUTION_IMAGE_INTEGRITY'],
  ['facial-source-integrity', 'CAUTION_IMAGE_INTEGRITY'],
  ['facial-without-breakdown', 'CAUTION'],
  ['document-unidentified', 'REJECTED_IMAGE_INTEGRITY'],
  ['document-without-sub-result', 'CAUTION_DATA_VALIDATION'],
  ['document-clear-sub-result', 'CAUTION_DATA_VALIDATION'],
  ['document-without-properties', 'CAUTION_VISUAL_CONSISTENCY'],
  ['contradiction-consider', 'CAUTION'],
  ['contradiction-clear', 'CAUTION'],
  ['suspected-and-rejected', 'SUSPECTED_COMPROMISED_DOCUMENT'],
  ['unknown-withdrawn-report', 'UNKNOWN'],
  ['unknown-missing-report', 'UNKNOWN'],
  ['withdrawn', 'UNKNOWN'],
];

for (const [name, result] of others) {
  test(`the simulated outcome ${name} is mapped to ${result}`, async () => {
    const said = finalOf(await checkWith(name));
    assert.deepEqual([said.result, said.alert], [result, result === 'UNKNOWN']);
  });
}

const runs: [OutcomeName, Result][] = [
  ['studio-approved', 'CLEAR'],
  ['studio-approved-in-tasks', 'CLEAR'],
  ['studio-approved-unread', 'CAUTION'],
  ['studio-approved-with-concern', 'CAUTION'],
  ['studio-declined', 'SUSPECTED_VISUAL_CONSISTENCY'],
  ['studio-declined-clear', 'REJECTED'],
  ['studio-review', 'CAUTION_DATA_COMPARISON'],
  ['studio-abandoned', 'EXPIRED'],
  ['studio-error', 'UNKNOWN'],
];

for (const [name, result] of runs) {
  test(`the simulated outcome ${name} is mapped to ${result}`, async () => {
    const applicantRef = await newApplicant();
    const { workflowRunId = '' } = await studio.openSession(
      { applicantRef, checkId: 'chk_3', referrer, language: 'en' },
      signal,
    );
    sim.decide(workflowRunId, name);
    sim.upload(applicantRef);
    clock.advance(1000);
    const findings = studio.interpret(await studio.fetch(workflowRunId, true, signal));
    assert.equal(finalOf(findings).result, result);
  });
}

test('every kind of selfie is read, and its pictures can be fetched', async () => {
  for (const selfie of ['photo', 'video', 'motion'] as const) {
    const findings = await checkWith('clear', selfie);
    assert.equal(finalOf(findings).result, 'CLEAR');
    const kinds = { photo: 'selfie', video: 'selfie_video', motion: 'selfie_motion' };
    assert.deepEqual(
      findings.media.map(media => media.kind),
      ['document', 'document_back', kinds[selfie]],
    );
    for (const media of findings.media)
      assert.match((await classic.download(media, signal)).contentType, /^image\/(png|jpeg)$/);
    assert.equal(findings.person?.firstName, 'Ada');
  }
});

test('a workflow run is opened once, and ends as its reports say', async () => {
  const applicantRef = await newApplicant();
  const request = { applicantRef, checkId: 'chk_2', referrer, language: 'en' };
  const session = await studio.openSession(request, signal);
  assert.equal((await studio.openSession(request, signal)).workflowRunId, session.workflowRunId);
  const submit = { applicantRef, checkId: 'chk_2', usedMedia: [] };
  assert.deepEqual(await studio.submit(submit, signal), { outcome: 'nothing_to_submit' });
  sim.upload(applicantRef);
  clock.advance(1000);
  const submission = await studio.submit(submit, signal);
  assert.equal(submission.outcome === 'submitted' && submission.checkRef, session.workflowRunId);
  const snapshot = await studio.fetch(session.workflowRunId ?? '', true, signal);
  assert.equal(studio.owner(snapshot), 'chk_2');
  const findings = studio.interpret(snapshot);
  assert.equal(finalOf(findings).result, 'CLEAR');
  assert.ok(findings.media.length >= 2);
  for (const media of findings.media) await studio.download(media, signal);
});

test('the webhook is kept, and found again', async () => {
  const name = 'gatehouse:box:1';
  const first = await classic.keepWebhook(name, 'https://kyc.example.net/onfido/callback', signal);
  const again = await classic.keepWebhook(name, 'https://kyc.example.net/onfido/callback', signal);
  assert.deepEqual([first.changed, again.changed, again.token], [true, false, first.token]);
  const moved = await classic.keepWebhook(name, 'https://kyc.example.net:8443/onfido/callback', signal);
  assert.deepEqual([moved.id, moved.changed], [first.id, true]);
});

test('an applicant is deleted once and for all', async () => {
  const applicantRef = await newApplicant();
  await classic.deleteApplicant(applicantRef, signal);
  await classic.deleteApplicant(applicantRef, signal);
});
