/**
 * Keeps the one webhook that carries our name as it should be. Others, also on the same URL, are never touched: the
 * account may serve other installations, which get every event too.
 */
import { ProviderError } from '../provider.js';
import { apiPath, type OnfidoClient } from './client.js';
import { relevantActions } from './describe.js';
import { type Webhook, webhook, webhookList } from './payload.js';

export interface WebhookRequest {
  readonly client: OnfidoClient;
  /** `gatehouse:{installation}:{organization}` */
  readonly name: string;
  readonly url: string;
  readonly signal: AbortSignal;
}

export interface KeptWebhook {
  /** the secret deliveries are signed with; readable again at any time */
  readonly token: string;
  readonly id: string;
  /** something was written at Onfido */
  readonly changed: boolean;
}

/** Finds, creates or corrects the webhook. Looks first, so it may be repeated after any failure. */
export async function keepWebhook(request: WebhookRequest): Promise<KeptWebhook> {
  const { client, name, signal } = request;
  if (!name.startsWith('gatehouse:')) throw new ProviderError('refused', 'a webhook name that is not ours');
  const { webhooks } = await client.get(apiPath`/webhooks`, webhookList, { signal });
  const [kept, ...duplicates] = ownFirst(webhooks, request);
  if (!kept) return finish(request, await create(request), true);
  const corrections = correctionsOf(kept, request);
  const corrected = corrections ? await correct(request, kept, corrections) : kept;
  for (const duplicate of duplicates) await remove(request, duplicate);
  return finish(request, corrected, corrections !== null || duplicates.length > 0);
}

/** Ours, the one already on the right URL first: its deliveries are under way. */
function ownFirst(webhooks: readonly Webhook[], { name, url }: WebhookRequest): Webhook[] {
  const ours = webhooks.filter(each => each.name === name);
  return [...ours.filter(each => each.url === url), ...ours.filter(each => each.url !== url)];
}

function wanted({ url, name }: WebhookRequest) {
  return { url, name, enabled: true, events: [...relevantActions], payload_version: 3 };
}

function create(request: WebhookRequest): Promise<Webhook> {
  return request.client.send('POST', apiPath`/webhooks`, wanted(request), webhook, request.signal);
}

function correct(request: WebhookRequest, found: Webhook, corrections: object): Promise<Webhook> {
  return request.client.send('PUT', apiPath`/webhooks/${found.id}`, corrections, webhook, request.signal);
}

async function remove(request: WebhookRequest, duplicate: Webhook): Promise<void> {
  try {
    await request.client.run('DELETE', apiPath`/webhooks/${duplicate.id}`, null, request.signal);
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === 'missing')) throw error;
  }
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.every(each => other.includes(each)) && other.every(each => one.includes(each));
}

/** Only what is wrong, or null. */
function correctionsOf(found: Webhook, request: WebhookRequest): object | null {
  const right = wanted(request);
  const environments = environmentsFor(found, request.client.sandboxToken);
  const wrong = {
    ...(found.url !== right.url && { url: right.url }),
    ...(found.enabled !== true && { enabled: true }),
    ...(!sameSet(found.events ?? [], right.events) && { events: right.events }),
    ...(found.payload_version !== right.payload_version && { payload_version: right.payload_version }),
    ...(environments && { environments }),
  };
  return Object.keys(wrong).length > 0 ? wrong : null;
}

/** Left as the account has them, unless the environment of our own token is not among them. */
function environmentsFor(found: Webhook, sandboxToken: boolean | null): string[] | null {
  const listed = found.environments ?? [];
  if (sandboxToken === null || listed.length === 0) return null;
  const own = sandboxToken ? 'sandbox' : 'live';
  return listed.includes(own) ? null : [...listed, own];
}

async function finish(request: WebhookRequest, found: Webhook, changed: boolean): Promise<KeptWebhook> {
  const { client, signal } = request;
  const token = found.token ?? (await client.get(apiPath`/webhooks/${found.id}`, webhook, { signal })).token;
  if (!token) throw new ProviderError('later', 'Onfido does not tell the token of our webhook');
  return { token, id: found.id, changed };
}
