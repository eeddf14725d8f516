import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../../src/providers/provider.js';
import {
  applicantId,
  checkId,
  checkObject,
  documentId,
  documentObject,
  faceObject,
  finalOf,
  id,
  type Json,
  runId,
  runObject,
  task,
} from './fixtures.js';
import { type Answer, type Api, routes, signal, startApi } from './loopback.js';

const checkPath = `GET /checks/${checkId}`;

function classic(check: Json, reports: Json[], more: Record<string, Answer> = {}) {
  return routes({
    [checkPath]: { json: check },
    'GET /reports': { json: { reports } },
    'GET /documents': { json: { documents: [] } },
    ...more,
  });
}

function mapped(api: Api, snapshot: Snapshot) {
  return finalOf(api.onfido().interpret(snapshot));
}

test('a complete check comes with all its reports, and clear ones are CLEAR', async t => {
  const api = await startApi(t, classic(checkObject(), [documentObject(), faceObject()]));
  const onfido = api.onfido();
  const snapshot = await onfido.fetch(checkId, false, signal);
  assert.deepEqual([snapshot.checkRef, snapshot.applicantRef], [checkId, applicantId]);
  assert.equal(onfido.owner(snapshot), 'chk_1');
  assert.equal(mapped(api, snapshot).result, 'CLEAR');
  assert.equal(api.calls.find(call => call.path === '/reports')?.query.get('check_id'), checkId);
});

test('a snapshot survives storage as JSON', async t => {
  const api = await startApi(t, classic(checkObject(), [documentObject(), faceObject()]));
  const snapshot = await api.onfido().fetch(checkId, false, signal);
  const kept = JSON.parse(JSON.stringify(snapshot)) as Snapshot;
  assert.deepEqual(api.onfido().interpret(kept), api.onfido().interpret(snapshot));
});

test('a running check is fetched without reports', async t => {
  const api = await startApi(
    t,
    routes({ [checkPath]: { json: checkObject({ status: 'in_progress', result: null }) } }),
  );
  const snapshot = await api.onfido().fetch(checkId, false, signal);
  assert.equal(api.onfido().interpret(snapshot).state, 'pending');
  assert.deepEqual(api.seen(), [checkPath]);
});

test('a report that the list lacks is asked for by itself', async t => {
  const api = await startApi(
    t,
    classic(checkObject(), [documentObject()], { [`GET /reports/${id(12)}`]: { json: faceObject() } }),
  );
  assert.equal(mapped(api, await api.onfido().fetch(checkId, false, signal)).result, 'CLEAR');
});

test('a report that Onfido does not have is named as missing and never CLEAR', async t => {
  for (const status of [404, 410]) {
    const api = await startApi(
      t,
      classic(checkObject(), [documentObject()], { [`GET /reports/${id(12)}`]: { status } }),
    );
    const snapshot = await api.onfido().fetch(checkId, false, signal);
    assert.deepEqual(api.onfido().interpret(snapshot).missingReports, ['report']);
    const said = mapped(api, snapshot);
    assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
  }
});

test('any other failure aborts the fetch, so that no partial set is ever read', async t => {
  const failures: Record<string, Answer>[] = [
    { [`GET /reports/${id(12)}`]: { status: 503 } },
    { [`GET /reports/${id(12)}`]: 'cut' },
    { 'GET /reports': { status: 429 } },
    { 'GET /reports': { json: { reports: null } } },
    { 'GET /documents': { status: 500 } },
    { [checkPath]: { status: 500 } },
    { [checkPath]: { json: { id: 'x' } } },
    { [checkPath]: { json: checkObject({ report_ids: ['../x'] }) } },
  ];
  for (const failure of failures) {
    const api = await startApi(t, classic(checkObject(), [documentObject()], failure));
    await assert.rejects(api.onfido().fetch(checkId, false, signal), { kind: 'later' });
  }
});

test('reports that the check does not name abort the fetch', async t => {
  const stranger = documentObject({ id: id(19) });
  const api = await startApi(t, classic(checkObject(), [documentObject(), faceObject(), stranger]));
  await assert.rejects(api.onfido().fetch(checkId, false, signal), { kind: 'later' });
});

test('a check that Onfido does not know is missing', async t => {
  const api = await startApi(t, routes({}));
  await assert.rejects(api.onfido().fetch(checkId, false, signal), { kind: 'missing' });
});

