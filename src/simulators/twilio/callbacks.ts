import { createHmac } from 'node:crypto';
import type { Courier } from '../wire/courier.js';
import { errorTexts, type TwilioMessage } from './messages.js';

/** `X-Twilio-Signature`: base64 HMAC-SHA1 of the URL followed by every parameter and its value, sorted by name. */
export function signCallback(
  authToken: string,
  url: string,
  params: Readonly<Record<string, string>>,
): string {
  const text = Object.keys(params)
    .sort()
    .reduce((sofar, name) => sofar + name + params[name], url);
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}

function paramsOf(message: TwilioMessage): Record<string, string> {
  const { errorCode, messagingServiceSid } = message;
  return {
    AccountSid: message.accountSid,
    ApiVersion: '2010-04-01',
    From: message.from ?? '',
    MessageSid: message.sid,
    MessageStatus: message.status,
    SmsSid: message.sid,
    SmsStatus: message.status,
    To: message.to,
    ...(messagingServiceSid === null ? {} : { MessagingServiceSid: messagingServiceSid }),
    ...(errorCode === null
      ? {}
      : { ErrorCode: String(errorCode), ErrorMessage: errorTexts[errorCode] ?? '' }),
  };
}

/** Tells the message's callback URL, if it has one, of its present status. */
export function sendCallback(courier: Courier, message: TwilioMessage, authToken: string): void {
  const url = message.statusCallback;
  if (url === null) return;
  const params = paramsOf(message);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'user-agent': 'TwilioProxy/1.1 (simulated)',
    'x-twilio-signature': signCallback(authToken, url, params),
  };
  courier.send({ action: message.status, url, headers, body: new URLSearchParams(params).toString() });
}
