import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import onfido from '@onfido/api';
import { type OnfidoSimulator, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { TestClock } from '../support/clock.js';

const { Configuration, DefaultApi } = onfido;
const apiToken = 'api_sandbox.runs';
const workflowId = 'c0ffee00-0000-4000-8000-0000000000aa';

let clock: TestClock;
let sim: OnfidoSimulator;
let api: InstanceType<typeof DefaultApi>;

before(async () => {
  clock = new TestClock();
  sim = await startOnfidoSimulator({ clock, apiTokens: [apiToken], completeAfterMs: 1000 });
  api = new DefaultApi(new Configuration({ apiToken, basePath: sim.url }));
});
after(() => sim.close());

async function newApplicant() {
  const location = { country_of_residence: 'GBR' } as const;
  return (await api.createApplicant({ first_name: 'Ada', last_name: 'Quill', location })).data;
}

/** A plain call, for what the official client hides or would not send. */
async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${sim.url}${path}`, {
    method,
    headers: { authorization: `Token token=${apiToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

test('a workflow run waits for uploads, then ends with its reports and tasks and never shows custom data', async () => {
  const applicant = await newApplicant();
  sim.upload(applicant.id);
  const created = await api.createWorkflowRun({
    workflow_id: workflowId,
    applicant_id: applicant.id,
    customer_user_id: 'id-42',
    tags: ['kyc:1'],
    custom_data: { kratos_identity_id: 'secret-id' },
    link: { language: 'en_US' },
  });
  assert.equal(created.status, 201);
  const run = created.data;
  assert.equal(run.status, 'awaiting_input');
  assert.ok(run.sdk_token);
  const { exp, iss } = JSON.parse(Buffer.from(run.sdk_token.split('.')[1] ?? '', 'base64url').toString());
  assert.equal(exp * 1000 - clock.now(), 5 * 7 * 24 * 3_600_000);
  assert.equal(iss, 'studio');
  clock.advance(60_000);
  assert.equal(
    (await api.findWorkflowRun(run.id)).data.status,
    'awaiting_input',
    'earlier uploads do not count',
  );

  const { documentIds } = sim.upload(applicant.id);
  assert.equal((await api.findWorkflowRun(run.id)).data.status, 'processing');
  clock.advance(1000);
  const done = await call('GET', `/workflow_runs/${run.id}`);
  assert.equal(done.body.status, 'approved');
  assert.equal(done.body.output.document.result, 'clear');
  assert.equal(done.body.output.face.breakdown.face_comparison.result, 'clear');
  assert.ok(!JSON.stringify(done.body).includes('secret-id'));

  const list = (
    await api.listWorkflowRuns(undefined, undefined, undefined, undefined, undefined, applicant.id)
  ).data;
  assert.deepEqual(
    list.map(each => each.id),
    [run.id],
  );
  const tasks = (await api.listTasks(run.id)).data;
  assert.deepEqual(
    tasks.map(task => task.task_def_id),
    ['upload_document_photo', 'upload_face_photo', 'document_check', 'face_check'],
  );
  assert.ok(tasks.every(task => !('output' in task)));
  const capture = (await call('GET', `/workflow_runs/${run.id}/tasks/${tasks[0]?.id}`)).body;
  assert.deepEqual(
    capture.output.map((each: { id: string }) => each.id),
    documentIds,
  );
  assert.match(capture.output[0].checksum_sha256, /^[\w+/]{43}=$/);
});

test('a run ends as its outcome says', async () => {
  for (const [name, status] of [
    ['studio-declined', 'declined'],
    ['studio-review', 'review'],
    ['studio-abandoned', 'abandoned'],
    ['studio-error', 'error'],
    ['suspected-police-record', 'declined'],
    ['caution', 'review'],
    ['studio-approved-unread', 'approved'],
  ] as const) {
    const applicant = await newApplicant();
    const run = (await api.createWorkflowRun({ workflow_id: workflowId, applicant_id: applicant.id })).data;
    sim.decide(run.id, name);
    sim.complete(run.id);
    const { body } = await call('GET', `/workflow_runs/${run.id}`);
    assert.equal(body.status, status, name);
    assert.equal(body.error !== null, name === 'studio-error');
    assert.equal(
      body.output === null,
      ['studio-abandoned', 'studio-error', 'studio-approved-unread'].includes(name),
    );
  }
});

test('an SDK token lives 90 minutes and needs a proper referrer pattern', async () => {
  const applicant = await newApplicant();
  const { body } = await call('POST', '/sdk_token', { applicant_id: applicant.id, referrer: '*://*/*' });
  const { exp, payload } = JSON.parse(Buffer.from(body.token.split('.')[1], 'base64url').toString());
  assert.equal(exp * 1000 - clock.now(), 90 * 60_000);
  assert.equal(payload.app, applicant.id);
  assert.equal(payload.is_sandbox, true);
  const refused = await call('POST', '/sdk_token', {
    applicant_id: applicant.id,
    referrer: 'kyc.example.net',
  });
  assert.equal(refused.status, 422);
});
