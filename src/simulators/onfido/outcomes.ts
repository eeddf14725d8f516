/**
 * Everything a check or a run can be made to end with. The table says what Onfido reports, never what a customer of
 * Onfido makes of it; a name shaped like a CAS result is the raw material which that result is usually made from.
 */

/** What one report says. */
export interface Verdict {
  /** default `complete` */
  readonly status?: 'complete' | 'cancelled' | 'withdrawn' | 'awaiting_approval';
  readonly result: 'clear' | 'consider' | 'unidentified' | null;
  /** document reports only */
  readonly subResult?: 'clear' | 'rejected' | 'suspected' | 'caution' | null;
  /** what is not clear: `breakdown.sub`, with `:reason` and with `=unidentified` where wanted */
  readonly unclear?: readonly string[];
  /** replaces single properties, e.g. `date_of_expiry` */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** the check names the report, but it can neither be listed nor fetched */
  readonly missing?: boolean;
  /** laid over the finished report as it is */
  readonly raw?: Readonly<Record<string, unknown>>;
}

export type RunStatus = 'approved' | 'declined' | 'review' | 'abandoned' | 'error';

/** How a check, or a workflow run, ends. What is not said is clear. */
export interface Outcome {
  readonly description: string;
  /** for every report whose name starts with `document` */
  readonly document?: Verdict;
  /** for every report whose name starts with `facial_similarity` */
  readonly facial?: Verdict;
  /** by exact report name; wins over the two above */
  readonly reports?: Readonly<Record<string, Verdict>>;
  /** laid over the finished check as it is */
  readonly check?: Readonly<Record<string, unknown>>;
  /** a workflow run's end; without it the status follows from the reports */
  readonly run?: {
    readonly status: RunStatus;
    readonly reasons?: readonly string[];
    readonly error?: { readonly type: string; readonly message: string };
    /** `reports` (default): their results are in `output`; `tasks`: only in the tasks' output; `none`: nowhere */
    readonly output?: 'reports' | 'tasks' | 'none';
  };
}

function onDocument(
  description: string,
  subResult: 'rejected' | 'suspected' | 'caution',
  unclear: string,
  properties: Readonly<Record<string, unknown>> = {},
): Outcome {
  return { description, document: { result: 'consider', subResult, unclear: [unclear], properties } };
}

function onFace(description: string, ...unclear: string[]): Outcome {
  return { description, facial: { result: 'consider', unclear } };
}

const noWord: Verdict = { status: 'cancelled', result: null };
const clear: Verdict = { result: 'clear' };
const suspicious: Verdict = {
  result: 'consider',
  subResult: 'suspected',
  unclear: ['visual_authenticity.digital_tampering'],
};

