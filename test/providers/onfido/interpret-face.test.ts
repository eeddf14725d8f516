import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../src/domain/results.js';
import {
  breakdown,
  checkObject,
  considered,
  documentObject,
  faceBecause,
  findingsOf,
  sub,
} from './fixtures.js';

const variants = [
  'facial_similarity_photo',
  'facial_similarity_photo_fully_auto',
  'facial_similarity_video',
  'facial_similarity_motion',
];

/** breakdown, sub-breakdown, default, strict */
const rows: [string, string, Result, Result][] = [
  ['face_comparison', 'face_match', 'CAUTION_FACIAL_COMPARISON', 'SUSPECTED_FACE_COMPARISON'],
  ['image_integrity', 'face_detected', 'CAUTION_IMAGE_INTEGRITY', 'CAUTION_IMAGE_INTEGRITY'],
  ['image_integrity', 'source_integrity', 'CAUTION_IMAGE_INTEGRITY', 'SUSPECTED'],
  ['visual_authenticity', 'spoofing_detection', 'CAUTION_VISUAL_CONSISTENCY', 'SUSPECTED_VISUAL_CONSISTENCY'],
  ['visual_authenticity', 'liveness_detected', 'CAUTION_VISUAL_CONSISTENCY', 'SUSPECTED_VISUAL_CONSISTENCY'],
];

for (const [name, subName, usual, strict] of rows) {
  test(`face ${name}.${subName} is ${usual}, strict ${strict}, in every variant of the report`, () => {
    for (const variant of variants) {
      const tree = { [name]: breakdown('consider', { [subName]: sub('consider', { score: 0.1 }) }) };
      const reports = [documentObject(), faceBecause(tree, { name: variant })];
      const said = considered(reports);
      assert.deepEqual([said.result, said.reasonCodes], [usual, [`${variant}.${name}.${subName}`]]);
      assert.equal(considered(reports, { strictFace: true }).result, strict);
    }
  });
}

test('a face breakdown without sub-breakdowns has the row of the breakdown', () => {
  const said = (name: string, strictFace: boolean) =>
    considered([documentObject(), faceBecause({ [name]: { result: 'consider' } })], { strictFace }).result;
  assert.deepEqual(
    [said('face_comparison', false), said('face_comparison', true)],
    ['CAUTION_FACIAL_COMPARISON', 'SUSPECTED_FACE_COMPARISON'],
  );
  assert.deepEqual(
    [said('image_integrity', false), said('image_integrity', true)],
    ['CAUTION_IMAGE_INTEGRITY', 'CAUTION_IMAGE_INTEGRITY'],
  );
  assert.deepEqual(
    [said('visual_authenticity', false), said('visual_authenticity', true)],
    ['CAUTION_VISUAL_CONSISTENCY', 'SUSPECTED_VISUAL_CONSISTENCY'],
  );
});

test('a face report that is not clear with breakdowns missing, empty or all clear is CAUTION, strict or not', () => {
  for (const tree of [null, {}, { face_comparison: breakdown('clear', { face_match: sub('clear') }) }])
    for (const strictFace of [false, true]) {
      const said = considered([documentObject(), faceBecause(tree)], { strictFace });
      assert.deepEqual([said.result, said.reasonCodes], ['CAUTION', ['facial_similarity_photo']]);
    }
});

test('of mixed sub-breakdowns each has its own row and the best rank wins', () => {
  const tree = {
    image_integrity: breakdown('consider', {
      face_detected: sub('consider'),
      source_integrity: sub('consider'),
    }),
    face_comparison: breakdown('consider', { face_match: sub('unidentified') }),
  };
  const reports = [documentObject(), faceBecause(tree)];
  assert.equal(considered(reports).result, 'CAUTION_FACIAL_COMPARISON');
  assert.equal(considered(reports, { strictFace: true }).result, 'SUSPECTED_FACE_COMPARISON');
  assert.equal(considered(reports).reasonCodes.length, 3);
});

test('an unknown face breakdown is CAUTION', () => {
  const reports = [
    documentObject(),
    faceBecause({ mood: breakdown('consider', { cheerful: sub('consider') }) }),
  ];
  for (const strictFace of [false, true]) assert.equal(considered(reports, { strictFace }).result, 'CAUTION');
});

test('the reasons of source_integrity go into the path; of its free text only known words', () => {
  const codes = (properties: Record<string, unknown>) => {
    const tree = {
      image_integrity: breakdown('consider', { source_integrity: sub('consider', properties) }),
    };
    return considered([documentObject(), faceBecause(tree)]).reasonCodes;
  };
  const path = 'facial_similarity_photo.image_integrity.source_integrity';
  for (const key of ['digital_tampering', 'fake_webcam', 'time_of_capture', 'emulator', 'challenge_reuse'])
    assert.deepEqual(codes({ [key]: 'Ada’s Webcam Faker 3.1' }), [`${path}:${key}`]);
  assert.deepEqual(codes({ reasons: 'fake_webcam, Ada’s Webcam Faker 3.1,emulator' }), [
    `${path}:emulator`,
    `${path}:fake_webcam`,
  ]);
  assert.deepEqual(codes({ reasons: 'Ada’s Webcam Faker 3.1' }), [path]);
});

test('a stray `caution` on a face report does not get round the strict option', () => {
  const tree = { face_comparison: breakdown('consider', { face_match: sub('consider') }) };
  const reports = [documentObject(), faceBecause(tree, { sub_result: 'caution' })];
  assert.equal(considered(reports, { strictFace: true }).result, 'SUSPECTED_FACE_COMPARISON');
});

test('scores decide nothing by themselves', () => {
  const tree = {
    visual_authenticity: breakdown('clear', { spoofing_detection: sub('clear', { score: 0 }) }),
  };
  const clear = faceBecause(tree, { result: 'clear' });
  const findings = findingsOf(checkObject(), [documentObject(), clear]);
  assert.ok(findings.reports.every(report => report.concerns.length === 0));
});

test('media come from the reports, each once, with the side where it is known', () => {
  const documents = [
    { id: '5b1f0c1e-0000-4000-8000-000000000101' },
    { id: '5b1f0c1e-0000-4000-8000-000000000102' },
  ];
  const face = faceBecause(null, {
    name: 'facial_similarity_motion',
    documents,
    live_photos: null,
    live_videos: [{ id: '5b1f0c1e-0000-4000-8000-000000000301' }],
    motion_captures: [{ id: '5b1f0c1e-0000-4000-8000-000000000401' }, { id: '../secret' }, null],
    id_photos: [{ id: '5b1f0c1e-0000-4000-8000-000000000501' }],
  });
  const findings = findingsOf(checkObject(), [documentObject({ documents }), face], {
    sides: { '5b1f0c1e-0000-4000-8000-000000000102': 'back' },
  });
  assert.deepEqual(
    findings.media.map(each => `${each.kind} ${each.ref.slice(-3)}`),
    ['document 101', 'document_back 102', 'id_photo 501', 'selfie_motion 401', 'selfie_video 301'],
  );
});
