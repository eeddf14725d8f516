import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import onfido from '@onfido/api';
import type { OnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { outcomes, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { documentPng, selfiePng } from '../../src/simulators/onfido/pictures.js';
import { TestClock } from '../support/clock.js';
import { withoutSpec } from '../support/skips.js';
import { loadSpec } from './spec.js';

const { Configuration, DefaultApi, FileTransfer } = onfido;
const apiToken = 'api_sandbox.first';
const workflowId = 'c0ffee00-0000-4000-8000-0000000000aa';
const noSpec = withoutSpec('onfido-openapi.json');

let clock: TestClock;
let sim: OnfidoSimulator;
let api: InstanceType<typeof DefaultApi>;

before(async () => {
  clock = new TestClock();
  sim = await startOnfidoSimulator({ clock, apiTokens: [apiToken], completeAfterMs: 1000 });
  api = new DefaultApi(new Configuration({ apiToken, basePath: sim.url }));
});
after(() => sim.close());

async function newApplicant(lastName = 'Quill') {
  const location = { ip_address: '203.0.113.9', country_of_residence: 'GBR' } as const;
  return (await api.createApplicant({ first_name: 'Ada', last_name: lastName, location })).data;
}

/** A plain call, for what the official client hides or would not send. */
async function call(method: string, path: string, body?: unknown, token = apiToken) {
  const response = await fetch(`${sim.url}${path}`, {
    method,
    headers: { authorization: `Token token=${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

async function finishedCheck(outcome: string, reportNames = ['document', 'facial_similarity_photo']) {
  const applicant = await newApplicant();
  for (const selfie of ['photo', 'video', 'motion'] as const) sim.upload(applicant.id, { selfie });
  sim.decide(applicant.id, outcome);
  const { body } = await call('POST', '/checks', { applicant_id: applicant.id, report_names: reportNames });
  clock.advance(1000);
  const check = (await call('GET', `/checks/${body.id}`)).body;
  const { reports } = (await call('GET', `/reports?check_id=${body.id}`)).body;
  return { check, reports };
}

test('the official client takes a customer from applicant to clear reports', async () => {
  const applicant = await newApplicant();
  assert.equal(applicant.sandbox, true);
  const token = await api.generateSdkToken({
    applicant_id: applicant.id,
    referrer: 'https://kyc.example.net/*',
  });
  assert.equal(token.status, 200);
  assert.match(token.data.token, /^[\w-]+\.[\w-]+\.[\w-]+$/);

  const picture = new FileTransfer(documentPng('front', 1), 'passport.png');
  const document = (await api.uploadDocument('passport', applicant.id, picture)).data;
  const face = new FileTransfer(selfiePng(1), 'me.png');
  const photo = (await api.uploadLivePhoto(applicant.id, face)).data;
  assert.equal(document.file_type, 'png');
  assert.equal(photo.file_type, 'image/png');

  const created = await api.createCheck({
    applicant_id: applicant.id,
    report_names: ['document', 'facial_similarity_photo'],
    document_ids: [document.id],
    tags: ['kyc:7Q2K'],
  });
  assert.equal(created.status, 201);
  assert.equal(created.data.status, 'in_progress');
  assert.equal(created.data.result, null);
  clock.advance(1000);
  const check = (await api.findCheck(created.data.id)).data;
  assert.equal(check.status, 'complete');
  assert.equal(check.result, 'clear');
  assert.deepEqual(check.tags, ['kyc:7Q2K']);

  const { reports } = (await api.listReports(check.id)).data;
  assert.deepEqual(
    reports.map(report => report.id),
    check.report_ids,
  );
  assert.deepEqual(
    reports.map(report => report.result),
    ['clear', 'clear'],
  );
  const facial = (await call('GET', `/reports/${reports[1]?.id}`)).body;
  assert.deepEqual(facial.live_photos, [{ id: photo.id }]);
  assert.deepEqual(facial.documents, [{ id: document.id }]);
  assert.equal(facial.sub_result, null);
  assert.deepEqual(
    (await api.listChecks(applicant.id)).data.checks.map(each => each.id),
    [check.id],
  );
});

test('a file comes back byte by byte with its type and name', async () => {
  const applicant = await newApplicant();
  const bytes = documentPng('back', 7);
  const file = new FileTransfer(bytes, 'card.png');
  const location = { country_of_residence: 'DEU' } as const;
  const { data } = await api.uploadDocument(
    'national_identity_card',
    applicant.id,
    file,
    undefined,
    'back',
    'DEU',
    false,
    location,
  );
  assert.equal((await api.findApplicant(applicant.id)).data.location?.country_of_residence, 'DEU');
  assert.equal(data.side, 'back');
  const answer = await api.downloadDocument(data.id, { responseType: 'arraybuffer' });
  assert.equal(answer.headers['content-type'], 'image/png');
  assert.match(String(answer.headers['content-disposition']), /filename="card\.png"/);
  assert.deepEqual(answer.data.buffer, bytes);
});

test('videos and motion captures have a film and a JPEG frame', async () => {
  const applicant = await newApplicant();
  const video = sim.upload(applicant.id, { selfie: 'video' }).selfieId ?? '';
  const motion = sim.upload(applicant.id, { selfie: 'motion' }).selfieId ?? '';
  const film = await api.downloadLiveVideo(video, { responseType: 'arraybuffer' });
  assert.equal(film.headers['content-type'], 'video/mp4');
  const frame = await api.downloadMotionCaptureFrame(motion, { responseType: 'arraybuffer' });
  assert.equal(frame.headers['content-type'], 'image/jpeg');
  assert.equal(Buffer.from(frame.data.buffer).subarray(0, 2).toString('hex'), 'ffd8');
  assert.deepEqual(
    (await api.listLiveVideos(applicant.id)).data.live_videos.map(each => each.id),
    [video],
  );
  assert.deepEqual(
    (await api.listMotionCaptures(applicant.id)).data.motion_captures.map(each => each.id),
    [motion],
  );
});

test('without the right token everything but ping is refused in the API’s own words', async () => {
  const refused = await call('GET', '/webhooks', undefined, 'api_sandbox.other');
  assert.equal(refused.status, 401);
  assert.equal(refused.body.error.type, 'authorization_error');
  assert.equal((await fetch(`${sim.url}/applicants`, { method: 'POST' })).status, 401);
  const ping = await fetch(`${sim.url}/ping`);
  assert.equal(ping.status, 200);
  assert.match(ping.headers.get('content-type') ?? '', /^text\/plain/);
});

test('an applicant with forbidden letters or without a name is refused by field', async () => {
  const refused = await call('POST', '/applicants', {
    first_name: 'Ada<',
    location: { country_of_residence: 'GB' },
  });
  assert.equal(refused.status, 422);
  assert.equal(refused.body.error.type, 'validation_error');
  assert.deepEqual(Object.keys(refused.body.error.fields).sort(), ['first_name', 'last_name', 'location']);
});

test('a check needs a document, a selfie and the applicant’s location', async () => {
  const { data: nowhere } = await api.createApplicant({ first_name: 'Ada', last_name: 'Quill' });
  const names = ['document', 'facial_similarity_photo'];
  const body = { applicant_id: nowhere.id, report_names: names };
  const withoutLocation = await call('POST', '/checks', body);
  assert.equal(withoutLocation.status, 422);
  assert.match(JSON.stringify(withoutLocation.body), /location/);
  await api.updateApplicant(nowhere.id, { location: { country_of_residence: 'GBR' } });
  const withoutDocument = await call('POST', '/checks', body);
  assert.deepEqual(Object.keys(withoutDocument.body.error.fields), ['documents']);
  sim.upload(nowhere.id, { selfie: 'none' });
  const withoutSelfie = await call('POST', '/checks', body);
  assert.deepEqual(Object.keys(withoutSelfie.body.error.fields), ['live_photos']);
  assert.deepEqual((await api.listChecks(nowhere.id)).data.checks, []);
  sim.upload(nowhere.id, { document: false });
  assert.equal((await call('POST', '/checks', body)).status, 201);
});

test('an applicant in the USA needs recorded consent', async () => {
  const who = { first_name: 'Ada', last_name: 'Quill', location: { country_of_residence: 'USA' as const } };
  const { data: silent } = await api.createApplicant(who);
  const consents = [{ name: 'privacy_notices_read' as const, granted: true }];
  const { data: consenting } = await api.createApplicant({ ...who, consents });
  for (const [id, status] of [
    [silent.id, 422],
    [consenting.id, 201],
  ] as const) {
    sim.upload(id);
    const answer = await call('POST', '/checks', { applicant_id: id, report_names: ['document'] });
    assert.equal(answer.status, status);
  }
  const [consent] = (await api.findApplicantConsents(consenting.id)).data;
  assert.match(consent?.granted_at ?? '', /^2026-03-04T10:\d\d:\d\dZ$/);
});

test('an applicant can be deleted only when no check runs, and restored', async () => {
  const applicant = await newApplicant();
  sim.upload(applicant.id);
  await api.createCheck({ applicant_id: applicant.id, report_names: ['document'] });
  const refused = await call('DELETE', `/applicants/${applicant.id}`);
  assert.equal(refused.status, 422);
  assert.equal(refused.body.error.type, 'deletion_incomplete_checks');
  clock.advance(1000);
  assert.equal((await api.deleteApplicant(applicant.id)).status, 204);
  assert.equal((await call('GET', `/applicants/${applicant.id}`)).status, 410);
  assert.equal((await api.restoreApplicant(applicant.id)).status, 204);
  assert.equal((await call('GET', `/applicants/${applicant.id}`)).status, 200);
});

test('an applicant who has checks can no longer be changed', async () => {
  const { check } = await finishedCheck('clear');
  const refused = await call('PUT', `/applicants/${check.applicant_id}`, { first_name: 'Eve' });
  assert.equal(refused.status, 422);
});

test('uploads of the wrong kind or size are refused', async () => {
  const applicant = await newApplicant();
  const refused = (work: Promise<unknown>) =>
    assert.rejects(work, (error: { response?: { status: number } }) => error.response?.status === 422);
  await refused(
    api.uploadDocument('passport', applicant.id, new FileTransfer(Buffer.alloc(5000, 'x'), 'a.txt')),
  );
  await refused(
    api.uploadLivePhoto(applicant.id, new FileTransfer(selfiePng(1).subarray(0, 20_000), 'a.png')),
  );
  await refused(
    api.uploadDocument('passport', workflowId, new FileTransfer(documentPng('front', 1), 'a.png')),
  );
  assert.deepEqual((await api.listDocuments(applicant.id)).data.documents, []);
});

test('the sandbox obeys its wishes and the last name Consider', async () => {
  const applicant = await newApplicant();
  sim.upload(applicant.id);
  const names = ['document', 'facial_similarity_photo'] as const;
  const wishes = { consider: ['facial_similarity_photo' as const], sub_result: 'suspected' };
  const created = await api.createCheck({ applicant_id: applicant.id, report_names: [...names], ...wishes });
  clock.advance(1000);
  const [document, facial] = (await call('GET', `/reports?check_id=${created.data.id}`)).body.reports;
  assert.equal(document.sub_result, 'suspected');
  assert.equal(facial.result, 'consider');

  const named = await newApplicant('Consider');
  sim.upload(named.id);
  const other = await api.createCheck({ applicant_id: named.id, report_names: [...names] });
  clock.advance(1000);
  assert.equal((await api.findCheck(other.data.id)).data.result, 'consider');
});

test('every named outcome can be played on a check', async () => {
  for (const name of Object.keys(outcomes)) {
    const { check, reports } = await finishedCheck(name);
    assert.notEqual(check.status, 'in_progress', name);
    const outcome = outcomes[name as keyof typeof outcomes];
    assert.ok(outcome.description.length > 5, name);
    for (const report of reports) {
      const verdict = report.name === 'document' ? outcome.document : outcome.facial;
      assert.equal(report.result, verdict?.result === undefined ? 'clear' : verdict.result, name);
    }
  }
  assert.throws(() => sim.decide('x', 'suspicious'), /known are clear, suspected/);
});

test('an outcome puts its breakdown, reason and properties where the vendor does', async () => {
  const blurred = (await finishedCheck('rejected-image-integrity')).reports[0];
  assert.equal(blurred.sub_result, 'rejected');
  assert.equal(blurred.breakdown.image_integrity.result, 'consider');
  const { result, properties } = blurred.breakdown.image_integrity.breakdown.image_quality;
  assert.deepEqual(
    { result, reasons: Object.keys(properties) },
    { result: 'consider', reasons: ['blurred_photo'] },
  );
  assert.equal(blurred.breakdown.visual_authenticity.result, 'clear');
  assert.equal(blurred.breakdown.issuing_authority, null);

  const expired = (await finishedCheck('caution-data-validation')).reports[0];
  assert.equal(expired.properties.date_of_expiry, '2020-12-31');
  assert.equal(expired.properties.last_name, 'Quill');

  const missing = await finishedCheck('unknown-missing-report');
  assert.equal(missing.check.report_ids.length, 2);
  assert.equal(missing.reports.length, 1);
  assert.equal((await call('GET', `/reports/${missing.check.report_ids[1]}`)).status, 404);
});

test('a check can be reopened, decided anew and withdrawn', async () => {
  const { check } = await finishedCheck('clear');
  sim.reopen(check.id);
  assert.equal((await call('GET', `/checks/${check.id}`)).body.status, 'reopened');
  sim.decide(check.id, {
    description: 'own',
    document: { result: 'consider', subResult: 'caution', unclear: ['new_thing.sub'] },
  });
  sim.complete(check.id);
  assert.equal((await call('GET', `/checks/${check.id}`)).body.result, 'consider');
  sim.withdraw(check.id);
  assert.equal((await call('GET', `/checks/${check.id}`)).body.status, 'withdrawn');
});

test('what the simulator answers fits the published description', { skip: noSpec }, async () => {
  const spec = loadSpec('onfido-openapi.json');
  const { check, reports } = await finishedCheck('suspected-and-rejected');
  spec.assertFits('check', check);
  spec.assertFits('document_report', reports[0]);
  spec.assertFits('facial_similarity_photo_report', reports[1]);
  const films = await finishedCheck('facial-liveness', [
    'facial_similarity_video',
    'facial_similarity_photo_fully_auto',
  ]);
  spec.assertFits('facial_similarity_video_report', films.reports[0]);
  const others = ['known_faces', 'watchlist_standard', 'proof_of_address', 'device_intelligence'];
  for (const report of (await finishedCheck('clear', others)).reports)
    spec.assertFits(`${report.name}_report`, report);
  spec.assertFits('applicant', (await call('GET', `/applicants/${check.applicant_id}`)).body);
  for (const [kind, schema] of [
    ['documents', 'document'],
    ['live_photos', 'live_photo'],
  ] as const) {
    const { body } = await call('GET', `/${kind}?applicant_id=${check.applicant_id}`);
    for (const media of body[kind]) spec.assertFits(schema, media);
  }
  const run = (
    await call('POST', '/workflow_runs', { workflow_id: workflowId, applicant_id: check.applicant_id })
  ).body;
  sim.upload(run.applicant_id);
  sim.complete(run.id);
  spec.assertFits('workflow_run', (await call('GET', `/workflow_runs/${run.id}`)).body);
  const tasks = (await call('GET', `/workflow_runs/${run.id}/tasks`)).body;
  spec.assertFits('TaskItem', tasks[0]);
  spec.assertFits('task', (await call('GET', `/workflow_runs/${run.id}/tasks/${tasks[2].id}`)).body);
  const webhook = await call('POST', '/webhooks', { url: 'https://kyc.example.net/hook' });
  spec.assertFits('webhook', webhook.body);
  spec.assertFits('Error', (await call('GET', '/checks/none')).body);
  spec.assertFits('Error', (await call('POST', '/applicants', {})).body);
});
