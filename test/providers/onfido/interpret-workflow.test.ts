import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapFindings } from '../../../src/domain/mapping.js';
import {
  breakdown,
  documentBecause,
  documentId,
  documentObject,
  faceBecause,
  faceObject,
  finalOf,
  id,
  type Json,
  photoId,
  rules,
  runFindings,
  runObject,
  sub,
  task,
} from './fixtures.js';

/** A report as a Studio task puts it out. */
function output(report: Json, uuid: string): Json {
  const { result, sub_result, properties, breakdown: tree } = report;
  return { status: 'complete', result, sub_result, properties, breakdown: tree, uuid, repeat_attempts: null };
}

const clearTasks = [
  task('document_check', output(documentObject(), id(51))),
  task('facial_similarity_photo_check', output(faceObject(), id(52))),
];

test('an approved run with both reports clear is CLEAR', () => {
  const findings = runFindings(runObject('approved'), clearTasks);
  assert.deepEqual(
    findings.reports.map(report => [report.name, report.kind, report.outcome]),
    [
      ['document', 'document', 'clear'],
      ['facial_similarity_photo', 'facial', 'clear'],
    ],
  );
  assert.equal(finalOf(findings).result, 'CLEAR');
});

test('reports in the run’s own output count, whatever the author called them', () => {
  const run = runObject('approved', {
    output: { papers: output(documentObject(), id(51)), selfie: output(faceObject(), id(52)), score: 7 },
  });
  const findings = runFindings(run);
  assert.equal(finalOf(findings).result, 'CLEAR');
  assert.equal(findings.reports.length, 2);
});

test('the same report in output and task counts once', () => {
  const run = runObject('approved', { output: { papers: output(documentObject(), id(51)) } });
  assert.equal(runFindings(run, clearTasks).reports.length, 2);
});

test('an approved run without reports, or with one of them, is CAUTION unless approvals are trusted', () => {
  for (const tasks of [[], clearTasks.slice(0, 1), clearTasks.slice(1)]) {
    const findings = runFindings(runObject('approved'), tasks);
    assert.equal(finalOf(findings).result, 'CAUTION');
    assert.equal(finalOf(findings, { trustApproved: true }).result, 'CLEAR');
  }
});

test('an approved run with a report against it is never CLEAR, trusted or not', () => {
  const tasks = [task('document_check', output(documentBecause('suspected', null), id(51))), clearTasks[1]];
  for (const trustApproved of [false, true])
    assert.notEqual(finalOf(runFindings(runObject('approved'), tasks), { trustApproved }).result, 'CLEAR');
  const bare = runObject('approved', { output: { doc: { result: 'consider' } } });
  assert.equal(finalOf(runFindings(bare), { trustApproved: true }).result, 'CAUTION');
});

test('a bare clear word in the output is no report that was asked for', () => {
  const run = runObject('approved', {
    output: { document: { result: 'clear' }, facial: { result: 'clear' } },
  });
  assert.equal(finalOf(runFindings(run)).result, 'CAUTION');
});

test('a declined run says what its reports say if that is SUSPECTED or REJECTED, else REJECTED', () => {
  const of = (report: Json) =>
    finalOf(runFindings(runObject('declined'), [task('document_check', output(report, id(51)))])).result;
  const forged = {
    visual_authenticity: breakdown('consider', { fonts: sub('consider') }),
    data_consistency: null,
  };
  assert.equal(
    of(documentBecause('suspected', { ...forged, data_validation: breakdown('clear') })),
    'SUSPECTED_VISUAL_CONSISTENCY',
  );
  assert.equal(of(documentBecause('caution', { data_validation: breakdown('consider') })), 'REJECTED');
  assert.equal(finalOf(runFindings(runObject('declined'))).result, 'REJECTED');
});

