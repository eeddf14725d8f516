/**
 * Words for Persona's checks. Whatever it was asked to look at, one check is one word of its own; what a failed one means
 * to a reviewer is told by group, with the check's name in brackets.
 */
const groups: readonly (readonly [sentence: string, report: string, names: string])[] = [
  [
    'The pictures of the document cannot be used',
    'government_id',
    'id_blur id_glare id_portrait_clarity id_corner id_video_quality',
  ],
  [
    'The document is none that is accepted, or could not be read',
    'government_id',
    'id_entity id_disallowed_country id_disallowed_type id_unprocessable_submission id_double_side id_portrait id_barcode id_mrz id_extracted_properties id_real_id',
  ],
  ['The document is damaged', 'government_id', 'id_damaged'],
  ['The document looks like a copy', 'government_id', 'id_paper id_electronic_replica id_compromised'],
  ['The document has expired', 'government_id', 'id_expired'],
  [
    'The document does not look genuine',
    'government_id',
    'id_tamper id_physical_tamper id_fabrication id_color_inconsistency id_handwriting id_number_format_inconsistency id_valid_dates',
  ],
  [
    'The data on the document contradicts itself',
    'government_id',
    'id_barcode_inconsistency id_mrz_inconsistency id_extraction_inconsistency',
  ],
  ['The document was seen before', 'government_id', 'id_repeat id_inconsistent_repeat'],
  ['The age on the document raises a question', 'government_id', 'id_age_inconsistency'],
  ['The person on the document is somebody known', 'government_id', 'id_public_figure'],
  ['The address is a post-office box', 'government_id', 'id_po_box'],
  [
    'The selfie cannot be used',
    'selfie',
    'selfie_glare selfie_image_quality selfie_portrait_quality selfie_video_quality selfie_pose selfie_glasses selfie_face_covering',
  ],
  [
    'The selfie may not show a living person',
    'selfie',
    'selfie_liveness selfie_suspicious_entity selfie_pose_repeat',
  ],
  ['There is more than one face in the selfie', 'selfie', 'selfie_multiple_faces'],
  ['The face was seen before', 'selfie', 'selfie_repeat selfie_similar_background'],
  ['The person in the selfie is somebody known', 'selfie', 'selfie_public_figure'],
];

/** The ones that compare, which are named differently. */
const comparisons: readonly (readonly [path: string, sentence: string])[] = [
  ['government_id.id_attribute_comparison', 'The document differs from what was expected'],
  ['government_id.id_account_comparison', 'The document differs from what was known of the person'],
  ['government_id.id_inquiry_comparison', 'The document differs from what the customer told'],
  ['government_id.id_aamva_database_lookup', 'The issuer’s database does not confirm the document'],
  ['government_id.id_selfie_comparison', 'The face may not be the one on the document'],
  ['government_id.id_age_comparison', 'The age on the document raises a question'],
  ['selfie.selfie_id_comparison', 'The face may not be the one on the document'],
  ['selfie.selfie_account_comparison', 'The face may not be the one seen before'],
  ['selfie.selfie_attribute_comparison', 'The face may not be the expected one'],
  ['selfie.selfie_age_comparison', 'The age of the face raises a question'],
  ['report_watchlist.match', 'The person may be on a watch list'],
];

/** Path and words, for the catalogue. */
export const checkWords: readonly (readonly [path: string, words: string])[] = [
  ...groups.flatMap(([sentence, report, names]) =>
    names
      .split(' ')
      .map(
        name =>
          [
            `${report}.${name}_detection`,
            `${sentence} (${name.slice(name.indexOf('_') + 1).replaceAll('_', ' ')})`,
          ] as const,
      ),
  ),
  ...comparisons,
];
