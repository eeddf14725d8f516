import type { Submission, SubmitRequest } from '../provider.js';
import type { PersonaClient } from './client.js';
import { requireReference } from './ids.js';
import { readInquiry } from './inquiries.js';

/**
 * An inquiry goes on by itself once the customer is done; nothing is written here. Only the recorded one is asked about:
 * looking for others by our reference would find those that somebody else made under it.
 */
export async function submitInquiry(
  client: PersonaClient,
  request: SubmitRequest,
  signal: AbortSignal,
): Promise<Submission> {
  requireReference(request.applicantRef);
  if (request.checkRef === undefined) return { outcome: 'nothing_to_submit' };
  const { id, attributes } = await readInquiry(client, request.checkRef, signal);
  // One that has run out can be gone on with, as long as our own link lives.
  const waits = ['created', 'pending', 'expired'].includes(attributes.status);
  return waits ? { outcome: 'nothing_to_submit' } : { outcome: 'submitted', checkRef: id, usedMedia: [] };
}
