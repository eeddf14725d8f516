import { randomUUID } from 'node:crypto';
import type { OryState, OryWords } from '../provider.js';
import { checkRefOf, isUuid } from './ids.js';

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
  published: {
    statuses: ['/metadata_public/jumio_verification_status', '/metadata_public/jumio/status'],
    approved: ['verified'],
    declined: ['rejected'],
    flat: ['/metadata_public/jumio_verification_status', '/metadata_public/jumio_account_id'],
    refs(at) {
      const accountId = at('/metadata_public/jumio/account_id');
      const workflowId = at('/metadata_public/jumio/workflow_execution_id');
      if (!isUuid(accountId) || !isUuid(workflowId)) return null;
      return { applicantRef: randomUUID(), checkRef: checkRefOf({ accountId, workflowId }) };
    },
  },
  session: ({ token }) => (token === undefined ? {} : { sdk_token: token }),
};

/** The vendor's word if there is one, else the one that goes with the machine's: people's decisions are in the status. */
function verdictOf({ machinePhase: phase, verdict }: OryState): string | null {
  if (verdict !== undefined) return verdict;
  if (phase === 'awaiting') return 'WARNING';
  if (phase === 'registered') return 'PASSED';
  return phase === 'rejected' || phase === 'retry' ? 'FAILED' : null;
}