const table = {
  clear: { description: 'Clear: everything passes' },
  suspected: onDocument(
    'Suspected: the chip data was altered',
    'suspected',
    'issuing_authority.nfc_passive_authentication',
  ),
  'suspected-compromised-document': onDocument(
    'Suspected: document in the database of compromised ones',
    'suspected',
    'compromised_document.document_database',
  ),
  'suspected-police-record': onDocument(
    'Suspected: document reported lost or stolen',
    'suspected',
    'police_record',
  ),
  'suspected-data-consistency': onDocument(
    'Suspected: data on the document contradicts itself',
    'suspected',
    'data_consistency.document_numbers',
  ),
  'suspected-visual-consistency': onDocument(
    'Suspected: document digitally tampered with',
    'suspected',
    'visual_authenticity.digital_tampering',
  ),
  'suspected-data-validation': onDocument(
    'Suspected: machine-readable zone is wrong',
    'suspected',
    'data_validation.mrz',
  ),
  'suspected-face-comparison': onFace(
    'Suspected: clearly another face (needs strict faces)',
    'face_comparison.face_match',
  ),
  rejected: onDocument(
    'Rejected: document number cannot be processed',
    'rejected',
    'data_validation.document_numbers',
  ),
  'rejected-age-validation': onDocument(
    'Rejected: younger than accepted',
    'rejected',
    'age_validation.minimum_accepted_age',
    { date_of_birth: '2014-03-04' },
  ),
  'rejected-image-integrity': onDocument(
    'Rejected: document photo is blurred',
    'rejected',
    'image_integrity.image_quality:blurred_photo',
  ),
  caution: onDocument(
    'Caution: chip may be a copy',
    'caution',
    'issuing_authority.nfc_active_authentication',
  ),
  'caution-visual-consistency': onDocument(
    'Caution: unusual fonts on the document',
    'caution',
    'visual_authenticity.fonts',
  ),
  'caution-image-integrity': onDocument(
    'Caution: back of the document is missing',
    'caution',
    'image_integrity.conclusive_document_quality:missing_back',
  ),
  'caution-data-comparison': onDocument(
    'Caution: name differs from the one told',
    'caution',
    'data_comparison.last_name',
  ),
  'caution-facial-comparison': onFace('Caution: face may not be the same', 'face_comparison.face_match'),
  'caution-data-validation': onDocument(
    'Caution: document has expired',
    'caution',
    'data_validation.document_expiration',
    { date_of_expiry: '2020-12-31' },
  ),
  'caution-data-consistency': onDocument(
    'Caution: dates of birth differ',
    'caution',
    'data_consistency.date_of_birth',
  ),
  unknown: { description: 'Unknown: the facial report was cancelled', facial: noWord },

  'facial-spoof': onFace('Selfie is a picture of a picture', 'visual_authenticity.spoofing_detection'),
  'facial-liveness': onFace('Nobody alive in the video', 'visual_authenticity.liveness_detected'),
  'facial-image-integrity': onFace('No face found in the selfie', 'image_integrity.face_detected'),
  'facial-source-integrity': onFace(
    'Selfie from a fake camera',
    'image_integrity.source_integrity:fake_webcam',
  ),
  'facial-without-breakdown': {
    description: 'Facial report not clear and without breakdown',
    facial: { result: 'consider', raw: { breakdown: {} } },
  },
  'document-unidentified': {
    description: 'Document type could not be identified',
    document: {
      result: 'unidentified',
      subResult: 'rejected',
      unclear: ['image_integrity.supported_document=unidentified'],
    },
  },
  'document-without-sub-result': {
    description: 'Document report not clear and without sub-result',
    document: { result: 'consider', subResult: null, unclear: ['data_validation.barcode'] },
  },
  'document-clear-sub-result': {
    description: 'Document report not clear, yet its sub-result is',
    document: { result: 'consider', subResult: 'clear', unclear: ['data_validation.gender'] },
  },
  'document-without-properties': {
    description: 'Document report cautious and without properties',
    document: {
      result: 'consider',
      subResult: 'caution',
      unclear: ['visual_authenticity.template'],
      raw: { properties: null },
    },
  },
  'contradiction-consider': {
    description: 'All reports clear, yet the check is not',
    check: { result: 'consider' },
  },
  'contradiction-clear': {
    description: 'Check clear, yet its document report is not',
    document: suspicious,
    check: { result: 'clear' },
  },
  'suspected-and-rejected': {
    description: 'Several faults at once, the worst of them a compromised document',
    document: {
      result: 'consider',
      subResult: 'suspected',
      unclear: [
        'image_integrity.image_quality:dark_photo',
        'data_validation.mrz',
        'compromised_document.repeat_attempts',
      ],
    },
    facial: { result: 'consider', unclear: ['face_comparison.face_match'] },
  },
  'unknown-withdrawn-report': {
    description: 'Unknown: the document report was withdrawn',
    document: { status: 'withdrawn', result: null, subResult: null },
  },
  'unknown-missing-report': {
    description: 'Unknown: the facial report cannot be found',
    facial: { result: 'clear', missing: true },
  },
  withdrawn: {
    description: 'The check as a whole is withdrawn',
    check: { status: 'withdrawn', result: null },
  },

  'studio-approved': { description: 'Workflow approved', run: { status: 'approved' } },
  'studio-approved-in-tasks': {
    description: 'Workflow approved, results only in its tasks',
    run: { status: 'approved', output: 'tasks' },
  },
  'studio-approved-unread': {
    description: 'Workflow approved, no report to be found',
    run: { status: 'approved', output: 'none' },
  },
  'studio-approved-with-concern': {
    description: 'Workflow approved although the document is suspicious',
    document: suspicious,
    run: { status: 'approved' },
  },
  'studio-declined': {
    description: 'Workflow declined for a suspicious document',
    document: suspicious,
    run: { status: 'declined', reasons: ['suspected_document'] },
  },
  'studio-declined-clear': {
    description: 'Workflow declined although all reports are clear',
    document: clear,
    run: { status: 'declined', reasons: ['own_rule'] },
  },
  'studio-review': {
    description: 'Workflow wants a person to look',
    document: { result: 'consider', subResult: 'caution', unclear: ['data_comparison.last_name'] },
    run: { status: 'review', reasons: ['name_differs'] },
  },
  'studio-abandoned': {
    description: 'Workflow abandoned by the customer',
    document: noWord,
    facial: noWord,
    run: { status: 'abandoned', output: 'none' },
  },
  'studio-error': {
    description: 'Workflow failed at the provider',
    document: noWord,
    facial: noWord,
    run: {
      status: 'error',
      output: 'none',
      error: { type: 'task_execution_error', message: 'A task could not be executed' },
    },
  },
} as const satisfies Record<string, Outcome>;

export type OutcomeName = keyof typeof table;

/** The named outcomes, with a line for people. Names ending like a CAS result lead to it with the usual mapping. */
export const outcomes: Readonly<Record<OutcomeName, Outcome>> = table;

/** A named outcome, or one of the caller's own; an unknown name throws and lists the known ones. */
export function readOutcome(outcome: OutcomeName | Outcome | string): Outcome {
  if (typeof outcome !== 'string') return outcome;
  if (Object.hasOwn(outcomes, outcome)) return outcomes[outcome as OutcomeName];
  throw new TypeError(`there is no outcome "${outcome}"; known are ${Object.keys(outcomes).join(', ')}`);
}