test('a run in review is a CAUTION, of the kind its reports say', () => {
  const face = faceBecause({ face_comparison: breakdown('consider', { face_match: sub('consider') }) });
  const tasks = [task('facial_similarity_motion_check', output(face, id(52)))];
  const said = finalOf(runFindings(runObject('review'), tasks));
  assert.equal(said.result, 'CAUTION_FACIAL_COMPARISON');
  assert.deepEqual(said.reasonCodes, ['facial_similarity_motion.face_comparison.face_match']);
  assert.equal(finalOf(runFindings(runObject('review'))).result, 'CAUTION');
});

test('an abandoned run is EXPIRED', () => {
  assert.equal(finalOf(runFindings(runObject('abandoned'))).result, 'EXPIRED');
});

test('a run in error is UNKNOWN with an alert and the error’s words', () => {
  const run = runObject('error', { error: { type: 'task_error', message: 'A task could not be completed' } });
  const said = finalOf(runFindings(run));
  assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
  assert.match(said.reason, /^task_error: A task could not be completed\./);
});

test('an error message that may hold something personal is left out', () => {
  const run = runObject('error', {
    error: { type: 'task_error', message: 'no match for ada@example.net, 555-0100' },
  });
  const said = finalOf(runFindings(run));
  assert.match(said.reason, /^task_error\./);
  assert.ok(!said.reason.includes('ada'));
});

test('running statuses are pending, and any other is UNKNOWN with an alert', () => {
  for (const status of ['processing', 'awaiting_input', 'awaiting_client_input'])
    assert.deepEqual(mapFindings(runFindings(runObject(status)), rules), { kind: 'pending' });
  for (const status of ['invented', '', 'Approved']) {
    const said = finalOf(runFindings(runObject(status), clearTasks));
    assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
  }
});

test('the reasons of a run come first', () => {
  const run = runObject('review', {
    reasons: ['manual_look', 'Document near its end', null, '<script>1</script>'],
  });
  assert.match(finalOf(runFindings(run)).reason, /^manual_look\. Document near its end\. The provider asks/);
});

test('a run is a sandbox one when its applicant is, or else when the token says so', () => {
  const said = (more: Json) => finalOf(runFindings(runObject('approved'), clearTasks, more)).result;
  assert.equal(said({ sandbox: true }), 'UNKNOWN');
  assert.equal(said({ sandbox: null, sandboxToken: true }), 'UNKNOWN');
  assert.equal(said({ sandbox: false, sandboxToken: true }), 'CLEAR');
  assert.equal(said({ sandbox: null, sandboxToken: null }), 'CLEAR');
});

test('a task that could not be fetched keeps an approval from being CLEAR, trusted or not', () => {
  const findings = runFindings(runObject('approved'), clearTasks, { missing: ['document_check'] });
  for (const trustApproved of [false, true]) {
    const said = finalOf(findings, { trustApproved });
    assert.deepEqual([said.result, said.alert], ['CAUTION', true]);
  }
});

test('media come from the capture tasks, with their checksums', () => {
  const sum = `${'A'.repeat(43)}=`;
  const tasks = [
    task('upload_document_photo', [
      { type: 'document_photo', id: documentId, checksum_sha256: sum },
      { type: 'document_photo', id: id(102), side: 'back', checksum_sha256: 'not one' },
    ]),
    task('upload_face_photo', [{ type: 'live_photo', id: photoId, checksum_sha256: sum }]),
    task('profile_data', { first_name: 'Ada', last_name: 'Quill' }),
    task('other', [{ type: 'document_photo', id: '../../x' }, { type: 'certificate', id: id(103) }, 7, null]),
  ];
  assert.deepEqual(runFindings(runObject('approved'), tasks).media, [
    { kind: 'document', ref: documentId, sha256: sum },
    { kind: 'document_back', ref: id(102) },
    { kind: 'selfie', ref: photoId, sha256: sum },
  ]);
});

test('the person is read from the document report of a run', () => {
  const report = documentObject({ properties: { first_name: 'ADA', document_number: 'P1234567' } });
  const findings = runFindings(runObject('approved'), [task('document_check', output(report, id(51)))]);
  assert.deepEqual(findings.person, { firstName: 'ADA', documentNumber: 'P1234567' });
});
