import type { OryWords } from '../provider.js';
import { isInquiryId, newReference } from './ids.js';

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
  published: {
    statuses: ['/metadata_admin/persona_verification_status', '/metadata_admin/persona/status'],
    approved: ['approved'],
    declined: ['declined'],
    flat: [
      '/metadata_admin/persona_verification_status',
      '/metadata_admin/persona_inquiry_id',
      '/metadata_admin/persona_initiated_at',
      '/metadata_admin/persona_completed_at',
    ],
    refs(at) {
      const inquiryId = ['persona/inquiry_id', 'persona_inquiry_id']
        .map(name => at(`/metadata_admin/${name}`))
        .find(isInquiryId);
      return inquiryId === undefined ? null : { applicantRef: newReference(), checkRef: inquiryId };
    },
  },
  session: ({ token }, checkRef) => ({
    ...(checkRef === null ? {} : { inquiry_id: checkRef }),
    ...(token === undefined ? {} : { session_token: token }),
  }),
};
