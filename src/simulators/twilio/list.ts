import { TwilioError } from './errors.js';
import { messagePath, type TwilioMessage, toWire } from './messages.js';

interface DateRange {
  readonly from: number;
  readonly to: number;
}

const dayMs = 24 * 3_600_000;

/** A date stands for its whole day, a date with time for itself. */
function readDate(text: string): DateRange {
  const start = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(start)) throw new TwilioError(400, 20001, `Invalid date: ${text}`);
  return { from: start, to: text.length === 10 ? start + dayMs - 1 : start + 999 };
}

/** Twilio compares whole seconds; what is not sent yet counts by its creation. */
function fitsDates(query: URLSearchParams, message: TwilioMessage): boolean {
  const at = Math.floor((message.sentAt ?? message.createdAt) / 1000) * 1000;
  const [on, after, before] = [query.get('DateSent'), query.get('DateSent>'), query.get('DateSent<')];
  if (on && (at < readDate(on).from || at > readDate(on).to)) return false;
  if (after && at < Math.floor(readDate(after).from / 1000) * 1000) return false;
  return !(before && at > readDate(before).to);
}

function fits(query: URLSearchParams, message: TwilioMessage): boolean {
  const [to, from] = [query.get('To'), query.get('From')];
  return (!to || message.to === to) && (!from || message.from === from) && fitsDates(query, message);
}

function pageUri(accountSid: string, query: URLSearchParams, page: number, size: number): string {
  const copy = new URLSearchParams(query);
  copy.set('PageSize', String(size));
  copy.set('Page', String(page));
  if (page > 0) copy.set('PageToken', `PASM${page}`);
  return `${messagePath(accountSid)}?${copy}`;
}

/** A page of the account's messages, newest first. `DateSent>` and `DateSent<` include their day or second. */
export function listMessages(all: readonly TwilioMessage[], accountSid: string, query: URLSearchParams) {
  const size = Math.min(1000, Math.max(1, Number(query.get('PageSize') ?? 50) || 50));
  const page = Math.max(0, Number(query.get('Page') ?? 0) || 0);
  const found = all.filter(message => message.accountSid === accountSid && fits(query, message)).reverse();
  const messages = found.slice(page * size, (page + 1) * size).map(toWire);
  return {
    messages,
    start: page * size,
    end: page * size + Math.max(0, messages.length - 1),
    page,
    page_size: size,
    first_page_uri: pageUri(accountSid, query, 0, size),
    next_page_uri: (page + 1) * size < found.length ? pageUri(accountSid, query, page + 1, size) : null,
    previous_page_uri: page > 0 ? pageUri(accountSid, query, page - 1, size) : null,
    uri: pageUri(accountSid, query, page, size),
  };
}
