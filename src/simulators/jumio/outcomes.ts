/** How a workflow may end, by names for people and tests. */

export const decisionTypes = ['PASSED', 'WARNING', 'REJECTED', 'NOT_EXECUTED'] as const;
export type DecisionType = (typeof decisionTypes)[number];

/** The decision of one capability. */
export interface PartOutcome {
  readonly capability: string;
  readonly type: DecisionType;
  /** default: the one that goes with the type */
  readonly label?: string;
}

export interface Outcome {
  readonly description: string;
  readonly decision: DecisionType;
  /** of the whole; default: the decision itself */
  readonly label?: string;
  /** capabilities that did not simply pass; one that is not usual is added */
  readonly parts?: readonly PartOutcome[];
  /** usual capabilities that are not there at all */
  readonly without?: readonly string[];
  /** of the document, `YYYY-MM-DD` */
  readonly expiryDate?: string;
}

function part(capability: string, type: DecisionType, label: string): readonly PartOutcome[] {
  return [{ capability, type, label }];
}

function rejected(description: string, capability: string, label: string): Outcome {
  return { description, decision: 'REJECTED', parts: part(capability, 'REJECTED', label) };
}

function warned(description: string, capability: string, label: string): Outcome {
  return { description, decision: 'WARNING', parts: part(capability, 'WARNING', label) };
}

/** The known outcomes. */
export const outcomes = {
  passed: { description: 'everything is in order', decision: 'PASSED' },
  'rejected-blurred': rejected('the document cannot be read', 'usability', 'BLURRED'),
  'rejected-unsupported': {
    description: 'the kind of document is not supported',
    decision: 'REJECTED',
    parts: part('usability', 'WARNING', 'UNSUPPORTED_DOCUMENT_TYPE'),
  },
  'rejected-damaged': rejected('the document is damaged', 'usability', 'DAMAGED_DOCUMENT'),
  'rejected-copy': rejected('the document is a photocopy', 'usability', 'PHOTOCOPY'),
  'rejected-fake': rejected('the document is not genuine', 'imageChecks', 'FAKE'),
  'rejected-manipulated': rejected('the photo was changed', 'imageChecks', 'MANIPULATED_DOCUMENT_PHOTO'),
  'rejected-data': rejected('the data contradicts itself', 'dataChecks', 'MISMATCHING_DATAPOINTS'),
  'rejected-duplicate': rejected(
    'the face is known with other data',
    'dataChecks',
    'MISMATCHING_DATA_REPEATED_FACE',
  ),
  'rejected-face': rejected('the face is another one', 'similarity', 'NO_MATCH'),
  'rejected-liveness': rejected('the selfie is a picture of the document', 'liveness', 'ID_USED_AS_SELFIE'),
  'rejected-without-reason': { description: 'rejected by a rule of the customer', decision: 'REJECTED' },
  'warning-face': warned('the faces cannot be compared', 'similarity', 'NOT_POSSIBLE'),
  'warning-watchlist': warned('there is a hit on a watch list', 'watchlistScreening', 'ALERT'),
  'warning-age': warned('the face looks older or younger', 'liveness', 'AGE_DIFFERENCE'),
  'warning-without-reason': { description: 'the risk is in the middle', decision: 'WARNING', label: 'RISK' },
  'not-executed': {
    description: 'Jumio could not do it',
    decision: 'NOT_EXECUTED',
    label: 'TECHNICAL_ERROR',
    parts: part('imageChecks', 'NOT_EXECUTED', 'TECHNICAL_ERROR'),
  },
  'passed-with-failed-part': {
    description: 'passed although a part was rejected',
    decision: 'PASSED',
    parts: part('imageChecks', 'REJECTED', 'WATERMARK'),
  },
  'passed-without-face': {
    description: 'passed without comparing faces',
    decision: 'PASSED',
    without: ['similarity', 'liveness'],
  },
  'passed-expired-document': {
    description: 'passed with a document that has expired',
    decision: 'PASSED',
    expiryDate: '2019-05-31',
  },
} as const satisfies Readonly<Record<string, Outcome>>;

export type OutcomeName = keyof typeof outcomes;

/** An outcome by its name, or the object itself. @throws with the known names */
export function readOutcome(given: OutcomeName | Outcome | string): Outcome {
  if (typeof given !== 'string') {
    if (decisionTypes.includes(given?.decision)) return given;
    throw new TypeError(`an outcome has a decision: one of ${decisionTypes.join(', ')}`);
  }
  if (Object.hasOwn(outcomes, given)) return outcomes[given as OutcomeName];
  throw new TypeError(`no outcome is called ${given}; known are ${Object.keys(outcomes).join(', ')}`);
}
