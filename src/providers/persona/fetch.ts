/**
 * Everything about one inquiry at one moment, whole or not at all. What is not read is left out at once: fields, sessions
 * and the addresses of photos. A part that Persona says it does not have is named in `missing`, every other failure aborts.
 */
import { asRecord, field, type JsonRecord } from '../json.js';
import { ProviderError, type Snapshot } from '../provider.js';
import { apiPath, type PersonaClient } from './client.js';
import { isReference, isVerificationId, requireInquiryId } from './ids.js';
import { type Identifier, type Inquiry, inquiryAnswer, type Resource, resourceAnswer } from './payload.js';
import { pagesOf } from './photos.js';
import { nameOfType } from './read-verification.js';

/** What `Snapshot.body` is. JSON throughout. */
export interface InquiryBody {
  readonly kind: 'inquiry';
  /** epoch milliseconds at which Persona was asked */
  readonly readAt: number;
  readonly sandboxKey: boolean | null;
  readonly inquiry: {
    readonly status: string;
    readonly completedAt: string | null;
    readonly redactedAt: string | null;
    /** who decided: `user`, `workflow`, `workflow-run` */
    readonly reviewer: string | null;
  };
  /** type, id, template, attributes and the pages there are photos of */
  readonly verifications: readonly unknown[];
  readonly reports: readonly unknown[];
  readonly missing: readonly string[];
}

const verificationAttributes = [
  'status',
  'created-at',
  'checks',
  'country-code',
  'id-class',
  'name-first',
  'name-middle',
  'name-last',
  'birthdate',
  'nationality',
  'document-number',
  'identification-number',
  'expiration-date',
  'address-street-1',
  'address-street-2',
  'address-city',
  'address-subdivision',
  'address-postal-code',
];

const reportAttributes = ['status', 'has-match'];

function picked(attributes: JsonRecord, names: readonly string[]): JsonRecord {
  return Object.fromEntries(names.map(name => [name, field(attributes, name) ?? null]));
}

function withoutUrls(raw: Resource): object {
  const attributes = asRecord(field(raw, 'attributes'));
  const { type, id } = raw;
  if (type.startsWith('report/')) return { type, id, attributes: picked(attributes, reportAttributes) };
  const relationship = asRecord(field(asRecord(field(raw, 'relationships')), 'verification-template'));
  return {
    type,
    id,
    template: field(asRecord(field(relationship, 'data')), 'id') ?? null,
    attributes: picked(attributes, verificationAttributes),
    pages: pagesOf(attributes),
  };
}

/** What an inquiry names and the answer has not brought along is asked for by itself, where there is a way. */
async function fetchNamed(
  client: PersonaClient,
  named: Identifier,
  included: readonly Resource[],
  signal: AbortSignal,
): Promise<Resource | null> {
  const brought = included.find(({ type, id }) => type === named.type && id === named.id);
  if (brought) return brought;
  if (!isVerificationId(named.id)) return null;
  try {
    return (await client.get(apiPath`/verifications/${named.id}`, resourceAnswer, { signal })).data;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'missing') return null;
    throw error;
  }
}

/** Statuses with nothing to be read yet. */
const running = ['created', 'pending', 'expired'];

async function fetchParts(
  client: PersonaClient,
  inquiry: Inquiry,
  included: readonly Resource[],
  signal: AbortSignal,
): Promise<Pick<InquiryBody, 'verifications' | 'reports' | 'missing'>> {
  const { verifications, reports } = inquiry.relationships ?? {};
  const found: Resource[] = [];
  const missing: string[] = [];
  for (const named of [...(verifications?.data ?? []), ...(reports?.data ?? [])]) {
    const part = await fetchNamed(client, named, included, signal);
    if (part) found.push(part);
    else missing.push(nameOfType(named.type));
  }
  const isReport = ({ type }: Resource) => type.startsWith('report/');
  return {
    verifications: found.filter(part => !isReport(part)).map(withoutUrls),
    reports: found.filter(isReport).map(withoutUrls),
    missing,
  };
}

/** An inquiry; once the customer is done, with its verifications and reports. */
export async function fetchInquiry(
  client: PersonaClient,
  ref: string,
  signal: AbortSignal,
): Promise<Snapshot> {
  const readAt = client.clock.now();
  const query = { include: 'verifications,reports' };
  const path = apiPath`/inquiries/${requireInquiryId(ref)}`;
  const { data, included } = await client.get(path, inquiryAnswer, { query, signal });
  const { status, 'reference-id': reference, ...times } = data.attributes;
  const parts = running.includes(status)
    ? { verifications: [], reports: [], missing: [] }
    : await fetchParts(client, data, included ?? [], signal);
  const body: InquiryBody = {
    kind: 'inquiry',
    readAt,
    sandboxKey: client.sandboxKey,
    inquiry: {
      status,
      completedAt: times['completed-at'] ?? null,
      redactedAt: times['redacted-at'] ?? null,
      reviewer: data.relationships?.reviewer?.data?.type ?? null,
    },
    ...parts,
  };
  return { checkRef: ref, applicantRef: isReference(reference) ? reference : null, body };
}
