/** The HTTP client that the Twilio package is handed: one call of our guarded client for one call of the package. */
import type { RequestClient } from 'twilio';
import {
  leavesOpen,
  type Outbound,
  OutboundError,
  type OutboundResponse,
} from '../../../runtime/outbound.js';
import { faultOf } from './twilio-words.js';
import { SmsError } from './vendor.js';

type PackageRequest = Parameters<RequestClient['request']>[0];

const vendorOrigin = 'https://api.twilio.com';
const longestWaitMs = 60 * 60 * 1000;

/**
 * Stands in for the package's `RequestClient`, of which it uses `request` alone. Repeats nothing and follows nothing.
 * An answer other than 2xx becomes an {@link SmsError} here already: the package's own exception would carry Twilio's
 * sentence, which quotes the customer's number, and would have lost `Retry-After`.
 */
export function createTwilioHttp(outbound: Outbound, apiBase: string, signal: AbortSignal): RequestClient {
  const client = {
    async request(request: PackageRequest) {
      const response = await call(outbound, request, apiBase, signal);
      if (response.status < 200 || response.status > 299) throw refusal(response);
      return { statusCode: response.status, body: response.body.toString('utf8'), headers: response.headers };
    },
  };
  return client as unknown as RequestClient;
}

async function call(outbound: Outbound, request: PackageRequest, apiBase: string, signal: AbortSignal) {
  const acts = request.method !== 'get';
  try {
    return await outbound.request({
      method: request.method.toUpperCase() as 'GET' | 'POST',
      url: addressOf(request, apiBase),
      headers: {
        ...(request.headers as Record<string, string>),
        Authorization: `Basic ${Buffer.from(`${request.username}:${request.password}`).toString('base64')}`,
      },
      ...(acts ? { body: formText(request.data) } : {}),
      signal,
    });
  } catch (error) {
    const kind = error instanceof OutboundError ? error.kind : 'unknown fault';
    const mayHaveActed = acts && !(error instanceof OutboundError && !error.mayHaveActed);
    throw new SmsError('later', `twilio: no answer (${kind})`, { mayHaveActed, mayStillAct: mayHaveActed });
  }
}

function addressOf(request: PackageRequest, apiBase: string): string {
  const asked = new URL(request.uri);
  if (asked.origin !== vendorOrigin)
    throw new SmsError('refused', 'twilio: the package asked for another host', { mayHaveActed: false });
  for (const [name, value] of new URLSearchParams(formText(request.params)))
    asked.searchParams.set(name, value);
  return apiBase.replace(/\/+$/, '') + asked.pathname + asked.search;
}

function formText(values: unknown): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(values ?? {})) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, String(one));
  }
  return form.toString();
}

function refusal(response: OutboundResponse): SmsError {
  const code = codeOf(response.body);
  const kind = (code === undefined ? undefined : faultOf(code)) ?? kindOfStatus(response.status);
  const retryAfterMs = kind === 'later' ? retryAfter(response.headers['retry-after']) : undefined;
  return new SmsError(
    kind,
    `twilio: answered ${response.status}${code === undefined ? '' : `, code ${code}`}`,
    {
      mayHaveActed: response.status >= 500 || response.status === 408,
      mayStillAct: leavesOpen(response.status),
      ...(code === undefined ? {} : { code }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

function kindOfStatus(status: number) {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 408 || status === 429 || status >= 500) return 'later';
  return 'refused';
}

function codeOf(body: Buffer): string | undefined {
  try {
    const { code } = JSON.parse(body.toString('utf8')) as { code?: unknown };
    return Number.isInteger(code) ? String(code) : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds only: Twilio sends no dates. Bounded, so that a broken answer cannot park a message for days. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header) * 1000, longestWaitMs);
}
