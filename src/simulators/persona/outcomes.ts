/** How inquiries end. */

/** What the customer and the template's workflow come to. */
export interface Outcome {
  readonly description: string;
  /** how the flow ends */
  readonly flow: 'completed' | 'failed';
  /** what follows; nothing where the template has no workflow that decides */
  readonly decision?: 'approved' | 'declined' | 'needs_review';
  /** checks that fail, by name: those that begin with `selfie_` in the selfie, the others in the document */
  readonly failedChecks?: readonly string[];
  /** failed checks that were not required, and so did not matter */
  readonly toleratedChecks?: readonly string[];
  /** a first try at the document that failed because of this check, before the one that counts */
  readonly earlierTry?: string;
  /** the selfie was never taken */
  readonly withoutSelfie?: true;
  /** a watch list has a match */
  readonly watchlist?: boolean;
  /** who decided */
  readonly reviewer?: 'user' | 'workflow-run';
  /** what the document says beside the usual */
  readonly person?: Readonly<Record<string, string | null>>;
}

/** The endings that have a name. */
export const outcomes = {
  approved: {
    description: 'everything passed, and the workflow approved',
    flow: 'completed',
    decision: 'approved',
  },
  approved_second_try: {
    description: 'the first picture was blurred, the second one passed',
    flow: 'completed',
    decision: 'approved',
    earlierTry: 'id_blur_detection',
  },
  approved_with_glare: {
    description: 'approved although a check that was not required failed',
    flow: 'completed',
    decision: 'approved',
    toleratedChecks: ['id_glare_detection'],
  },
  approved_despite_mismatch: {
    description: 'a person at Persona approved although the face does not match',
    flow: 'completed',
    decision: 'approved',
    failedChecks: ['selfie_id_comparison'],
    reviewer: 'user',
  },
  approved_without_selfie: {
    description: 'the template asks for no selfie',
    flow: 'completed',
    decision: 'approved',
    withoutSelfie: true,
  },
  needs_review: {
    description: 'the workflow wants a person to look',
    flow: 'completed',
    decision: 'needs_review',
  },
  watchlist: {
    description: 'a name is on a watch list',
    flow: 'completed',
    decision: 'needs_review',
    watchlist: true,
  },
  completed: { description: 'nobody decides', flow: 'completed' },
  declined: {
    description: 'a person at Persona declined and no check says why',
    flow: 'completed',
    decision: 'declined',
    reviewer: 'user',
  },
  declined_forged: {
    description: 'the document was altered',
    flow: 'completed',
    decision: 'declined',
    failedChecks: ['id_tamper_detection'],
  },
  declined_mismatch: {
    description: 'the face is another one',
    flow: 'completed',
    decision: 'declined',
    failedChecks: ['selfie_id_comparison'],
  },
  failed_blurred: {
    description: 'no picture of the document could be read',
    flow: 'failed',
    failedChecks: ['id_blur_detection'],
    withoutSelfie: true,
  },
  failed_expired_document: {
    description: 'the document has expired',
    flow: 'failed',
    failedChecks: ['id_expired_detection'],
    person: { 'expiration-date': '2020-01-31' },
  },
  failed_not_live: {
    description: 'the selfie shows no living person',
    flow: 'failed',
    failedChecks: ['selfie_liveness_detection'],
  },
} as const satisfies Record<string, Outcome>;

export type OutcomeName = keyof typeof outcomes;

/** A name or an object; throws with the reason when it is neither. */
export function readOutcome(value: unknown): Outcome {
  if (typeof value === 'string' && Object.hasOwn(outcomes, value)) return outcomes[value as OutcomeName];
  const given = (typeof value === 'object' && value !== null ? value : {}) as Partial<Outcome>;
  if (given.flow !== 'completed' && given.flow !== 'failed')
    throw new TypeError(
      `an outcome is one of ${Object.keys(outcomes).join(', ')}, or an object with a flow: completed or failed`,
    );
  return { description: 'as ordered', ...given } as Outcome;
}
