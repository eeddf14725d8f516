import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeReason } from '../../../src/domain/reasons.js';
import { knownChecks } from '../../../src/providers/persona/checks.js';
import { body, failed, judge, passedDocument, passedSelfie, verification } from './fixtures.js';

/** Every check of Persona that is known by name, with the result of an inquiry that failed or was declined over it. */
const expected: Readonly<Record<string, readonly string[]>> = {
  REJECTED_IMAGE_INTEGRITY: [
    'id_blur_detection',
    'id_glare_detection',
    'id_portrait_clarity_detection',
    'id_corner_detection',
    'id_video_quality_detection',
    'id_entity_detection',
    'id_disallowed_country_detection',
    'id_disallowed_type_detection',
    'id_unprocessable_submission_detection',
    'id_double_side_detection',
    'id_portrait_detection',
    'id_barcode_detection',
    'id_mrz_detection',
    'id_extracted_properties_detection',
    'id_real_id_detection',
    'id_damaged_detection',
    'selfie_glare_detection',
    'selfie_image_quality_detection',
    'selfie_portrait_quality_detection',
    'selfie_video_quality_detection',
    'selfie_pose_detection',
    'selfie_glasses_detection',
    'selfie_face_covering_detection',
  ],
  SUSPECTED_VISUAL_CONSISTENCY: [
    'id_paper_detection',
    'id_electronic_replica_detection',
    'id_compromised_detection',
    'id_tamper_detection',
    'id_physical_tamper_detection',
    'id_fabrication_detection',
    'id_color_inconsistency_detection',
    'id_handwriting_detection',
    'id_number_format_inconsistency_detection',
    'id_valid_dates_detection',
  ],
  SUSPECTED_FACE_COMPARISON: [
    'id_selfie_comparison',
    'selfie_id_comparison',
    'selfie_account_comparison',
    'selfie_attribute_comparison',
    'selfie_multiple_faces_detection',
  ],
  SUSPECTED_DATA_CONSISTENCY: [
    'id_attribute_comparison',
    'id_account_comparison',
    'id_inquiry_comparison',
    'id_barcode_inconsistency_detection',
    'id_mrz_inconsistency_detection',
    'id_extraction_inconsistency_detection',
    'id_aamva_database_lookup',
    'database_name_comparison',
    'database_address_street_1_comparison',
  ],
  SUSPECTED: [
    'selfie_liveness_detection',
    'selfie_suspicious_entity_detection',
    'selfie_pose_repeat_detection',
  ],
  CAUTION_DATA_VALIDATION: ['id_expired_detection'],
  CAUTION: [
    'id_repeat_detection',
    'id_inconsistent_repeat_detection',
    'selfie_repeat_detection',
    'selfie_similar_background_detection',
    'id_age_comparison',
    'id_age_inconsistency_detection',
    'selfie_age_comparison',
    'id_public_figure_detection',
    'selfie_public_figure_detection',
    'id_po_box_detection',
    'id_check_of_tomorrow_detection',
  ],
};

function against(name: string) {
  const kind = name.startsWith('selfie') ? 'selfie' : 'government-id';
  const broken = verification(kind, 'failed', [failed(name)]);
  return kind === 'selfie' ? [passedDocument, broken] : [broken, passedSelfie];
}

function judged(status: string, name: string) {
  const outcome = judge(body(status, { verifications: against(name) }));
  assert.ok(outcome.kind === 'final');
  return outcome;
}

test('every known check is in the table', () => {
  const listed = Object.values(expected).flat();
  assert.deepEqual(
    knownChecks.filter(name => !listed.includes(name)),
    [],
  );
});

for (const [result, names] of Object.entries(expected))
  test(`checks over which an inquiry fails as ${result}`, () => {
    for (const name of names) {
      const outcome = judged('failed', name);
      assert.equal(outcome.result, result, name);
      const report = name.startsWith('selfie') ? 'selfie' : 'government_id';
      assert.deepEqual(outcome.reasonCodes, [`${report}.${name}`]);
    }
  });

test('a decline says the same where the check refuses, and is a plain refusal where it only warns', () => {
  for (const [result, names] of Object.entries(expected))
    for (const name of names)
      assert.equal(judged('declined', name).result, result.startsWith('CAUTION') ? 'REJECTED' : result, name);
});

test('left to a person, or approved all the same, every failed check is a caution', () => {
  for (const name of Object.values(expected).flat())
    for (const status of ['needs_review', 'approved'])
      assert.match(judged(status, name).result, /^CAUTION/, `${status} ${name}`);
});

test('every known check has words for a reviewer', () => {
  for (const name of knownChecks) {
    const words = describeReason(`${name.startsWith('selfie') ? 'selfie' : 'government_id'}.${name}`);
    assert.ok(!words.startsWith('The report'), words);
  }
  assert.equal(
    describeReason('government_id.id_blur_detection'),
    'The pictures of the document cannot be used (blur)',
  );
  assert.equal(describeReason('government_id.id_new'), 'The report “government id” is not clear: id new');
});

test('a check’s name that is none is not repeated', () => {
  for (const name of ['Ana Sample', 'id/../x', '', 'x'.repeat(100)])
    assert.deepEqual(judged('failed', name).reasonCodes, ['government_id.unnamed']);
});
