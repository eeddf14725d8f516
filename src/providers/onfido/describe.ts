import type { DeliverySubject } from '../provider.js';
import { webhookBody } from './payload.js';

const unknown: DeliverySubject = { action: 'unknown', relevant: false };
const actionPattern = /^[a-z_]{1,40}\.[a-z_]{1,40}$/;

/** Events that may change a verdict. `report.completed` is not among them: it comes before its check is complete. */
export const relevantActions = [
  'check.completed',
  'check.withdrawn',
  'check.reopened',
  'workflow_run.completed',
] as const;

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Which object a webhook body is about. Pure and total; nothing in it is believed beyond ids and the event's word. */
export function describeDelivery(raw: Buffer): DeliverySubject {
  const body = webhookBody.safeParse(parse(raw));
  if (!body.success) return unknown;
  const { action, resource_type: type, object, resource } = body.data.payload;
  if (!action || !actionPattern.test(action)) return unknown;
  const [kind = ''] = action.split('.');
  const run = kind === 'workflow_run' ? object?.id : (object?.workflow_run_id ?? resource?.workflow_run_id);
  const checkRef = kind === 'check' ? object?.id : run;
  const known = relevantActions.some(relevant => relevant === action);
  return {
    action,
    relevant: known && Boolean(checkRef) && (!type || type === kind),
    ...(checkRef ? { checkRef } : {}),
    ...(checkRef && kind !== 'check' ? { workflow: true } : {}),
    ...(resource?.applicant_id ? { applicantRef: resource.applicant_id } : {}),
  };
}
