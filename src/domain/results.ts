/**
 * The words General Bytes' CAS has for how a check ended (`CheckResult`; reference: Onfido notes, section 9.1). The
 * names are frozen: other programs compare them as text. One row a result; type, families and labels follow from it.
 */
export const results = {
  CLEAR: { family: 'clear', label: 'everything that was asked for is clear' },
  SUSPECTED: { family: 'suspected', label: 'signs of fraud' },
  SUSPECTED_COMPROMISED_DOCUMENT: { family: 'suspected', label: 'the document is known to be compromised' },
  SUSPECTED_POLICE_RECORD: {
    family: 'suspected',
    label: 'the document is recorded as lost, stolen or compromised',
  },
  SUSPECTED_DATA_CONSISTENCY: { family: 'suspected', label: 'the data on the document contradicts itself' },
  SUSPECTED_VISUAL_CONSISTENCY: {
    family: 'suspected',
    label: 'the document or the selfie does not look genuine',
  },
  SUSPECTED_DATA_VALIDATION: { family: 'suspected', label: 'the data on the document is not valid' },
  SUSPECTED_FACE_COMPARISON: { family: 'suspected', label: 'the face is not the one on the document' },
  REJECTED: { family: 'rejected', label: 'the document could not be accepted' },
  REJECTED_AGE_VALIDATION: { family: 'rejected', label: 'the person is younger than the provider accepts' },
  REJECTED_IMAGE_INTEGRITY: { family: 'rejected', label: 'the pictures could not be read' },
  CAUTION: { family: 'caution', label: 'something needs a look' },
  CAUTION_VISUAL_CONSISTENCY: { family: 'caution', label: 'the document or the selfie needs a look' },
  CAUTION_IMAGE_INTEGRITY: { family: 'caution', label: 'the pictures need a look' },
  CAUTION_DATA_COMPARISON: { family: 'caution', label: 'the document differs from what the customer told' },
  CAUTION_FACIAL_COMPARISON: { family: 'caution', label: 'the face may not be the one on the document' },
  CAUTION_DATA_VALIDATION: { family: 'caution', label: 'the data on the document needs a look' },
  CAUTION_DATA_CONSISTENCY: { family: 'caution', label: 'the data on the document may contradict itself' },
  RESUBMISSION_REQUESTED: { family: 'resubmission', label: 'the customer is asked to try once more' },
  EXPIRED: { family: 'expired', label: 'the customer did not finish in time' },
  UNKNOWN: { family: 'unknown', label: 'the provider gave no usable answer' },
} as const satisfies Record<string, { family: string; label: string }>;

/** One of the 21 words above, as stored and as sent. */
export type Result = keyof typeof results;

/** What a result has in common with its kinds; everything that happens to a customer depends on this alone. */
export type ResultFamily = (typeof results)[Result]['family'];

/** The family of a result. */
export function familyOf(result: Result): ResultFamily {
  return results[result].family;
}

const mildestFirst: readonly ResultFamily[] = [
  'clear',
  'expired',
  'resubmission',
  'unknown',
  'caution',
  'rejected',
  'suspected',
];

/** How much a result speaks against the customer: of two that contradict each other, the one with more counts. */
export function severityOf(result: Result): number {
  return mildestFirst.indexOf(familyOf(result));
}

/** Whether a text read from storage or from the wire is a result. */
export function isResult(text: string): text is Result {
  return Object.hasOwn(results, text);
}
