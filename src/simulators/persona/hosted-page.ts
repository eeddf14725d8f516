/**
 * A stand-in for Persona's hosted page: instead of taking photos, the visitor picks how it ends. Three ways in: a
 * one-time link, which whoever fetches it first burns; an inquiry nobody has begun, by its id; and a template's own link,
 * which makes a new inquiry under whatever reference the visitor likes.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { asFields, asText } from '../wire/fields.js';
import type { PersonaContext } from './context.js';
import { createInquiry, finishInquiry, openBrowserSession, startInquiry } from './inquiry-life.js';
import { type OutcomeName, outcomes } from './outcomes.js';
import type { Inquiry } from './world.js';

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title></head><body><h1>${escaped(title)}</h1>${body}</body></html>`;
}

function send(reply: FastifyReply, status: number, title: string, body = ''): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .send(page(title, body));
}

function choices(session: string): string {
  const button = ([name, { description }]: [string, { description: string }]) =>
    `<p><button name="outcome" value="${escaped(name)}">${escaped(name)}</button> ${escaped(description)}</p>`;
  return `<form method="post" action="/verify/finish"><input type="hidden" name="session" value="${escaped(session)}">
${Object.entries(outcomes).map(button).join('\n')}</form>`;
}

function redirectOf({ id, attributes, redirectUri }: Inquiry): string | null {
  if (redirectUri === null) return null;
  const url = new URL(redirectUri);
  url.searchParams.set('inquiry-id', id);
  const reference = asText(attributes['reference-id']);
  if (reference !== undefined) url.searchParams.set('reference-id', reference);
  url.searchParams.set('status', attributes.status);
  return url.href;
}

type Entry = {
  Querystring: {
    code?: string;
    'inquiry-id'?: string;
    'session-token'?: string;
    'inquiry-template-id'?: string;
    'template-id'?: string;
    'reference-id'?: string;
    'redirect-uri'?: string;
  };
};

function enterByTemplate(context: PersonaContext, query: Entry['Querystring']): Inquiry | null {
  const templateId = query['inquiry-template-id'] ?? query['template-id'];
  const { templateIds } = context.settings;
  if (templateId === undefined || (templateIds !== null && !templateIds.includes(templateId))) return null;
  return createInquiry(context, {
    templateId,
    referenceId: query['reference-id'] ?? null,
    redirectUri: query['redirect-uri'] ?? null,
    byApi: false,
  });
}

function enterById(context: PersonaContext, query: Entry['Querystring']): Inquiry | null {
  const inquiry = context.world.inquiries.get(query['inquiry-id'] ?? '');
  if (!inquiry) return null;
  const session = context.world.sessions.get(query['session-token'] ?? '');
  return inquiry.attributes.status === 'created' || session === inquiry.id ? inquiry : null;
}

function enterByCode(context: PersonaContext, code: string): Inquiry | null {
  const link = context.world.links.get(code);
  if (!link || link.used) return null;
  link.used = true;
  return context.world.inquiries.get(link.inquiryId) ?? null;
}

/** `/verify` and below. */
export function hostedPage(app: FastifyInstance, context: PersonaContext): void {
  const { world } = context;
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  );
  app.get<Entry>('/verify', async (request, reply) => {
    const { code, ...query } = request.query;
    const inquiry =
      code === undefined
        ? (enterById(context, query) ?? enterByTemplate(context, query))
        : enterByCode(context, code);
    if (!inquiry) return send(reply, 410, 'This link has been used or has run out');
    startInquiry(context, inquiry);
    if (inquiry.attributes.status !== 'pending') return send(reply, 410, 'This verification is over');
    return send(reply, 200, 'How does the verification end?', choices(openBrowserSession(context, inquiry)));
  });
  app.post('/verify/finish', async (request, reply) => {
    const { session, outcome } = asFields(request.body);
    const inquiry = world.inquiries.get(world.sessions.get(String(session)) ?? '');
    const chosen = asText(outcome) ?? '';
    if (!inquiry || !Object.hasOwn(outcomes, chosen)) return send(reply, 400, 'This is not possible');
    finishInquiry(context, inquiry, outcomes[chosen as OutcomeName]);
    const target = redirectOf(inquiry);
    return target === null ? send(reply, 200, 'You are done') : reply.redirect(target, 303);
  });
}
