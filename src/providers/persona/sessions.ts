import type { PersonaSettings } from '../../config/config.js';
import { ProviderError, type Session, type SessionRequest } from '../provider.js';
import type { PersonaClient } from './client.js';
import { requireReference } from './ids.js';
import { type InquiryMaker, linkInto, readInquiry, resumeInquiry } from './inquiries.js';
import type { Inquiry } from './payload.js';
import { pageUrl } from './places.js';

/** An inquiry and a one-time link live this long unless the template says otherwise. */
const linkMs = 24 * 60 * 60_000;

/** Statuses in which the customer has nothing left to do. Words we do not know are left to the verdict. */
const over = ['completed', 'failed', 'needs_review', 'approved', 'declined'];

interface Opened {
  readonly inquiry: Inquiry;
  readonly link: string;
  readonly token?: string;
}

/**
 * The inquiry of this check and a fresh link into it: the recorded inquiry, else a new one. The link works once and is
 * burnt by whoever fetches it first, so it must be asked for in answer to the customer's own step.
 */
export async function openSession(
  parts: { client: PersonaClient; maker: InquiryMaker; settings: PersonaSettings },
  request: SessionRequest,
  signal: AbortSignal,
): Promise<Session> {
  const { client, maker, settings } = parts;
  const reference = requireReference(request.applicantRef);
  const { checkRef, checkId, returnUrl, customer } = request;
  const opened =
    checkRef === undefined
      ? await maker.create(
          {
            templateId: settings.templateId,
            reference,
            checkId,
            ...(returnUrl === undefined ? {} : { returnUrl }),
            ...(customer === undefined || !settings.prefill ? {} : { customer }),
          },
          signal,
        )
      : await reopen(parts, checkRef, request, signal);
  if (opened === null) return { kind: 'finished', expiresAt: client.clock.now() };
  return toSession(settings, client, opened, request.language);
}

async function reopen(
  { client, settings }: { client: PersonaClient; settings: PersonaSettings },
  checkRef: string,
  request: SessionRequest,
  signal: AbortSignal,
): Promise<Opened | null> {
  const inquiry = await readInquiry(client, checkRef, signal);
  const { status, 'redacted-at': redactedAt } = inquiry.attributes;
  if (over.includes(status) || redactedAt) return null;
  const resumes =
    status === 'expired' || (status === 'pending' && wantsToken(settings, request.kratosIdentityId));
  const token = resumes ? await resumeInquiry(client, inquiry.id, signal) : undefined;
  const link = await linkInto(client, inquiry.id, signal);
  return { inquiry, link, ...(token === undefined ? {} : { token }) };
}

/** Only an application's own page embeds Persona's script, and only an inquiry that was begun needs a token for it. */
function wantsToken({ inquiryType }: PersonaSettings, kratosIdentityId: string | undefined): boolean {
  return kratosIdentityId !== undefined && inquiryType.includes('embedded');
}

function toSession(
  settings: PersonaSettings,
  client: PersonaClient,
  { inquiry, link, token }: Opened,
  language: string,
): Session {
  const url = pageUrl(settings.apiBase, link);
  if (url === null) throw new ProviderError('refused', 'Persona’s link leads away from Persona');
  url.searchParams.set('language', language);
  const expires = Date.parse(inquiry.attributes['expires-at'] ?? '');
  const now = client.clock.now();
  return {
    kind: 'redirect',
    url: url.href,
    workflowRunId: inquiry.id,
    ...(token === undefined ? {} : { token }),
    expiresAt: expires > now ? expires : now + linkMs,
  };
}
