/**
 * Twilio, through its own package. The package takes a noticeable part of a second to load and would bring its own HTTP
 * client: it is loaded when first needed, and everything it asks for goes through our guarded client.
 */
import { createRequire } from 'node:module';
import type { RequestClient, Twilio } from 'twilio';
import type { TwilioSettings } from '../../../config/config.js';
import type { Outbound } from '../../../runtime/outbound.js';
import { createTwilioHttp } from './twilio-http.js';
import { deliveryStatusOf, faultOf } from './twilio-words.js';
import {
  type DeliveryReport,
  SmsError,
  type SmsQuery,
  type SmsVendor,
  type StatusCallback,
} from './vendor.js';

/**
 * Room for a clock that differs from Twilio's, whose times also lack the fraction of a second. Less than the minute
 * that lies between two messages with the same text.
 */
const clockSlackMs = 30_000;

/** A number gets a handful of messages a day, so that one page is plenty for those since an attempt. */
const pageSize = 100;

const largestCallback = 64 * 1024;
const messageSid = /^(SM|MM)[0-9a-fA-F]{32}$/;

type FoundMessage = Awaited<ReturnType<Twilio['messages']['list']>>[number];

/** Makes the vendor. Opens nothing and loads nothing yet. */
export function createTwilioVendor(settings: TwilioSettings, outbound: Outbound): SmsVendor {
  const connect = (signal: AbortSignal) =>
    openPackage(settings, createTwilioHttp(outbound, settings.apiBase, signal));

  return {
    name: 'twilio',

    async send(message, signal) {
      const from = message.from ?? settings.from;
      const { messages } = await connect(signal);
      const sent = await asSmsError(true, () =>
        messages.create({
          to: message.to,
          body: message.body,
          ...(from.startsWith('MG') ? { messagingServiceSid: from } : { from }),
          ...(message.statusCallback === undefined ? {} : { statusCallback: message.statusCallback }),
        }),
      );
      if (!messageSid.test(String(sent.sid))) throw unreadable(true);
      const segments = Number(sent.numSegments);
      // a messaging service cuts the text later and says 0 for now
      return segments > 0 ? { ref: sent.sid, segments } : { ref: sent.sid };
    },

    async find(query, signal) {
      const { messages } = await connect(signal);
      const found = await asSmsError(false, () => messages.list({ to: query.to, limit: pageSize, pageSize }));
      return bestMatch(found, query);
    },

    readStatus(callback) {
      try {
        return readGenuine(callback, settings.authToken);
      } catch {
        return null;
      }
    },
  };
}

async function openPackage(settings: TwilioSettings, httpClient: RequestClient): Promise<Twilio> {
  try {
    const { default: twilio } = await import('twilio');
    // empty edge and region keep the package from reading them from the environment
    return new twilio.Twilio(settings.accountSid, settings.authToken, { httpClient, edge: '', region: '' });
  } catch {
    const cure = 'TWILIO_ACCOUNT_SID must be the account id that begins with AC';
    throw new SmsError('unauthorized', `twilio: the package refuses to start; ${cure}`, {
      mayHaveActed: false,
    });
  }
}

/**
 * Filtered here and not by Twilio's `DateSent`, which a queued message does not have yet. A trial account puts words
 * before the text; an account that redacts bodies cannot be matched and yields null.
 */
function bestMatch(messages: readonly FoundMessage[], query: SmsQuery): DeliveryReport | null {
  const body = query.body.trim();
  if (body === '') return null;
  const matches = messages
    .filter(found => messageSid.test(String(found.sid)) && String(found.direction).startsWith('outbound'))
    .filter(found => found.to === query.to && String(found.body).trim().endsWith(body))
    .filter(found => found.dateCreated?.getTime() >= query.since - clockSlackMs)
    .filter(found => !query.isClaimed?.(found.sid))
    .map(found => report(found.sid, found.status, found.errorCode))
    .filter(found => found !== null);
  return matches.find(found => found.status !== 'failed') ?? matches[0] ?? null;
}

function readGenuine(callback: StatusCallback, authToken: string): DeliveryReport | null {
  const signature = callback.headers['x-twilio-signature'];
  if (typeof signature !== 'string' || callback.raw.length > largestCallback) return null;
  const params = formOf(callback.raw);
  if (!signatures().validateRequest(authToken, signature, callback.url, params)) return null;
  const ref = single(params.MessageSid ?? params.SmsSid);
  const status = single(params.MessageStatus ?? params.SmsStatus);
  if (ref === undefined || !messageSid.test(ref) || status === undefined) return null;
  return report(ref, status, single(params.ErrorCode));
}

/** Without a prototype, so that no name on the wire means anything. Repeated names are signed as a list. */
function formOf(raw: Buffer): Record<string, string | string[]> {
  const params: Record<string, string | string[]> = Object.create(null);
  const form = new URLSearchParams(raw.toString('utf8'));
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    params[name] = values.length === 1 ? values[0]! : values;
  }
  return params;
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function report(ref: string, word: unknown, code: unknown): DeliveryReport | null {
  const status = deliveryStatusOf(String(word));
  if (status === null) return null;
  const errorCode = /^\d{1,6}$/.test(String(code)) && Number(code) !== 0 ? String(code) : undefined;
  if (errorCode === undefined) return { ref, status };
  const fault = faultOf(errorCode);
  return fault === 'unsubscribed' || fault === 'unreachable'
    ? { ref, status, errorCode, cause: fault }
    : { ref, status, errorCode };
}

/** Only the package's small module for signatures, which loads in a few milliseconds and, unlike `import`, at once. */
function signatures(): typeof import('twilio/lib/webhooks/webhooks.js') {
  return createRequire(import.meta.url)('twilio/lib/webhooks/webhooks.js');
}

/** Whatever the package throws by itself may quote what it was given, so its words go no further. */
async function asSmsError<T>(mayHaveActed: boolean, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof SmsError ? error : unreadable(mayHaveActed);
  }
}

function unreadable(mayHaveActed: boolean): SmsError {
  return new SmsError('later', 'twilio: the answer could not be read', { mayHaveActed });
}
