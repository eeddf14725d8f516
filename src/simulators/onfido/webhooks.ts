import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asFields, asText, asTexts, type Fields } from '../wire/fields.js';
import { basePath, isSandbox, type OnfidoContext } from './context.js';
import { invalid, notFound } from './errors.js';
import { eventTypes, sendCheckEvent } from './events.js';
import type { WebhookWire, World } from './world.js';

function findWebhook(world: World, id: string): WebhookWire {
  const webhook = world.webhooks.get(id);
  if (!webhook) throw notFound('webhook', id);
  return webhook;
}

function urlProblem(value: unknown): string | undefined {
  const url = asText(value);
  if (!url) return "can't be blank";
  if (!URL.canParse(url)) return 'is not a valid URL';
  return new URL(url).protocol === 'https:' ? undefined : 'must be https';
}

/** Throws what is wrong with the given fields. */
function checkFields(body: Fields, creating: boolean): void {
  const problems: Record<string, string[]> = {};
  const url = creating || body.url !== undefined ? urlProblem(body.url) : undefined;
  if (url) problems.url = [url];
  const { events, environments, payload_version: version } = body;
  if (events != null && !asTexts(events)?.every(event => eventTypes.includes(event)))
    problems.events = ['contains unknown events'];
  if (environments != null && !asTexts(environments)?.every(name => name === 'sandbox' || name === 'live'))
    problems.environments = ['must be sandbox or live'];
  if (version != null && !Number.isInteger(version)) problems.payload_version = ['must be a number'];
  if (body.enabled != null && typeof body.enabled !== 'boolean') problems.enabled = ['must be a boolean'];
  if (Object.keys(problems).length > 0) throw invalid(problems);
}

const plainFields = [
  'url',
  'name',
  'enabled',
  'events',
  'environments',
  'payload_version',
  'oauth_enabled',
] as const;
const oauthTexts = [
  'oauth_server_url',
  'oauth_server_client_id',
  'oauth_server_client_secret',
  'oauth_server_scope',
] as const;

function write(webhook: WebhookWire, body: Fields): void {
  const given = [...plainFields, ...oauthTexts].filter(
    field => body[field] !== undefined && body[field] !== null,
  );
  Object.assign(webhook, Object.fromEntries(given.map(field => [field, body[field]])));
}

function createWebhook(context: OnfidoContext, request: FastifyRequest): WebhookWire {
  const body = asFields(request.body);
  checkFields(body, true);
  const id = randomUUID();
  const webhook: WebhookWire = {
    id,
    href: `${basePath}/webhooks/${id}`,
    token: randomBytes(24).toString('base64url'),
    url: '',
    name: null,
    enabled: true,
    events: eventTypes,
    environments: isSandbox(request) ? ['sandbox'] : ['sandbox', 'live'],
    payload_version: 3,
    oauth_enabled: false,
    oauth_server_url: null,
    oauth_server_client_id: null,
    oauth_server_client_secret: null,
    oauth_server_scope: null,
  };
  write(webhook, body);
  context.world.webhooks.set(id, webhook);
  return webhook;
}

/** Sends the completion of finished checks again; anything else in the list refuses the whole. */
function resend(context: OnfidoContext, body: Fields): void {
  const data = Array.isArray(body.data) ? body.data.map(asFields) : [];
  if (data.length === 0) throw invalid({ data: ["can't be blank"] });
  const checks = data.map(({ resource_id: id, event }) => {
    const check = context.world.checks.get(String(id));
    if (event !== 'check.completed') throw invalid({ data: ['event must be check.completed'] });
    if (check?.wire.status !== 'complete') throw invalid({ data: ['resource_id is not a completed check'] });
    return check;
  });
  for (const check of checks) sendCheckEvent(context, check, 'check.completed');
}

type ById = { Params: { id: string } };

/** `/webhooks` and below. */
export function webhookRoutes(app: FastifyInstance, context: OnfidoContext): void {
  const { world } = context;
  app.post('/webhooks', async (request, reply) => reply.code(201).send(createWebhook(context, request)));
  app.get('/webhooks', async () => ({ webhooks: [...world.webhooks.values()] }));
  app.post('/webhooks/resend', async (request, reply) => {
    resend(context, asFields(request.body));
    return reply.code(204).send();
  });
  app.get<ById>('/webhooks/:id', async request => findWebhook(world, request.params.id));
  app.put<ById>('/webhooks/:id', async request => {
    const webhook = findWebhook(world, request.params.id);
    const body = asFields(request.body);
    checkFields(body, false);
    write(webhook, body);
    return webhook;
  });
  app.delete<ById>('/webhooks/:id', async (request, reply) => {
    world.webhooks.delete(findWebhook(world, request.params.id).id);
    return reply.code(204).send();
  });
}
