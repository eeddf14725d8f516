/**
 * What is written onto a Kratos identity: our decision in each provider's words, as one JSON Patch. Pure. Whole
 * provider objects and fixed words as keys only: a number in a path would make Kratos pad an array up to it.
 */

/** Where a check stands, as far as the mirror tells it. `retry`: turned down, but the customer may try again. */
export type MirrorPhase =
  | 'created'
  | 'submitted'
  | 'awaiting'
  | 'registered'
  | 'rejected'
  | 'retry'
  | 'expired'
  | 'failed';

/** The providers that have a place on the identity. */
export type MirroredProvider = 'onfido' | 'jumio' | 'persona';

/** One check as the mirror tells it. No reason: the customer can read `metadata_public`. */
export interface MirrorState {
  readonly phase: MirrorPhase;
  /** the provider's applicant or account; null where none exists (yet) */
  readonly applicantRef: string | null;
  /** the provider's run, execution or inquiry */
  readonly checkRef: string | null;
  /** epoch milliseconds */
  readonly initiatedAt: number;
  readonly decidedAt: number | null;
  /** the vendor's own word, where it is to be shown beside ours (Jumio) */
  readonly verdict?: string;
}

/** A provider's object as Kratos keeps it. */
export type MirrorValue = Readonly<Record<string, string | null>>;

/** One operation of the three that Kratos allows. */
export interface PatchOperation {
  readonly op: 'add';
  readonly path: string;
  readonly value: MirrorValue | null;
}

/** Where a provider's object lives on the identity. */
export const mirrorPaths = {
  onfido: '/metadata_public/onfido',
  jumio: '/metadata_public/jumio',
  persona: '/metadata_admin/persona',
} as const satisfies Record<MirroredProvider, string>;

const statuses: Readonly<Record<MirroredProvider, Readonly<Record<MirrorPhase, string>>>> = {
  onfido: {
    created: 'pending',
    submitted: 'pending',
    awaiting: 'review',
    registered: 'approved',
    rejected: 'declined',
    retry: 'declined',
    expired: 'expired',
    failed: 'error',
  },
  jumio: {
    created: 'initiated',
    submitted: 'processing',
    awaiting: 'review',
    registered: 'verified',
    rejected: 'rejected',
    retry: 'retry',
    expired: 'expired',
    failed: 'error',
  },
  persona: {
    created: 'created',
    submitted: 'pending',
    awaiting: 'marked-for-review',
    registered: 'approved',
    rejected: 'declined',
    retry: 'declined',
    expired: 'expired',
    failed: 'failed',
  },
};

/** The provider's object for a check, and where it goes. */
export function mirrorValue(
  provider: MirroredProvider,
  state: MirrorState,
): { readonly path: string; readonly value: MirrorValue } {
  return { path: mirrorPaths[provider], value: shapes[provider](state) };
}

/** The patch that puts a provider's object in place, or null there (erasure). Kratos makes missing parents itself. */
export function mirrorPatch(
  provider: MirroredProvider,
  value: MirrorValue | null,
): readonly PatchOperation[] {
  return [{ op: 'add', path: mirrorPaths[provider], value }];
}

/** Whether a result is mirrored at all; adapters that Kratos has no place for are not. */
export function isMirrored(provider: string): provider is MirroredProvider {
  return Object.hasOwn(mirrorPaths, provider);
}

const shapes: Readonly<Record<MirroredProvider, (state: MirrorState) => MirrorValue>> = {
  onfido: state => ({
    status: statuses.onfido[state.phase],
    applicant_id: state.applicantRef,
    workflow_run_id: state.checkRef,
    ...times(state),
  }),
  jumio: state => ({
    status: statuses.jumio[state.phase],
    verdict: jumioVerdict(state),
    account_id: state.applicantRef,
    workflow_execution_id: state.checkRef,
    ...times(state),
  }),
  persona: state => ({
    status: statuses.persona[state.phase],
    inquiry_id: state.checkRef,
    ...times(state),
  }),
};

/** The vendor's word if there is one, else the one that goes with ours; the published setups know no REJECTED. */
function jumioVerdict({ phase, verdict }: MirrorState): string | null {
  if (verdict !== undefined) return verdict === 'REJECTED' ? 'FAILED' : verdict;
  if (phase === 'awaiting') return 'WARNING';
  if (phase === 'registered') return 'PASSED';
  return phase === 'rejected' || phase === 'retry' ? 'FAILED' : null;
}

function times(state: MirrorState): MirrorValue {
  return {
    initiated_at: new Date(state.initiatedAt).toISOString(),
    decided_at: state.decidedAt === null ? null : new Date(state.decidedAt).toISOString(),
  };
}
