import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportNamesFor, selectUploads, type Uploads } from '../../../src/providers/onfido/uploads.js';
import type { ProviderError } from '../../../src/providers/provider.js';
import { applicantId, checkId, checkObject, id, type Json, runId, runObject } from './fixtures.js';
import { type Answer, type Api, routes, signal, startApi } from './loopback.js';

const request = { applicantRef: applicantId, checkId: 'chk_1', usedMedia: [] };

function upload(number: number, minute: number, changes: Json = {}): Json {
  const createdAt = `2026-03-04T10:${String(minute).padStart(2, '0')}:00Z`;
  return { id: id(number), created_at: createdAt, type: 'passport', side: null, ...changes };
}

function lastBody(api: Api): Json {
  return (api.calls.at(-1)?.body ?? {}) as Json;
}

interface Shelf {
  checks?: Json[];
  documents?: Json[];
  photos?: Json[];
  videos?: Json[];
  motions?: Json[];
  post?: Answer;
}

function shelf(with_: Shelf) {
  return routes({
    'GET /checks': { json: { checks: with_.checks ?? [] } },
    'GET /documents': { json: { documents: with_.documents ?? [] } },
    'GET /live_photos': { json: { live_photos: with_.photos ?? [] } },
    'GET /live_videos': { json: { live_videos: with_.videos ?? [] } },
    'GET /motion_captures': { json: { motion_captures: with_.motions ?? [] } },
    'POST /checks': with_.post ?? { status: 201, json: checkObject({ status: 'in_progress', result: null }) },
  });
}

test('a document and a selfie become a check with our tag, after a look for one', async t => {
  const api = await startApi(t, shelf({ documents: [upload(101, 1)], photos: [upload(201, 2)] }));
  assert.deepEqual(await api.onfido().submit(request, signal), {
    outcome: 'submitted',
    checkRef: checkId,
    usedMedia: [id(101), id(201)],
  });
  const seen = api.seen();
  assert.equal(seen[0], 'GET /checks');
  assert.equal(seen.at(-1), 'POST /checks');
  assert.ok(api.calls.slice(0, -1).every(call => call.query.get('applicant_id') === applicantId));
  assert.deepEqual(api.calls.at(-1)?.body, {
    applicant_id: applicantId,
    report_names: ['document', 'facial_similarity_photo'],
    document_ids: [id(101)],
    tags: ['gatehouse:chk_1'],
  });
});

test('without a document, a selfie, or both, nothing is created', async t => {
  for (const with_ of [{}, { documents: [upload(101, 1)] }, { photos: [upload(201, 1)] }]) {
    const api = await startApi(t, shelf(with_));
    assert.deepEqual(await api.onfido().submit(request, signal), { outcome: 'nothing_to_submit' });
    assert.ok(!api.seen().includes('POST /checks'));
  }
});

test('what an earlier attempt used does not count: both a new document and a new selfie are needed', async t => {
  const uploads = { documents: [upload(101, 1), upload(102, 5)], photos: [upload(201, 2), upload(202, 6)] };
  for (const usedMedia of [
    [id(101), id(102), id(201)],
    [id(101), id(201), id(202)],
  ]) {
    const api = await startApi(t, shelf(uploads));
    assert.deepEqual(await api.onfido().submit({ ...request, usedMedia }, signal), {
      outcome: 'nothing_to_submit',
    });
  }
  const api = await startApi(t, shelf(uploads));
  await api.onfido().submit({ ...request, usedMedia: [id(101), id(201)] }, signal);
  assert.deepEqual(lastBody(api).document_ids, [id(102)]);
});

test('a check whose creation got no answer is adopted the next time and not made twice', async t => {
  const checks: Json[] = [];
  const table = shelf({ documents: [upload(101, 1)], photos: [upload(201, 2), upload(202, 30)] });
  const api = await startApi(t, call => {
    if (call.path !== '/checks') return table(call);
    if (call.method === 'GET') return { json: { checks } };
    checks.push(checkObject({ status: 'in_progress', result: null }));
    return 'cut';
  });
  await assert.rejects(api.onfido().submit(request, signal), (error: ProviderError) => {
    return error.kind === 'later' && error.options.mayHaveActed === true;
  });
  const adopted = await api.onfido().submit(request, signal);
  assert.deepEqual(adopted, { outcome: 'submitted', checkRef: checkId, usedMedia: [id(101), id(201)] });
  assert.equal(api.seen().filter(call => call === 'POST /checks').length, 1);
});

test('asked only what a check was made of, it tells the pictures up to it and makes none', async t => {
  const checks: Json[] = [];
  const table = shelf({ checks, documents: [upload(101, 1)], photos: [upload(201, 2), upload(202, 30)] });
  const api = await startApi(t, table);
  const question = { ...request, made: true } as const;
  assert.deepEqual(await api.onfido().submit(question, signal), { outcome: 'nothing_to_submit' });
  checks.push(checkObject());
  const said = await api.onfido().submit(question, signal);
  assert.deepEqual(said, { outcome: 'submitted', checkRef: checkId, usedMedia: [id(101), id(201)] });
  assert.ok(!api.seen().includes('POST /checks'));
});

