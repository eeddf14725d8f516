/** A message as the simulator keeps it; {@link toWire} is what the API returns. */
export interface TwilioMessage {
  readonly sid: string;
  readonly accountSid: string;
  readonly to: string;
  /** `null` as long as a messaging service has not chosen a number */
  from: string | null;
  body: string;
  status: MessageStatus;
  errorCode: number | null;
  readonly messagingServiceSid: string | null;
  readonly statusCallback: string | null;
  /** epoch milliseconds */
  readonly createdAt: number;
  updatedAt: number;
  sentAt: number | null;
}

export type MessageStatus =
  | 'accepted'
  | 'queued'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'canceled';

/** What Twilio says for a delivery that failed. */
export const errorTexts: Readonly<Record<number, string>> = {
  30003: 'Unreachable destination handset',
  30004: 'Message blocked',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
};

/** A moment as in RFC 2822, with a numeric zone. */
export function rfc2822(epochMs: number): string {
  return new Date(epochMs).toUTCString().replace('GMT', '+0000');
}

const gsm = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;

/** How many segments a text needs: 160 or 153 letters each in the GSM alphabet, else 70 or 67. */
export function segmentsOf(text: string): number {
  const plain = gsm.test(text);
  const extended = plain ? (text.match(/[\^{}\\[~\]|€]/g)?.length ?? 0) : 0;
  const length = text.length + extended;
  const [single, part] = plain ? [160, 153] : [70, 67];
  return length <= single ? 1 : Math.ceil(length / part);
}

/** The path of an account's messages, or of one of them. */
export function messagePath(accountSid: string, sid?: string): string {
  const base = `/2010-04-01/Accounts/${accountSid}/Messages`;
  return sid === undefined ? `${base}.json` : `${base}/${sid}.json`;
}

/** The message as the API returns it. */
export function toWire(message: TwilioMessage): Readonly<Record<string, unknown>> {
  const { accountSid, sid } = message;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.createdAt),
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_updated: rfc2822(message.updatedAt),
    direction: 'outbound-api',
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : (errorTexts[message.errorCode] ?? null),
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: '0',
    // a messaging service counts the segments later
    num_segments: message.status === 'accepted' ? '0' : String(segmentsOf(message.body)),
    price: null,
    price_unit: 'USD',
    sid,
    status: message.status,
    subresource_uris: { media: messagePath(accountSid, sid).replace('.json', '/Media.json') },
    to: message.to,
    uri: messagePath(accountSid, sid),
  };
}
