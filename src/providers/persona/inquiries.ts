/** Making inquiries, one for each check of ours, and the links that lead into them. */
import { createHash } from 'node:crypto';
import type { CustomerData } from '../../domain/customer.js';
import { ProviderError } from '../provider.js';
import { type ApiPath, apiPath, type PersonaClient } from './client.js';
import { type PersonaId, type Reference, requireInquiryId } from './ids.js';
import { createdInquiry, type Inquiry, inquiryAnswer, oneTimeLink, resumedInquiry } from './payload.js';

/** What an inquiry is made from. */
export interface InquiryRequest {
  readonly templateId: string;
  readonly reference: Reference;
  readonly checkId: string;
  /** where Persona sends the customer in the end */
  readonly returnUrl?: string;
  /** stands in the form already, where the template has the fields */
  readonly customer?: CustomerData;
}

/** An inquiry with a link into it that works once. */
export interface OpenInquiry {
  readonly inquiry: Inquiry;
  readonly link: string;
}

/** Makes inquiries. One for each adapter, since it remembers which keys an error was answered to. */
export interface InquiryMaker {
  create(request: InquiryRequest, signal: AbortSignal): Promise<OpenInquiry>;
}

/** Persona tells its three generations of templates apart by the name of the field. */
function templateOf(id: string): object {
  if (id.startsWith('itmplv_')) return { 'inquiry-template-version-id': id };
  return id.startsWith('tmpl_') ? { 'template-id': id } : { 'inquiry-template-id': id };
}

/** Under the names Persona gives to its default fields. */
function fieldsOf({ firstName, lastName, email }: CustomerData): Readonly<Record<string, string>> {
  return {
    ...(firstName === undefined ? {} : { 'name-first': firstName }),
    ...(lastName === undefined ? {} : { 'name-last': lastName }),
    ...(email === undefined ? {} : { 'email-address': email }),
  };
}

function bodyOf(request: InquiryRequest): object {
  const fields = fieldsOf(request.customer ?? {});
  return {
    data: {
      attributes: {
        ...templateOf(request.templateId),
        'reference-id': request.reference,
        note: `gatehouse ${request.checkId}`,
        ...(request.returnUrl === undefined ? {} : { 'redirect-uri': request.returnUrl }),
        ...(Object.keys(fields).length === 0 ? {} : { fields }),
      },
    },
    meta: { 'auto-create-one-time-link': true },
  };
}

const mostRemembered = 10_000;
/** One customer's data may be refused for themselves; that of so many in a row means that the template has no such fields. */
const mostRefusals = 3;

/**
 * A call that got no answer is repeated under the same key and finds what the first one made. A received error would be
 * given again for a day, so that the next call has to have another key. A refusal because the first call is still under
 * way (409) is none of its kind.
 */
export function createInquiryMaker(client: PersonaClient): InquiryMaker {
  const errorsOf = new Map<string, number>();

  function note(base: string): void {
    if (errorsOf.size >= mostRemembered) errorsOf.clear();
    errorsOf.set(base, (errorsOf.get(base) ?? 0) + 1);
  }

  async function make(request: InquiryRequest, signal: AbortSignal): Promise<OpenInquiry> {
    const body = bodyOf(request);
    const base = `${request.checkId}\n${JSON.stringify(body)}`;
    const idempotencyKey = createHash('sha256')
      .update(`gatehouse\n${errorsOf.get(base) ?? 0}\n${base}`)
      .digest('hex');
    try {
      const path = apiPath`/inquiries`;
      const { data, meta } = await client.post(path, body, createdInquiry, { idempotencyKey, signal });
      errorsOf.delete(base);
      const link = meta?.['one-time-link'];
      return { inquiry: data, link: link ?? (await linkInto(client, data.id, signal)) };
    } catch (error) {
      const status = error instanceof ProviderError ? error.options.status : undefined;
      if (status !== undefined && status >= 400 && status !== 409) note(base);
      throw error;
    }
  }

  /** by template: how many customers in a row it took only without what they had told */
  const refusalsOf = new Map<string, number>();
  return {
    async create(request, signal) {
      const { customer, ...plain } = request;
      const refusals = refusalsOf.get(request.templateId) ?? 0;
      if (refusals >= mostRefusals || customer === undefined || Object.keys(customer).length === 0)
        return await make(plain, signal);
      try {
        const made = await make(request, signal);
        refusalsOf.delete(request.templateId);
        return made;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const made = await make(plain, signal);
        refusalsOf.set(request.templateId, refusals + 1);
        return made;
      }
    },
  };
}

/** A template without such fields refuses all of it, and whoever comes must not suffer for that. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && (error.options.status === 400 || error.options.status === 422);
}

/** Reads an inquiry without what belongs to it. */
export async function readInquiry(client: PersonaClient, ref: string, signal: AbortSignal): Promise<Inquiry> {
  const path = apiPath`/inquiries/${requireInquiryId(ref)}`;
  return (await client.get(path, inquiryAnswer, { signal })).data;
}

/** A fresh link that works once; the earlier ones stay as they are. */
export async function linkInto(client: PersonaClient, id: PersonaId, signal: AbortSignal): Promise<string> {
  const path: ApiPath = apiPath`/inquiries/${id}/generate-one-time-link`;
  return (await client.post(path, null, oneTimeLink, { signal })).meta['one-time-link'];
}

/** Lets a customer go on whose inquiry is under way or has run out, and gives what Persona's script needs for that. */
export async function resumeInquiry(
  client: PersonaClient,
  id: PersonaId,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = apiPath`/inquiries/${id}/resume`;
  return (await client.post(path, null, resumedInquiry, { signal })).meta['session-token'] ?? undefined;
}
