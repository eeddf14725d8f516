import type { DeliverySubject } from '../provider.js';
import { checkRefOf } from './ids.js';
import { callbackBody, parseJson } from './payload.js';

const unknown: DeliverySubject = { action: 'unknown', relevant: false };
const statusPattern = /^[A-Z_]{1,40}$/;

/** Statuses after which Jumio may say something new, or the customer is done. Others only tell that somebody began. */
export const relevantStatuses = ['ACQUIRED', 'PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED'] as const;

/** Which run a callback is about. Pure and total; nothing in it is believed beyond ids and the status' word. */
export function describeCallback(raw: Buffer): DeliverySubject {
  const body = callbackBody.safeParse(parseJson(raw));
  if (!body.success) return unknown;
  const { account, workflowExecution } = body.data;
  const { status } = workflowExecution;
  if (!statusPattern.test(status)) return unknown;
  return {
    action: status,
    relevant: relevantStatuses.some(relevant => relevant === status),
    checkRef: checkRefOf({ accountId: account.id, workflowId: workflowExecution.id }),
    workflow: true,
  };
}