test('the sides of documents are told, and their absence is not an error', async t => {
  const documents = [{ id: documentId, type: 'driving_licence', side: 'back' }];
  const api = await startApi(
    t,
    classic(checkObject(), [documentObject(), faceObject()], { 'GET /documents': { json: { documents } } }),
  );
  const kinds = async (each: Api) =>
    each
      .onfido()
      .interpret(await each.onfido().fetch(checkId, false, signal))
      .media.map(media => media.kind);
  assert.deepEqual(await kinds(api), ['document_back', 'selfie']);
  const gone = await startApi(
    t,
    classic(checkObject(), [documentObject(), faceObject()], { 'GET /documents': { status: 410 } }),
  );
  assert.deepEqual(await kinds(gone), ['document', 'selfie']);
});

test('a sandbox token makes a check sandbox only where the check does not say', async t => {
  const sandbox = { apiToken: 'api_sandbox.x' };
  for (const [said, expected] of [
    [false, false],
    [true, true],
    [null, true],
  ] as const) {
    const api = await startApi(t, classic(checkObject({ sandbox: said }), [documentObject(), faceObject()]));
    const onfido = api.onfido(sandbox);
    assert.equal(onfido.interpret(await onfido.fetch(checkId, false, signal)).sandbox, expected);
  }
});

const runPath = `GET /workflow_runs/${runId}`;
const tasks = [task('document_check', documentObject()), task('facial_similarity_photo_check', faceObject())];

function studio(run: Json, more: Record<string, Answer> = {}) {
  return routes({
    [runPath]: { json: run },
    [`${runPath}/tasks`]: { json: tasks.map(({ id: taskId, task_def_id }) => ({ id: taskId, task_def_id })) },
    ...Object.fromEntries(tasks.map(each => [`${runPath}/tasks/${each.id}`, { json: each }])),
    [`GET /applicants/${applicantId}`]: { json: { id: applicantId, sandbox: false } },
    ...more,
  });
}

test('a decided run comes with the output of all its tasks, and without its tokens and links', async t => {
  const run = runObject('approved', {
    sdk_token: 'secret.token',
    link: { url: 'https://eu.onfido.app/l/secret' },
  });
  const api = await startApi(t, studio(run));
  const snapshot = await api.onfido().fetch(runId, true, signal);
  assert.ok(!JSON.stringify(snapshot).includes('secret'));
  assert.equal(snapshot.applicantRef, applicantId);
  assert.equal(api.onfido().owner(snapshot), 'chk_1');
  assert.equal(mapped(api, snapshot).result, 'CLEAR');
});

test('a sandbox applicant makes the run a sandbox one', async t => {
  const api = await startApi(
    t,
    studio(runObject('approved'), {
      [`GET /applicants/${applicantId}`]: { json: { id: applicantId, sandbox: true } },
    }),
  );
  const said = mapped(api, await api.onfido().fetch(runId, true, signal));
  assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
});

test('a running run is one call', async t => {
  const api = await startApi(t, studio(runObject('awaiting_input')));
  const snapshot = await api.onfido().fetch(runId, true, signal);
  assert.equal(api.onfido().interpret(snapshot).state, 'pending');
  assert.deepEqual(api.seen(), [runPath]);
});

test('a task that is gone is missing, any other failure aborts', async t => {
  const path = `${runPath}/tasks/${tasks[0]?.id}`;
  const gone = await startApi(t, studio(runObject('approved'), { [path]: { status: 404 } }));
  const snapshot = await gone.onfido().fetch(runId, true, signal);
  assert.deepEqual(gone.onfido().interpret(snapshot).missingReports, ['document_check']);
  assert.equal(mapped(gone, snapshot).result, 'CAUTION');
  const failing = await startApi(t, studio(runObject('approved'), { [path]: { status: 500 } }));
  await assert.rejects(failing.onfido().fetch(runId, true, signal), { kind: 'later' });
});

test('a task id that could leave its path is never asked for', async t => {
  const api = await startApi(
    t,
    studio(runObject('approved'), {
      [`${runPath}/tasks`]: { json: [{ id: '../../../applicants', task_def_id: 'x' }] },
    }),
  );
  await assert.rejects(api.onfido().fetch(runId, true, signal), { kind: 'later' });
  assert.deepEqual(api.seen(), [runPath, `${runPath}/tasks`]);
});
