import type { OryState, OryWords } from '../provider.js';

const statuses = {
  created: 'initiated',
  submitted: 'processing',
  awaiting: 'review',
  registered: 'verified',
  rejected: 'rejected',
  retry: 'retry',
  expired: 'expired',
  failed: 'error',
} as const;

/** Jumio in the words of its Ory setup. */
export const jumioOry: OryWords = {
  path: '/metadata_public/jumio',
  statuses,
  ids({ checkRef }) {
    const [accountId = null, workflowId = null] = checkRef?.split('/') ?? [];
    return { account_id: accountId, workflow_execution_id: workflowId };
  },
  value: state => ({ status: statuses[state.phase], verdict: verdictOf(state), ...jumioOry.ids(state) }),
  legacyStatus: 'jumio_verification_status',
  session: ({ token }) => (token === undefined ? {} : { sdk_token: token }),
};

/** The vendor's word if there is one, else the one that goes with the machine's: people's decisions are in the status. */
function verdictOf({ machinePhase: phase, verdict }: OryState): string | null {
  if (verdict !== undefined) return verdict;
  if (phase === 'awaiting') return 'WARNING';
  if (phase === 'registered') return 'PASSED';
  return phase === 'rejected' || phase === 'retry' ? 'FAILED' : null;
}
