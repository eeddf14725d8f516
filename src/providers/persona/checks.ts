/**
 * Persona's checks by name: what each is about, and how bad it is when it fails. One that is not listed is a plain
 * caution, so that a check Persona adds refuses nobody and lets nobody through.
 */
import type { ConcernLevel, ConcernSubject } from '../../domain/findings.js';

/** What a failed check speaks of. */
export interface Meaning {
  readonly subject: ConcernSubject;
  readonly level: ConcernLevel;
}

const meanings = {
  documentImage: { subject: 'document_image', level: 'rejected' },
  faceImage: { subject: 'face_image', level: 'rejected' },
  notGenuine: { subject: 'document_authenticity', level: 'suspected' },
  expired: { subject: 'data_validation', level: 'caution' },
  inconsistent: { subject: 'data_consistency', level: 'suspected' },
  otherFace: { subject: 'face_comparison', level: 'suspected' },
  notLive: { subject: 'face', level: 'suspected' },
  look: { subject: 'other', level: 'caution' },
} as const satisfies Record<string, Meaning>;

const names: Readonly<Record<keyof typeof meanings, readonly string[]>> = {
  documentImage: [
    // the picture
    'id_blur_detection',
    'id_glare_detection',
    'id_portrait_clarity_detection',
    'id_corner_detection',
    'id_video_quality_detection',
    // the document is none, not one that is taken, or damaged
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
  ],
  faceImage: [
    'selfie_glare_detection',
    'selfie_image_quality_detection',
    'selfie_portrait_quality_detection',
    'selfie_video_quality_detection',
    'selfie_pose_detection',
    'selfie_glasses_detection',
    'selfie_face_covering_detection',
  ],
  notGenuine: [
    // copies
    'id_paper_detection',
    'id_electronic_replica_detection',
    'id_compromised_detection',
    // forgeries
    'id_tamper_detection',
    'id_physical_tamper_detection',
    'id_fabrication_detection',
    'id_color_inconsistency_detection',
    'id_handwriting_detection',
    'id_number_format_inconsistency_detection',
    'id_valid_dates_detection',
  ],
  expired: ['id_expired_detection'],
  inconsistent: [
    'id_attribute_comparison',
    'id_account_comparison',
    'id_inquiry_comparison',
    'id_barcode_inconsistency_detection',
    'id_mrz_inconsistency_detection',
    'id_extraction_inconsistency_detection',
    'id_aamva_database_lookup',
  ],
  otherFace: [
    'id_selfie_comparison',
    'selfie_id_comparison',
    'selfie_account_comparison',
    'selfie_attribute_comparison',
    'selfie_multiple_faces_detection',
  ],
  notLive: [
    'selfie_liveness_detection',
    'selfie_suspicious_entity_detection',
    'selfie_pose_repeat_detection',
  ],
  look: [
    // seen before
    'id_repeat_detection',
    'id_inconsistent_repeat_detection',
    'selfie_repeat_detection',
    'selfie_similar_background_detection',
    // age
    'id_age_comparison',
    'id_age_inconsistency_detection',
    'selfie_age_comparison',
    // somebody known, and addresses
    'id_public_figure_detection',
    'selfie_public_figure_detection',
    'id_po_box_detection',
  ],
};

const byName = new Map<string, Meaning>(
  Object.entries(names).flatMap(([meaning, list]) =>
    list.map(name => [name, meanings[meaning as keyof typeof meanings]] as const),
  ),
);

/** Every check that is known by name. */
export const knownChecks: readonly string[] = [...byName.keys()];

const databaseComparison = /^database_[a-z0-9_]+_comparison$/;

/** What it means that the check of this name failed. */
export function meaningOf(name: string): Meaning {
  const known = byName.get(name);
  if (known) return known;
  return databaseComparison.test(name) ? meanings.inconsistent : meanings.look;
}
