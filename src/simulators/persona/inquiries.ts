import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asFields, asText, type Fields } from '../wire/fields.js';
import type { PersonaContext } from './context.js';
import { badRequest, notFound } from './errors.js';
import {
  createInquiry,
  expireInquiry,
  makeLink,
  openBrowserSession,
  redactInquiry,
  resumeInquiry,
  reviewInquiry,
} from './inquiry-life.js';
import { reportWire, verificationWire } from './verifications.js';
import { accountWire, inquiryWire } from './wire.js';
import type { Inquiry } from './world.js';

/** What may be said about a new inquiry; anything else is refused. */
const attributeNames = [
  'template-id',
  'inquiry-template-id',
  'inquiry-template-version-id',
  'reference-id',
  'account-id',
  'creator-email-address',
  'theme-id',
  'theme-set-id',
  'redirect-uri',
  'note',
  'fields',
  'tags',
  'initial-step-name',
];

const metaNames = [
  'auto-create-account',
  'auto-create-account-type-id',
  'auto-create-account-reference-id',
  'auto-create-inquiry-session',
  'auto-create-one-time-link',
  'expiration-after-create-interval-seconds',
  'expiration-after-start-interval-seconds',
  'expiration-after-resume-interval-seconds',
  'one-time-link-expiration-seconds',
];

const templateKinds: Readonly<Record<string, RegExp>> = {
  'template-id': /^tmpl_/,
  'inquiry-template-id': /^itmpl_/,
  'inquiry-template-version-id': /^itmplv_/,
};

function refuseUnknown(given: Fields, known: readonly string[]): void {
  const stranger = Object.keys(given).find(name => !known.includes(name));
  if (stranger !== undefined) throw badRequest(`Unknown attribute ${stranger}`);
}

function templateOf(context: PersonaContext, attributes: Fields): string {
  const given = Object.keys(templateKinds).filter(name => attributes[name] != null);
  const [name = '', ...more] = given;
  const id = asText(attributes[name]);
  if (more.length > 0 || id === undefined) throw badRequest('Exactly one of the template ids must be given');
  if (!templateKinds[name]?.test(id)) throw badRequest('Template not found');
  const { templateIds } = context.settings;
  if (templateIds !== null && !templateIds.includes(id)) throw badRequest('Template not found');
  return id;
}

function create(context: PersonaContext, request: FastifyRequest) {
  const body = asFields(request.body);
  refuseUnknown(body, ['data', 'meta']);
  const attributes = asFields(asFields(body.data).attributes);
  const meta = asFields(body.meta);
  refuseUnknown(attributes, attributeNames);
  refuseUnknown(meta, metaNames);
  refuseUnknown(
    asFields(attributes.fields),
    context.settings.fieldNames ?? Object.keys(asFields(attributes.fields)),
  );
  const inquiry = createInquiry(context, {
    templateId: templateOf(context, attributes),
    referenceId: asText(attributes['reference-id']) ?? null,
    accountId: asText(attributes['account-id']) ?? null,
    redirectUri: asText(attributes['redirect-uri']) ?? null,
    note: asText(attributes.note) ?? null,
    fields: asFields(attributes.fields),
    byApi: true,
  });
  const link = meta['auto-create-one-time-link'] === true ? makeLink(context, inquiry) : undefined;
  const hasSession = meta['auto-create-inquiry-session'] === true;
  return {
    data: inquiryWire(inquiry),
    meta: {
      'session-token': hasSession ? openBrowserSession(context, inquiry) : null,
      'one-time-link': link?.link ?? null,
      'one-time-link-short': link?.short ?? null,
    },
  };
}

/** Since 2025-10-27 nothing is included that was not asked for. */
function includedFor(context: PersonaContext, inquiry: Inquiry, include: string | undefined): object[] {
  const wanted = (include ?? '').split(',');
  const account = inquiry.accountId === null ? undefined : context.world.accounts.get(inquiry.accountId);
  return [
    ...(wanted.includes('verifications')
      ? inquiry.verifications.map(each => verificationWire(context, each))
      : []),
    ...(wanted.includes('reports') ? inquiry.reports.map(reportWire) : []),
    ...(wanted.includes('account') && account ? [accountWire(account)] : []),
  ];
}

type ById = { Params: { id: string }; Querystring: { include?: string } };

const pageLimit = 100;

/** Newest first, a page at a time. */
function list(context: PersonaContext, query: Readonly<Record<string, string | undefined>>) {
  const all = [...context.world.inquiries.values()]
    .filter(({ attributes }) => {
      const reference = query['filter[reference-id]'];
      const status = query['filter[status]'];
      return (
        (reference === undefined || attributes['reference-id'] === reference) &&
        (status === undefined || attributes.status === status)
      );
    })
    .reverse();
  const after = query['page[after]'];
  const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const size = Math.min(Number(query['page[size]'] ?? 10), pageLimit);
  const page = all.slice(from, from + size);
  const more = from + size < all.length;
  const next = more ? `/api/v1/inquiries?page[after]=${page.at(-1)?.id}` : null;
  return { data: page.map(inquiryWire), links: { prev: null, next } };
}

/** `/inquiries` and below. */
export function inquiryRoutes(app: FastifyInstance, context: PersonaContext): void {
  const find = (id: string): Inquiry => {
    const inquiry = context.world.inquiries.get(id);
    if (!inquiry) throw notFound();
    return inquiry;
  };
  const dataOf = (inquiry: Inquiry) => ({ data: inquiryWire(inquiry) });

  app.post('/inquiries', async (request, reply) => reply.code(201).send(create(context, request)));
  app.get<{ Querystring: Record<string, string> }>('/inquiries', async request =>
    list(context, request.query),
  );
  app.get<ById>('/inquiries/:id', async request => {
    const inquiry = find(request.params.id);
    const included = includedFor(context, inquiry, request.query.include);
    return { ...dataOf(inquiry), included };
  });
  app.delete<ById>('/inquiries/:id', async request => {
    const inquiry = find(request.params.id);
    redactInquiry(context, inquiry);
    return dataOf(inquiry);
  });
  app.post<ById>('/inquiries/:id/generate-one-time-link', async request => {
    const inquiry = find(request.params.id);
    const { link, short } = makeLink(context, inquiry);
    return { ...dataOf(inquiry), meta: { 'one-time-link': link, 'one-time-link-short': short } };
  });
  app.post<ById>('/inquiries/:id/resume', async request => {
    const inquiry = find(request.params.id);
    const token = resumeInquiry(context, inquiry);
    return { ...dataOf(inquiry), meta: { 'session-token': token } };
  });
  for (const [word, status] of [
    ['approve', 'approved'],
    ['decline', 'declined'],
    ['mark-for-review', 'needs_review'],
  ] as const)
    app.post<ById>(`/inquiries/:id/${word}`, async request => {
      const inquiry = find(request.params.id);
      reviewInquiry(context, inquiry, status);
      return dataOf(inquiry);
    });
  app.post<ById>('/inquiries/:id/expire', async request => {
    const inquiry = find(request.params.id);
    expireInquiry(context, inquiry);
    return dataOf(inquiry);
  });
}
