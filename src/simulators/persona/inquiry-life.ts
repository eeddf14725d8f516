/** What happens to an inquiry, each step with its event. */
import { type PersonaContext, timestamp } from './context.js';
import { conflict } from './errors.js';
import { sendInquiryEvent } from './events.js';
import type { Outcome } from './outcomes.js';
import { takeVerifications } from './verifications.js';
import { type Account, type Inquiry, newId } from './world.js';

/** What an inquiry is made from. */
export interface NewInquiry {
  readonly templateId: string;
  readonly referenceId?: string | null;
  readonly accountId?: string | null;
  readonly redirectUri?: string | null;
  readonly note?: string | null;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  readonly byApi: boolean;
}

function accountOf(context: PersonaContext, given: NewInquiry): string | null {
  if (given.accountId) return given.accountId;
  const accounts = [...context.world.accounts.values()];
  const known =
    given.referenceId && accounts.find(({ attributes }) => attributes['reference-id'] === given.referenceId);
  if (known) return known.id;
  const now = timestamp(context);
  const account: Account = {
    id: newId('act'),
    attributes: {
      'reference-id': given.referenceId ?? null,
      'account-type-name': 'User',
      'created-at': now,
      'updated-at': now,
      'redacted-at': null,
      tags: [],
      fields: {},
    },
  };
  context.world.accounts.set(account.id, account);
  return account.id;
}

/** Makes an inquiry that nobody has touched. */
export function createInquiry(context: PersonaContext, given: NewInquiry): Inquiry {
  const now = timestamp(context);
  const fields = Object.entries(given.fields ?? {}).map(([name, value]) => [
    name,
    { type: 'string', value: value ?? null },
  ]);
  const inquiry: Inquiry = {
    id: newId('inq'),
    templateId: given.templateId,
    accountId: accountOf(context, given),
    redirectUri: given.redirectUri ?? null,
    byApi: given.byApi,
    verifications: [],
    reports: [],
    reviewer: null,
    attributes: {
      status: 'created',
      'reference-id': given.referenceId ?? null,
      note: given.note ?? null,
      behaviors: {},
      tags: given.tags ?? [],
      creator: given.byApi ? 'API' : 'Hosted flow',
      'reviewer-comment': null,
      'created-at': now,
      'updated-at': now,
      'started-at': null,
      'expires-at': timestamp(context, context.settings.inquiryLifeMs),
      'completed-at': null,
      'failed-at': null,
      'marked-for-review-at': null,
      'decisioned-at': null,
      'expired-at': null,
      'redacted-at': null,
      'previous-step-name': null,
      'next-step-name': 'start',
      fields: Object.fromEntries(fields),
    },
  };
  context.world.inquiries.set(inquiry.id, inquiry);
  sendInquiryEvent(context, inquiry, 'inquiry.created');
  watchExpiry(context, inquiry);
  return inquiry;
}

function watchExpiry(context: PersonaContext, inquiry: Inquiry): void {
  const due = inquiry.attributes['expires-at'];
  context.schedule.after(context.settings.inquiryLifeMs, () => {
    const waits = ['created', 'pending'].includes(inquiry.attributes.status);
    if (waits && inquiry.attributes['expires-at'] === due) expireInquiry(context, inquiry);
  });
}

const words: Readonly<Record<string, { readonly at: string; readonly event: string }>> = {
  pending: { at: 'started-at', event: 'inquiry.started' },
  completed: { at: 'completed-at', event: 'inquiry.completed' },
  failed: { at: 'failed-at', event: 'inquiry.failed' },
  expired: { at: 'expired-at', event: 'inquiry.expired' },
  needs_review: { at: 'marked-for-review-at', event: 'inquiry.marked-for-review' },
  approved: { at: 'decisioned-at', event: 'inquiry.approved' },
  declined: { at: 'decisioned-at', event: 'inquiry.declined' },
};

/** The event's word for a status. */
export function eventOf(status: string): string {
  return words[status]?.event ?? 'inquiry.transitioned';
}

