/**
 * What must become of each kind of customer. Written out by hand from the design's table of results, and on purpose not
 * taken from the code that decides, so that the two can disagree.
 */

/** What is looked at when a case has come to its end. */
export interface Standing {
  readonly result: string;
  /** of the registration */
  readonly status: string;
  readonly identity: string;
  /** kinds of the texts the customer got, in order */
  readonly texts: readonly string[];
  /**
   * what the kiosk gets when it asks for the same number again: `new`, `same` or `refused`; at Ory what the login gets
   * that was refused before: `let in` or `refused`
   */
  readonly again: string;
  /** whether the operator was alerted */
  readonly alert: boolean;
}

/** One customer of the script. */
export interface Case {
  readonly organization: '1' | '2' | '3' | '4' | '5' | '6';
  /** asked for by a sign-up at Ory instead of a kiosk */
  readonly ory?: true;
  /** what the simulated vendor is told to find; null: the customer never comes */
  readonly outcome: string | null;
  readonly expected: Standing;
}

function standing(
  result: string,
  status: string,
  identity: string,
  text: string,
  again: 'new' | 'same' | 'refused',
): Standing {
  return { result, status, identity, texts: ['link', text], again, alert: false };
}

const registered = (result: string) => standing(result, 'decided', 'registered', 'registered', 'same');
const rejected = (result: string) => standing(result, 'decided', 'rejected', 'rejected', 'refused');
const mayRetry = (result: string) => standing(result, 'decided', 'rejected', 'rejected_retry', 'new');
const awaiting = (result: string) =>
  standing(result, 'in_review', 'awaiting_registration', 'awaiting', 'same');

function ofOne(outcome: string, expected: Standing): Case {
  return { organization: '1', outcome, expected };
}

const atOry = (result: string, status: string, identity: string, again: string): Standing => ({
  ...standing(result, status, identity, '', 'same'),
  texts: [],
  again,
});
const letIn = atOry('CLEAR', 'decided', 'registered', 'let in');
const fraud = 'SUSPECTED_VISUAL_CONSISTENCY';

/** One customer of each kind; the organizations are those of `settings.ts`. */
export const cases: readonly Case[] = [
  ofOne('clear', registered('CLEAR')),
  { organization: '2', outcome: 'clear', expected: awaiting('CLEAR') },
  ofOne('suspected', rejected('SUSPECTED')),
  ofOne('suspected-compromised-document', rejected('SUSPECTED_COMPROMISED_DOCUMENT')),
  ofOne('suspected-police-record', rejected('SUSPECTED_POLICE_RECORD')),
  ofOne('suspected-data-consistency', rejected('SUSPECTED_DATA_CONSISTENCY')),
  ofOne('suspected-visual-consistency', rejected('SUSPECTED_VISUAL_CONSISTENCY')),
  ofOne('suspected-data-validation', rejected('SUSPECTED_DATA_VALIDATION')),
  {
    organization: '3',
    outcome: 'suspected-face-comparison',
    expected: rejected('SUSPECTED_FACE_COMPARISON'),
  },
  ofOne('rejected', mayRetry('REJECTED')),
  ofOne('rejected-age-validation', mayRetry('REJECTED_AGE_VALIDATION')),
  ofOne('rejected-image-integrity', mayRetry('REJECTED_IMAGE_INTEGRITY')),
  ofOne('caution', awaiting('CAUTION')),
  ofOne('caution-visual-consistency', awaiting('CAUTION_VISUAL_CONSISTENCY')),
  ofOne('caution-image-integrity', awaiting('CAUTION_IMAGE_INTEGRITY')),
  ofOne('caution-data-comparison', awaiting('CAUTION_DATA_COMPARISON')),
  ofOne('caution-facial-comparison', awaiting('CAUTION_FACIAL_COMPARISON')),
  ofOne('caution-data-validation', awaiting('CAUTION_DATA_VALIDATION')),
  ofOne('caution-data-consistency', awaiting('CAUTION_DATA_CONSISTENCY')),
  ofOne('unknown', { ...awaiting('UNKNOWN'), alert: true }),
  {
    organization: '4',
    outcome: 'rejected-image-integrity',
    expected: standing('RESUBMISSION_REQUESTED', 'link_sent', 'pending', 'resubmission', 'same'),
  },
  // the identity is as it was when the kiosk had asked: pending, nothing decided
  { organization: '1', outcome: null, expected: standing('EXPIRED', 'expired', 'pending', 'expired', 'new') },
  // the other vendors: a kiosk's customers, and sign-ups at Ory that may not log in before
  { organization: '5', outcome: 'passed', expected: registered('CLEAR') },
  { organization: '6', outcome: 'approved', expected: registered('CLEAR') },
  { organization: '1', ory: true, outcome: 'clear', expected: letIn },
  { organization: '5', ory: true, outcome: 'passed', expected: letIn },
  { organization: '6', ory: true, outcome: 'approved', expected: letIn },
  {
    organization: '5',
    ory: true,
    outcome: 'rejected-fake',
    expected: atOry(fraud, 'decided', 'rejected', 'refused'),
  },
];
