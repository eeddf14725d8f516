/** Objects as the API shows them. */
import type { Account, Inquiry, Pointer } from './world.js';

function pointers(objects: readonly Pointer[]): Pointer[] {
  return objects.map(({ type, id }) => ({ type, id }));
}

export function inquiryWire(inquiry: Inquiry): object {
  const { id, attributes, templateId, accountId, verifications, reports, reviewer } = inquiry;
  const dynamic = templateId.startsWith('itmpl_');
  return {
    type: 'inquiry',
    id,
    attributes: { ...attributes },
    relationships: {
      account: { data: accountId === null ? null : { type: 'account', id: accountId } },
      template: { data: templateId.startsWith('tmpl_') ? { type: 'template', id: templateId } : null },
      'inquiry-template': { data: dynamic ? { type: 'inquiry-template', id: templateId } : null },
      'inquiry-template-version': {
        data: templateId.startsWith('itmplv_') ? { type: 'inquiry-template-version', id: templateId } : null,
      },
      transaction: { data: null },
      reviewer: { data: reviewer },
      reports: { data: pointers(reports) },
      verifications: { data: pointers(verifications) },
      sessions: { data: [] },
      documents: { data: [] },
      selfies: { data: [] },
    },
  };
}

export function accountWire({ id, attributes }: Account): object {
  return {
    type: 'account',
    id,
    attributes: { ...attributes },
    relationships: {},
  };
}