/** Sets a status, known or not, with its time and its event. */
export function moveInquiry(context: PersonaContext, inquiry: Inquiry, status: string): void {
  const now = timestamp(context);
  inquiry.attributes.status = status;
  inquiry.attributes['updated-at'] = now;
  const { at } = words[status] ?? {};
  if (at !== undefined) inquiry.attributes[at] = now;
  sendInquiryEvent(context, inquiry, eventOf(status));
}

/** The customer opened the flow. */
export function startInquiry(context: PersonaContext, inquiry: Inquiry): void {
  if (inquiry.attributes.status === 'created') moveInquiry(context, inquiry, 'pending');
}

/** The customer comes to the end of the flow; the decision follows by itself, if the template has one. */
export function finishInquiry(context: PersonaContext, inquiry: Inquiry, outcome: Outcome): void {
  startInquiry(context, inquiry);
  if (inquiry.attributes.status !== 'pending') throw conflict('Inquiry is not in progress');
  takeVerifications(context, inquiry, outcome);
  moveInquiry(context, inquiry, outcome.flow);
  const { decision } = outcome;
  if (decision === undefined) return;
  context.schedule.after(context.settings.decideAfterMs, () => {
    inquiry.reviewer = { type: outcome.reviewer ?? 'workflow-run', id: newId('wfr') };
    moveInquiry(context, inquiry, decision);
  });
}

/** Somebody at Persona decides, once more if need be. */
export function reviewInquiry(context: PersonaContext, inquiry: Inquiry, status: string): void {
  inquiry.reviewer = { type: 'user', id: newId('user') };
  moveInquiry(context, inquiry, status);
}

export function expireInquiry(context: PersonaContext, inquiry: Inquiry): void {
  for (const [code, link] of context.world.links)
    if (link.inquiryId === inquiry.id) context.world.links.delete(code);
  for (const [token, id] of context.world.sessions)
    if (id === inquiry.id) context.world.sessions.delete(token);
  moveInquiry(context, inquiry, 'expired');
}

/** Gives a session for one that is under way, or brings one back that has run out. */
export function resumeInquiry(context: PersonaContext, inquiry: Inquiry): string {
  const { status } = inquiry.attributes;
  if (status !== 'pending' && status !== 'expired')
    throw conflict(`Inquiry cannot be resumed from ${status}`);
  if (status === 'expired') {
    inquiry.attributes.status = 'pending';
    inquiry.attributes['expires-at'] = timestamp(context, context.settings.inquiryLifeMs);
    watchExpiry(context, inquiry);
  }
  return openBrowserSession(context, inquiry);
}

export function openBrowserSession(context: PersonaContext, inquiry: Inquiry): string {
  const token = newId('session');
  context.world.sessions.set(token, inquiry.id);
  return token;
}

/** A link that works once. */
export function makeLink(context: PersonaContext, inquiry: Inquiry): { link: string; short: string } {
  const { status } = inquiry.attributes;
  if (status !== 'created' && status !== 'pending') throw conflict(`Inquiry is ${status}`);
  const code = `us1-${newId('c').slice(2)}`;
  context.world.links.set(code, { inquiryId: inquiry.id, used: false });
  const link = `${context.place.origin}/verify?code=${code}`;
  return { link, short: link };
}

/** What was collected is gone; the status stays. */
export function redactInquiry(context: PersonaContext, inquiry: Inquiry): void {
  if (inquiry.attributes['redacted-at'] !== null) throw conflict('Inquiry already redacted');
  inquiry.attributes['redacted-at'] = timestamp(context);
  inquiry.attributes.fields = {};
  for (const verification of inquiry.verifications) {
    for (const { id } of verification.photos.values()) context.world.files.delete(id);
    context.world.verifications.delete(verification.id);
  }
  inquiry.verifications.length = 0;
  inquiry.reports.length = 0;
  sendInquiryEvent(context, inquiry, 'inquiry.redacted');
}
