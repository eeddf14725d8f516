/**
 * The ways in which General Bytes' own mapper goes wrong, each as a check that it would let through, misname or lose.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapFindings } from '../../../src/domain/mapping.js';
import {
  breakdown,
  checkObject,
  considered,
  documentBecause,
  documentObject,
  faceBecause,
  faceObject,
  finalOf,
  findingsOf,
  rules,
  sub,
} from './fixtures.js';

test('fail-open (a): a report that could not be fetched never makes the other one’s CLEAR the result', () => {
  for (const read of [documentObject(), faceObject()]) {
    const findings = findingsOf(checkObject({ result: 'consider' }), [read], { missing: ['report'] });
    const said = finalOf(findings);
    assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
  }
});

test('fail-open (b): a document to consider without a known sub_result is not saved by a clear face', () => {
  for (const level of [null, undefined, 'a surprise'])
    assert.equal(
      considered([documentObject({ result: 'consider', sub_result: level }), faceObject()]).result,
      'CAUTION',
    );
});

test('fail-open (c): a document to consider with sub_result clear is not CLEAR', () => {
  assert.equal(
    considered([documentObject({ result: 'consider', sub_result: 'clear' }), faceObject()]).result,
    'CAUTION',
  );
});

test('fail-open (d): a report that General Bytes does not look at still counts', () => {
  const others = [
    faceBecause(null, { name: 'facial_similarity_video' }),
    faceBecause(null, { name: 'facial_similarity_motion' }),
    faceBecause(null, { name: 'facial_similarity_photo_fully_auto' }),
    {
      name: 'known_faces',
      status: 'complete',
      result: 'consider',
      breakdown: { previously_seen_faces: { result: 'consider' } },
    },
    { name: 'watchlist_aml', status: 'complete', result: 'consider' },
    { name: 'document_video', status: 'complete', result: 'consider', sub_result: null },
    { name: 'invented_tomorrow', status: 'complete', result: 'unidentified' },
  ];
  for (const other of others) {
    const said = considered([documentObject(), faceObject(), other]);
    assert.equal(said.result, 'CAUTION');
    assert.ok(said.reasonCodes.some(code => code.startsWith(String(other.name))));
  }
});

test('a clear check result does not end the mapping: its reports are read all the same', () => {
  const findings = findingsOf(checkObject({ result: 'clear' }), [
    documentBecause('suspected', null),
    faceObject(),
  ]);
  assert.equal(finalOf(findings).result, 'CAUTION');
});

test('the face report is read beside the document report, not instead of it', () => {
  const document = documentBecause('caution', { data_validation: breakdown('consider') });
  const face = faceBecause({ face_comparison: breakdown('consider', { face_match: sub('consider') }) });
  const said = considered([document, face]);
  assert.equal(said.result, 'CAUTION_FACIAL_COMPARISON');
  assert.equal(said.reasonCodes.length, 2);
});

test('the order of breakdowns in Onfido’s JSON does not choose the result', () => {
  const first = { data_validation: breakdown('consider'), police_record: { result: 'consider' } };
  const second = { police_record: { result: 'consider' }, data_validation: breakdown('consider') };
  for (const tree of [first, second])
    assert.equal(
      considered([documentBecause('suspected', tree), faceObject()]).result,
      'SUSPECTED_POLICE_RECORD',
    );
});

test('a null breakdown result does not hide the sub-breakdowns below it', () => {
  const tree = { data_validation: breakdown(null, { mrz: sub('consider') }) };
  assert.equal(
    considered([documentBecause('suspected', tree), faceObject()]).result,
    'SUSPECTED_DATA_VALIDATION',
  );
});

test('visual_authenticity, which General Bytes calls visual_consistency, is reached from documents', () => {
  const tree = { visual_authenticity: breakdown('consider', { fonts: sub('consider') }) };
  assert.equal(
    considered([documentBecause('suspected', tree), faceObject()]).result,
    'SUSPECTED_VISUAL_CONSISTENCY',
  );
  assert.equal(
    considered([documentBecause('caution', tree), faceObject()]).result,
    'CAUTION_VISUAL_CONSISTENCY',
  );
});

test('a detected spoof, whose key General Bytes misspells, is not UNKNOWN', () => {
  const face = faceBecause({
    visual_authenticity: breakdown('consider', { spoofing_detection: sub('consider') }),
  });
  assert.equal(considered([documentObject(), face]).result, 'CAUTION_VISUAL_CONSISTENCY');
  assert.equal(
    considered([documentObject(), face], { strictFace: true }).result,
    'SUSPECTED_VISUAL_CONSISTENCY',
  );
});

test('SUSPECTED_FACE_COMPARISON, which General Bytes never produces, is what strict faces yield', () => {
  const face = faceBecause({ face_comparison: breakdown('consider', { face_match: sub('consider') }) });
  assert.equal(
    considered([documentObject(), face], { strictFace: true }).result,
    'SUSPECTED_FACE_COMPARISON',
  );
});

test('a breakdown without a mapping is not skipped', () => {
  const tree = { brand_new: breakdown('consider') };
  assert.equal(considered([documentBecause('suspected', tree), faceObject()]).result, 'SUSPECTED');
});

test('the status of the check is not ignored', () => {
  const said = (status: string) =>
    mapFindings(findingsOf(checkObject({ status }), [documentObject(), faceObject()]), rules);
  for (const status of ['in_progress', 'awaiting_applicant', 'paused'])
    assert.deepEqual(said(status), { kind: 'pending' });
  assert.deepEqual(said('reopened'), { kind: 'reopened' });
  const withdrawn = finalOf(
    findingsOf(checkObject({ status: 'withdrawn' }), [documentObject(), faceObject()]),
  );
  assert.deepEqual([withdrawn.result, withdrawn.alert, withdrawn.withdrawn], ['UNKNOWN', true, true]);
  const unknown = finalOf(findingsOf(checkObject({ status: 'invented' }), [documentObject(), faceObject()]));
  assert.deepEqual([unknown.result, unknown.alert], ['UNKNOWN', true]);
});

test('null properties do not lose the result', () => {
  const findings = findingsOf(checkObject(), [
    documentObject({ properties: null }),
    faceObject({ properties: null, documents: null, live_photos: null }),
  ]);
  assert.equal(finalOf(findings).result, 'CLEAR');
  assert.equal(findings.person, null);
});

test('everything clear under a check to consider is CAUTION, and a null check result is UNKNOWN', () => {
  assert.equal(considered([documentObject(), faceObject()]).result, 'CAUTION');
  const none = finalOf(findingsOf(checkObject({ result: null }), [documentObject(), faceObject()]));
  assert.deepEqual([none.result, none.alert], ['UNKNOWN', true]);
});

test('a report that was asked for and is absent is UNKNOWN, although the rest is clear', () => {
  const said = finalOf(findingsOf(checkObject(), [documentObject()]));
  assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
});
