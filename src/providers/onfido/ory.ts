import type { OryWords } from '../provider.js';
import { isUuid } from './ids.js';

const statuses = {
  created: 'pending',
  submitted: 'pending',
  awaiting: 'review',
  registered: 'approved',
  rejected: 'declined',
  retry: 'declined',
  expired: 'expired',
  failed: 'error',
} as const;

/** Onfido in the words of its Ory setup. */
export const onfidoOry: OryWords = {
  path: '/metadata_public/onfido',
  statuses,
  ids: ({ applicantRef, checkRef }) => ({ applicant_id: applicantRef, workflow_run_id: checkRef }),
  value: state => ({ status: statuses[state.phase], ...onfidoOry.ids(state) }),
  published: {
    statuses: ['/metadata_public/onfido/status'],
    approved: ['approved'],
    declined: ['declined'],
    flat: [],
    refs(at) {
      const [applicantRef, runId] = ['applicant_id', 'workflow_run_id'].map(name =>
        at(`/metadata_public/onfido/${name}`),
      );
      return isUuid(applicantRef) ? { applicantRef, checkRef: isUuid(runId) ? runId : null } : null;
    },
  },
  session: ({ token, workflowRunId }) => ({
    ...(token === undefined ? {} : { sdk_token: token }),
    ...(workflowRunId === undefined ? {} : { workflow_run_id: workflowRunId }),
  }),
};