test('checks of other attempts and of others are not adopted', async t => {
  const checks = [
    checkObject({ id: id(13), tags: ['gatehouse:chk_0'] }),
    checkObject({ id: id(14), tags: [] }),
    checkObject({ id: id(15), tags: ['gatehouse:chk_1', 'gatehouse:chk_9'] }),
  ];
  const api = await startApi(t, shelf({ checks, documents: [upload(101, 1)], photos: [upload(201, 2)] }));
  const said = await api.onfido().submit(request, signal);
  assert.equal(said.outcome === 'submitted' && said.checkRef, checkId);
  assert.ok(api.seen().includes('POST /checks'));
});

test('a failed look-up creates nothing', async t => {
  for (const failing of [
    'GET /checks',
    'GET /documents',
    'GET /live_photos',
    'GET /live_videos',
    'GET /motion_captures',
  ]) {
    const table = shelf({ documents: [upload(101, 1)], photos: [upload(201, 2)] });
    const api = await startApi(t, call =>
      `${call.method} ${call.path}` === failing ? { status: 503 } : table(call),
    );
    await assert.rejects(api.onfido().submit(request, signal), { kind: 'later' });
    assert.ok(!api.seen().includes('POST /checks'));
  }
});

test('an id that is none in a list makes the list unreadable and never gets into a check', async t => {
  const api = await startApi(
    t,
    shelf({ documents: [upload(101, 1, { id: '../x' })], photos: [upload(201, 2)] }),
  );
  await assert.rejects(api.onfido().submit(request, signal), { kind: 'later' });
  assert.ok(!api.seen().includes('POST /checks'));
});

test('the facial report is the one for the newest kind of selfie', async t => {
  const cases: [Shelf, string][] = [
    [{ photos: [upload(201, 2)] }, 'facial_similarity_photo'],
    [{ videos: [upload(301, 2)] }, 'facial_similarity_video'],
    [{ motions: [upload(401, 2)] }, 'facial_similarity_motion'],
    [{ photos: [upload(201, 5)], motions: [upload(401, 2)] }, 'facial_similarity_photo'],
    [{ photos: [upload(201, 2)], motions: [upload(401, 5)] }, 'facial_similarity_motion'],
  ];
  for (const [with_, expected] of cases) {
    const api = await startApi(t, shelf({ documents: [upload(101, 1)], ...with_ }));
    await api.onfido().submit(request, signal);
    assert.deepEqual(lastBody(api).report_names, ['document', expected]);
  }
});

test('report names keep a fitting variant, are changed where they do not fit, and are given once', () => {
  assert.deepEqual(reportNamesFor(['document', 'facial_similarity_photo_fully_auto'], 'photo'), [
    'document',
    'facial_similarity_photo_fully_auto',
  ]);
  assert.deepEqual(
    reportNamesFor(['facial_similarity_photo', 'facial_similarity_video', 'known_faces'], 'motion'),
    ['facial_similarity_motion', 'known_faces'],
  );
});

function uploads(documents: Json[]): Uploads {
  return { documents, selfies: [{ ...upload(201, 9), variant: 'photo' }] } as unknown as Uploads;
}

test('of several documents the newest and the newest picture of its other side are taken', () => {
  const licence = (number: number, minute: number, side: string) =>
    upload(number, minute, { type: 'driving_licence', side });
  const ids = (documents: Json[]) =>
    selectUploads(uploads(documents), [])?.documentIds.map(each => each.slice(-3));
  assert.deepEqual(ids([licence(101, 1, 'front'), licence(102, 2, 'back')]), ['102', '101']);
  assert.deepEqual(ids([licence(101, 1, 'front'), licence(103, 3, 'front'), licence(102, 2, 'back')]), [
    '103',
    '102',
  ]);
  assert.deepEqual(ids([licence(101, 1, 'front'), licence(102, 2, 'back'), upload(104, 4)]), ['104']);
  assert.deepEqual(ids([upload(105, 1, { side: 'front' }), licence(102, 2, 'back')]), ['102']);
  assert.deepEqual(ids([upload(106, 1), upload(107, 2)]), ['107']);
});

const studio = { mode: 'studio', workflowId: id(30) } as const;

test('a workflow run tells by its status whether the customer is done, and nothing is written', async t => {
  for (const status of ['awaiting_input', 'awaiting_client_input']) {
    const api = await startApi(t, routes({ 'GET /workflow_runs': { json: [runObject(status)] } }));
    assert.deepEqual(await api.onfido(studio).submit(request, signal), { outcome: 'nothing_to_submit' });
  }
  for (const status of ['processing', 'approved', 'declined', 'review', 'abandoned', 'error']) {
    const api = await startApi(t, routes({ 'GET /workflow_runs': { json: [runObject(status)] } }));
    const said = await api.onfido(studio).submit(request, signal);
    assert.deepEqual(said, { outcome: 'submitted', checkRef: runId, usedMedia: [] });
    assert.ok(api.calls.every(call => call.method === 'GET'));
  }
  const none = await startApi(t, routes({ 'GET /workflow_runs': { json: [] } }));
  assert.deepEqual(await none.onfido(studio).submit(request, signal), { outcome: 'nothing_to_submit' });
});
