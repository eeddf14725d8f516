import type { OryWords } from '../provider.js';

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
  session: ({ token, workflowRunId }) => ({
    ...(token === undefined ? {} : { sdk_token: token }),
    ...(workflowRunId === undefined ? {} : { workflow_run_id: workflowRunId }),
  }),
};
