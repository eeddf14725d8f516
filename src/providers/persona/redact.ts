import { ProviderError } from '../provider.js';
import { type ApiPath, apiPath, type PersonaClient } from './client.js';
import { type PersonaId, type Reference, requireInquiryId, requireReference } from './ids.js';
import { accountList, inquiryList } from './payload.js';

const pageSize = '50';
const mostPages = 20;

/** Gone already, or being redacted by somebody else, is done too. */
async function redact(client: PersonaClient, path: ApiPath, signal: AbortSignal): Promise<void> {
  try {
    await client.delete(path, signal);
  } catch (error) {
    const isGone =
      error instanceof ProviderError && (error.kind === 'missing' || error.options.status === 409);
    if (!isGone) throw error;
  }
}

/** What Persona lists is looked at once more before anything irreversible happens to it. */
async function listUnder(
  client: PersonaClient,
  kind: 'inquiries' | 'accounts',
  reference: Reference,
  signal: AbortSignal,
): Promise<PersonaId[]> {
  const path = kind === 'inquiries' ? apiPath`/inquiries` : apiPath`/accounts`;
  const shape = kind === 'inquiries' ? inquiryList : accountList;
  const found = new Set<PersonaId>();
  let after: PersonaId | undefined;
  for (let page = 0; page < mostPages; page++) {
    const query = {
      'filter[reference-id]': reference,
      'page[size]': pageSize,
      ...(after === undefined ? {} : { 'page[after]': after }),
    };
    const { data, links } = await client.get(path, shape, { query, signal });
    for (const { id, attributes } of data)
      if (attributes['reference-id'] === reference && !attributes['redacted-at']) found.add(id);
    const last = data.at(-1)?.id;
    if (!links?.next || last === undefined || last === after) break;
    after = last;
  }
  return [...found];
}

/**
 * Redacts everything Persona has under our reference, irreversibly: the inquiries, those that others made under it too,
 * and the account Persona made by itself, with what it copied there. Safe to repeat.
 */
export async function redactCustomer(
  client: PersonaClient,
  applicantRef: string,
  checkRefs: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const reference = requireReference(applicantRef);
  const recorded = checkRefs.map(requireInquiryId);
  const listed = await listUnder(client, 'inquiries', reference, signal);
  for (const id of new Set([...recorded, ...listed])) await redact(client, apiPath`/inquiries/${id}`, signal);
  for (const id of await listUnder(client, 'accounts', reference, signal))
    await redact(client, apiPath`/accounts/${id}`, signal);
}
