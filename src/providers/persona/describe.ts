import { asRecord, asText, field, type JsonRecord } from '../json.js';
import type { DeliverySubject } from '../provider.js';
import { isInquiryId, isReference } from './ids.js';

const unknown: DeliverySubject = { action: 'unknown', relevant: false };
const actionPattern = /^[a-z][a-z0-9/-]{0,60}\.[a-z0-9-]{1,60}$/;

/**
 * Events after which an inquiry may have another verdict. `completed` is the customer's end, not Persona's; a redaction
 * takes nothing back.
 */
export const relevantActions = [
  'inquiry.completed',
  'inquiry.failed',
  'inquiry.expired',
  'inquiry.marked-for-review',
  'inquiry.approved',
  'inquiry.declined',
] as const;

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The event's word and the object it is about; the second form is the one the published Ory setup was tried with. */
function readEvent(body: JsonRecord): { action: string | undefined; object: JsonRecord } {
  const data = asRecord(field(body, 'data'));
  const attributes = asRecord(field(data, 'attributes'));
  const action = asText(field(attributes, 'name'));
  if (action !== undefined)
    return { action, object: asRecord(field(asRecord(field(attributes, 'payload')), 'data')) };
  return { action: asText(field(body, 'event-type')), object: data };
}

/** Keys are in kebab, camel or snake case, as the webhook happens to be configured. */
function referenceOf(object: JsonRecord): string | undefined {
  const attributes = asRecord(field(object, 'attributes'));
  return ['reference-id', 'referenceId', 'reference_id']
    .map(name => field(attributes, name))
    .find(isReference);
}

/** Which inquiry a webhook body is about. Pure and total; nothing in it is believed beyond ids and the event's word. */
export function describeDelivery(raw: Buffer): DeliverySubject {
  const { action, object } = readEvent(asRecord(parse(raw)));
  if (action === undefined || !actionPattern.test(action)) return unknown;
  const id = field(object, 'id');
  const reference = referenceOf(object);
  if (!isInquiryId(id)) return { action, relevant: false };
  return {
    action,
    relevant: relevantActions.some(relevant => relevant === action),
    checkRef: id,
    workflow: true,
    ...(reference === undefined ? {} : { applicantRef: reference }),
  };
}
