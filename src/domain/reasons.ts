/**
 * Words for the paths that make up `reasonCodes`, for the people who review. A path is
 * `report.breakdown.sub:reason` in the provider's own fixed vocabulary (see `Concern.paths`). Every path gets words:
 * one the catalogue does not know is read out as it stands.
 */
import { checkWords } from './check-words.js';

/** Keys are paths whose report name is reduced to its family, `document` or `face`. */
const catalogue = new Map<string, string>([
  ['document', 'The document report is not clear'],
  ['document.compromised_document', 'The document is known to be compromised'],
  [
    'document.compromised_document.document_database',
    'The document is in a database of compromised documents',
  ],
  ['document.compromised_document.repeat_attempts', 'The document was used before with other data'],
  ['document.police_record', 'The document is recorded as lost, stolen or compromised'],
  ['document.visual_authenticity', 'The document does not look genuine'],
  ['document.visual_authenticity.fonts', 'The fonts on the document are not the expected ones'],
  [
    'document.visual_authenticity.picture_face_integrity',
    'The photo on the document seems to have been changed',
  ],
  ['document.visual_authenticity.template', 'The layout of the document is not the expected one'],
  [
    'document.visual_authenticity.security_features',
    'Security features of the document are missing or wrong',
  ],
  [
    'document.visual_authenticity.original_document_present',
    'The original document was not in front of the camera',
  ],
  [
    'document.visual_authenticity.original_document_present:photo_of_screen',
    'The document was photographed from a screen',
  ],
  [
    'document.visual_authenticity.original_document_present:screenshot',
    'The picture is a screenshot of a document',
  ],
  [
    'document.visual_authenticity.original_document_present:document_on_printed_paper',
    'The document is a print on paper',
  ],
  ['document.visual_authenticity.original_document_present:scan', 'The document was scanned'],
  ['document.visual_authenticity.digital_tampering', 'The picture of the document was altered digitally'],
  ['document.visual_authenticity.face_detection', 'No face was found on the document'],
  ['document.data_consistency', 'The data on the document contradicts itself'],
  ['document.data_consistency.date_of_expiry', 'The document shows different dates of expiry'],
  ['document.data_consistency.document_numbers', 'The document shows different document numbers'],
  ['document.data_consistency.issuing_country', 'The document shows different issuing countries'],
  ['document.data_consistency.document_type', 'The document shows different document types'],
  ['document.data_consistency.date_of_birth', 'The document shows different dates of birth'],
  ['document.data_consistency.gender', 'The document shows different genders'],
  ['document.data_consistency.first_name', 'The document shows different first names'],
  ['document.data_consistency.last_name', 'The document shows different last names'],
  ['document.data_consistency.nationality', 'The document shows different nationalities'],
  [
    'document.data_consistency.multiple_data_sources_present',
    'The document has too few places to compare its data with each other',
  ],
  ['document.data_validation', 'The data on the document is not valid'],
  ['document.data_validation.gender', 'The gender on the document is not valid'],
  ['document.data_validation.date_of_birth', 'The date of birth on the document is not valid'],
  ['document.data_validation.document_numbers', 'A number on the document is not valid'],
  ['document.data_validation.document_expiration', 'The document has expired'],
  ['document.data_validation.expiry_date', 'The date of expiry on the document is not valid'],
  ['document.data_validation.mrz', 'The machine-readable zone of the document is not valid'],
  ['document.data_validation.barcode', 'The barcode of the document is not valid'],
  ['document.data_comparison', 'The document differs from what the customer told'],
  ['document.data_comparison.issuing_country', 'The issuing country differs from what the customer told'],
  ['document.data_comparison.gender', 'The gender differs from what the customer told'],
  ['document.data_comparison.date_of_expiry', 'The date of expiry differs from what the customer told'],
  ['document.data_comparison.last_name', 'The last name differs from what the customer told'],
  ['document.data_comparison.document_type', 'The document type differs from what the customer told'],
  ['document.data_comparison.document_numbers', 'The document number differs from what the customer told'],
  ['document.data_comparison.first_name', 'The first name differs from what the customer told'],
  ['document.data_comparison.date_of_birth', 'The date of birth differs from what the customer told'],
  ['document.image_integrity', 'The pictures of the document cannot be used'],
  ['document.image_integrity.image_quality', 'The pictures of the document are not good enough'],
  ['document.image_integrity.image_quality:dark_photo', 'The picture of the document is too dark'],
  ['document.image_integrity.image_quality:glare_on_photo', 'Light reflects on the document'],
  ['document.image_integrity.image_quality:blurred_photo', 'The picture of the document is blurred'],
  ['document.image_integrity.image_quality:covered_photo', 'Part of the document is covered'],
  [
    'document.image_integrity.image_quality:other_photo_issue',
    'The picture of the document has another fault',
  ],
  ['document.image_integrity.image_quality:damaged_document', 'The document is damaged'],
  [
    'document.image_integrity.image_quality:incorrect_side',
    'The wrong side of the document was photographed',
  ],
  ['document.image_integrity.image_quality:cut_off_document', 'Part of the document is outside the picture'],
  ['document.image_integrity.image_quality:no_document_in_image', 'There is no document in the picture'],
  [
    'document.image_integrity.image_quality:two_documents_uploaded',
    'Two different documents were photographed',
  ],
  ['document.image_integrity.supported_document', 'The provider does not support this document'],
  ['document.image_integrity.colour_picture', 'The picture of the document is not in colour'],
  ['document.image_integrity.conclusive_document_quality', 'The document is too poor to be judged'],
  [
    'document.image_integrity.conclusive_document_quality:obscured_data_points',
    'Data on the document is obscured',
  ],
  [
    'document.image_integrity.conclusive_document_quality:obscured_security_features',
    'Security features of the document are obscured',
  ],
  [
    'document.image_integrity.conclusive_document_quality:abnormal_document_features',
    'The document has unusual features',
  ],
  [
    'document.image_integrity.conclusive_document_quality:watermarks_digital_text_overlay',
    'Digital text or watermarks lie over the document',
  ],
  [
    'document.image_integrity.conclusive_document_quality:corner_removed',
    'A corner of the document was cut off',
  ],
  ['document.image_integrity.conclusive_document_quality:punctured_document', 'The document is punched'],
  [
    'document.image_integrity.conclusive_document_quality:missing_back',
    'The back of the document is missing',
  ],
  ['document.image_integrity.conclusive_document_quality:digital_document', 'The document is a digital one'],
  ['document.age_validation', 'The person is younger than the provider accepts'],
  ['document.age_validation.minimum_accepted_age', 'The person is younger than the provider accepts'],
  ['document.issuing_authority', 'The chip of the document could not be trusted'],
  ['document.issuing_authority.nfc_active_authentication', 'The chip of the document seems to be a copy'],
  [
    'document.issuing_authority.nfc_passive_authentication',
    'The data in the chip of the document was altered',
  ],
  ['face', 'The face report is not clear'],
  ['face.face_comparison', 'The face may not be the one on the document'],
  ['face.face_comparison.face_match', 'The face does not match the one on the document'],
  ['face.image_integrity', 'The selfie cannot be used'],
  ['face.image_integrity.face_detected', 'No face was found in the selfie'],
  ['face.image_integrity.source_integrity', 'The selfie may not come from a camera'],
  ['face.image_integrity.source_integrity:digital_tampering', 'The selfie was altered digitally'],
  ['face.image_integrity.source_integrity:fake_webcam', 'The selfie comes from a fake camera'],
  ['face.image_integrity.source_integrity:time_of_capture', 'The selfie was taken long before it was sent'],
  ['face.image_integrity.source_integrity:emulator', 'The selfie comes from an emulated telephone'],
  ['face.image_integrity.source_integrity:challenge_reuse', 'The film of the face was used before'],
  ['face.visual_authenticity', 'The selfie does not look genuine'],
  ['face.visual_authenticity.spoofing_detection', 'The selfie seems to be a picture of a picture'],
  ['face.visual_authenticity.liveness_detected', 'The film does not show a living person'],
  ['known_faces.previously_seen_faces', 'The face was seen before with another customer'],
]);

