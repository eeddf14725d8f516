import type { OryWords } from '../provider.js';

const statuses = {
  created: 'created',
  submitted: 'pending',
  awaiting: 'marked-for-review',
  registered: 'approved',
  rejected: 'declined',
  retry: 'declined',
  expired: 'expired',
  failed: 'failed',
} as const;

/** Persona in the words of its Ory setup. */
export const personaOry: OryWords = {
  path: '/metadata_admin/persona',
  statuses,
  ids: ({ checkRef }) => ({ inquiry_id: checkRef }),
  value: state => ({ status: statuses[state.phase], ...personaOry.ids(state) }),
  legacyStatus: 'persona_verification_status',
  session: ({ token }, checkRef) => ({
    ...(checkRef === null ? {} : { inquiry_id: checkRef }),
    ...(token === undefined ? {} : { session_token: token }),
  }),
};
