import { randomBytes } from 'node:crypto';
import { TwilioError } from './errors.js';
import type { TwilioMessage } from './messages.js';

const number = /^\+[1-9]\d{6,14}$/;

/** Numbers for which sending itself is refused. */
export interface RefusedNumbers {
  readonly invalid: ReadonlySet<string>;
  readonly unsubscribed: ReadonlySet<string>;
  readonly notMobile: ReadonlySet<string>;
}

function checkRecipient(to: string, refused: RefusedNumbers): void {
  if (!to) throw new TwilioError(400, 21604, "A 'To' phone number is required.");
  if (!number.test(to) || refused.invalid.has(to))
    throw new TwilioError(400, 21211, `Invalid 'To' Phone Number: ${to.slice(0, -4)}XXXX`);
  if (refused.unsubscribed.has(to))
    throw new TwilioError(400, 21610, 'Attempt to send to unsubscribed recipient');
  if (refused.notMobile.has(to))
    throw new TwilioError(400, 21614, `To number: ${to}, is not a mobile number`);
}

function checkSender(from: string, service: string): void {
  if (!from && !service) throw new TwilioError(400, 21603, "A 'From' phone number is required.");
  if (service && !/^MG[0-9a-f]{32}$/.test(service))
    throw new TwilioError(400, 21705, 'The Messaging Service Sid is invalid');
  if (from && !number.test(from) && !/^(?=.*[A-Za-z])[\w &+-]{1,11}$/.test(from))
    throw new TwilioError(400, 21212, `Invalid From Number: ${from}`);
}

function checkCallback(url: string): void {
  if (url && (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)))
    throw new TwilioError(400, 21609, `The 'StatusCallback' URL ${url} is not a valid URL.`);
}

/** The message that a request asks for, or the error that Twilio answers. */
export function readMessage(
  form: URLSearchParams,
  accountSid: string,
  refused: RefusedNumbers,
  now: number,
): TwilioMessage {
  const get = (name: string) => form.get(name)?.trim() ?? '';
  const [to, from, service, body] = [
    get('To'),
    get('From'),
    get('MessagingServiceSid'),
    form.get('Body') ?? '',
  ];
  checkRecipient(to, refused);
  checkSender(from, service);
  if (body === '') throw new TwilioError(400, 21602, 'Message body is required.');
  if (body.length > 1600)
    throw new TwilioError(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
  checkCallback(get('StatusCallback'));
  return {
    sid: `SM${randomBytes(16).toString('hex')}`,
    accountSid,
    to,
    from: from || null,
    body,
    status: service ? 'accepted' : 'queued',
    errorCode: null,
    messagingServiceSid: service || null,
    statusCallback: get('StatusCallback') || null,
    createdAt: now,
    updatedAt: now,
    sentAt: null,
  };
}