/** Jumio's capabilities; the label that was given is told in brackets. */
const capabilities: readonly (readonly [string, string])[] = [
  ['usability', 'A picture cannot be used'],
  ['imageChecks', 'The document does not look genuine'],
  ['extraction', 'The document could not be read'],
  ['extraction:expiryDate', 'The document has expired'],
  ['dataChecks', 'The data on the document contradicts itself or is known'],
  ['similarity', 'The face may not be the one on the document'],
  ['liveness', 'The selfie may not show a living person'],
  ['authentication', 'The face may not be the one seen before'],
  ['watchlistScreening', 'The person may be on a watch list'],
  ['addressValidation', 'The address could not be confirmed'],
  ['proofOfResidency', 'The place of residence could not be confirmed'],
  ['drivingLicenseVerification', 'The driving licence could not be confirmed'],
];
for (const [path, words] of [...capabilities, ...checkWords]) catalogue.set(path, words);

const vocabulary = /^[a-z0-9_-]{1,120}$/i;

/** A name of the provider's, such as `facial_similarity_photo`, as words; anything that is not such a name is not repeated. */
export function wordsOf(name: string): string {
  return vocabulary.test(name) ? name.replaceAll('_', ' ') : 'unnamed';
}

function familyOfPath(path: string): string {
  return path
    .replace(/^document_[a-z_]*?(?=[.:]|$)/, 'document')
    .replace(/^facial_similarity[a-z_]*?(?=[.:]|$)/, 'face');
}

function spelledOut(path: string): string {
  const [report = '', ...rest] = path.split(/[.:]/);
  if (rest.length === 0) return `The report “${wordsOf(report)}” is not clear`;
  return `The report “${wordsOf(report)}” is not clear: ${rest.map(wordsOf).join(', ')}`;
}

/** What a path means, without a full stop. */
export function describeReason(path: string): string {
  const key = familyOfPath(path);
  const known = catalogue.get(key);
  if (known) return known;
  const [place = '', reason] = key.split(':');
  const general = catalogue.get(place);
  return general && reason ? `${general} (${wordsOf(reason)})` : spelledOut(path);
}
