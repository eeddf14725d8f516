/** What Jumio's labels are about: the table from (capability, label) to concerns. Pure. */
import type { ConcernLevel, ConcernSubject, Report } from '../../domain/findings.js';

/** What a label says, in the grouping of Jumio's own documentation. */
export type Meaning =
  | 'image_quality'
  | 'document_incomplete'
  | 'document_unsupported'
  | 'document_damaged'
  | 'document_copy'
  | 'document_not_genuine'
  | 'data_inconsistent'
  | 'face_mismatch'
  | 'liveness_failed'
  | 'duplicate_identity'
  | 'age_mismatch'
  | 'watchlist_alert'
  | 'address_unverified'
  | 'operator_feedback'
  /** a label we do not know, where it speaks of a fault rather than of fraud */
  | 'unknown_fault'
  /** one we do not know, where it most likely speaks of fraud */
  | 'unknown_fraud';

/** What a meaning comes to when it is what a rejection rests on. */
interface Weight {
  readonly subject: ConcernSubject;
  readonly level: Exclude<ConcernLevel, null>;
}

const weights: Readonly<Record<Meaning, Weight>> = {
  image_quality: { subject: 'document_image', level: 'rejected' },
  document_incomplete: { subject: 'document_image', level: 'rejected' },
  document_unsupported: { subject: 'document_image', level: 'rejected' },
  document_damaged: { subject: 'document_image', level: 'rejected' },
  document_copy: { subject: 'document_authenticity', level: 'suspected' },
  document_not_genuine: { subject: 'document_authenticity', level: 'suspected' },
  data_inconsistent: { subject: 'data_consistency', level: 'suspected' },
  face_mismatch: { subject: 'face_comparison', level: 'suspected' },
  liveness_failed: { subject: 'face', level: 'suspected' },
  duplicate_identity: { subject: 'other', level: 'caution' },
  age_mismatch: { subject: 'other', level: 'caution' },
  watchlist_alert: { subject: 'other', level: 'caution' },
  address_unverified: { subject: 'other', level: 'caution' },
  operator_feedback: { subject: 'other', level: 'suspected' },
  unknown_fault: { subject: 'other', level: 'rejected' },
  unknown_fraud: { subject: 'other', level: 'suspected' },
};

/** What a meaning weighs. */
export function weightOf(meaning: Meaning): Weight {
  return weights[meaning];
}

type Labels = Readonly<Record<string, Meaning>>;

const quality: Labels = {
  BAD_QUALITY: 'image_quality',
  BAD_QUALITY_IMAGE: 'image_quality',
  BLURRED: 'image_quality',
  GLARE: 'image_quality',
  PART_OF_DOCUMENT_MISSING: 'document_incomplete',
  PART_OF_DOCUMENT_HIDDEN: 'document_incomplete',
  MISSING_MANDATORY_DATAPOINTS: 'document_incomplete',
  MISSING_PAGE: 'document_incomplete',
  MISSING_SIGNATURE: 'document_incomplete',
  NOT_UPLOADED: 'document_incomplete',
  NOT_A_DOCUMENT: 'document_unsupported',
  UNSUPPORTED_COUNTRY: 'document_unsupported',
  UNSUPPORTED_DOCUMENT_TYPE: 'document_unsupported',
  DAMAGED_DOCUMENT: 'document_damaged',
  PHOTOCOPY: 'document_copy',
  BLACK_WHITE: 'document_copy',
  LIVENESS_UNDETERMINED: 'liveness_failed',
};

const genuineness: Labels = {
  DIGITAL_COPY: 'document_copy',
  WATERMARK: 'document_not_genuine',
  DIGITAL_MANIPULATION: 'document_not_genuine',
  FAKE: 'document_not_genuine',
  SAMPLE: 'document_not_genuine',
  PUNCHED: 'document_damaged',
  CHIP_MISSING: 'document_not_genuine',
  GHOST_IMAGE_DIFFERENT: 'document_not_genuine',
  MISMATCH_FRONT_BACK: 'data_inconsistent',
  OTHER_REJECTION: 'document_not_genuine',
  DIFFERENT_PERSON: 'face_mismatch',
  REPEATED_FACE: 'duplicate_identity',
};

const data: Labels = {
  NFC_CERTIFICATE: 'document_not_genuine',
  MISMATCHING_DATAPOINTS: 'data_inconsistent',
  MRZ_CHECKSUM: 'data_inconsistent',
  MISMATCHING_DATA_REPEATED_FACE: 'duplicate_identity',
  MISMATCH_HRZ_MRZ_DATA: 'data_inconsistent',
  CUSTOMER_FEEDBACK: 'operator_feedback',
};

interface Capability {
  /** what `expectedReports` is compared with: only what judges the document or compares the faces counts as such */
  readonly kind: Report['kind'];
  readonly labels: Labels;
  /** of labels that are not in the table */
  readonly otherwise: Meaning;
}

const addressLike: Capability = { kind: 'other', labels: {}, otherwise: 'address_unverified' };
const unheardOf: Capability = { kind: 'other', labels: {}, otherwise: 'unknown_fraud' };

const capabilities: Readonly<Record<string, Capability>> = {
  usability: { kind: 'other', labels: quality, otherwise: 'unknown_fault' },
  imageChecks: { kind: 'document', labels: genuineness, otherwise: 'unknown_fraud' },
  extraction: { kind: 'other', labels: {}, otherwise: 'unknown_fault' },
  dataChecks: { kind: 'other', labels: data, otherwise: 'unknown_fraud' },
  similarity: {
    kind: 'facial',
    labels: { NO_MATCH: 'face_mismatch', NOT_POSSIBLE: 'face_mismatch' },
    otherwise: 'unknown_fraud',
  },
  liveness: {
    kind: 'other',
    labels: { AGE_DIFFERENCE: 'age_mismatch', BAD_QUALITY: 'image_quality' },
    otherwise: 'liveness_failed',
  },
  authentication: { kind: 'facial', labels: { FAILED: 'face_mismatch' }, otherwise: 'unknown_fraud' },
  watchlistScreening: { kind: 'other', labels: {}, otherwise: 'watchlist_alert' },
  addressValidation: addressLike,
  proofOfResidency: addressLike,
  drivingLicenseVerification: addressLike,
};

function capabilityOf(name: string): Capability {
  return Object.hasOwn(capabilities, name) ? (capabilities[name] ?? unheardOf) : unheardOf;
}

/** The family of reports a capability stands for. */
export function kindOf(capability: string): Report['kind'] {
  return capabilityOf(capability).kind;
}

/** What a label of a capability means; every label means something. */
export function meaningOf(capability: string, label: string): Meaning {
  const { labels, otherwise } = capabilityOf(capability);
  if (Object.hasOwn(labels, label)) return labels[label] ?? otherwise;
  return capability === 'imageChecks' && label.startsWith('MANIPULATED_DOCUMENT')
    ? 'document_not_genuine'
    : otherwise;
}
