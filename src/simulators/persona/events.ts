import { createHmac } from 'node:crypto';
import { type PersonaContext, timestamp } from './context.js';
import { inquiryWire } from './wire.js';
import { type Inquiry, newId, type Webhook } from './world.js';

/** `v1` of a signature: hex HMAC-SHA256 of `<t>.<body>`. */
export function sign(raw: string | Buffer, secret: string, t: number): string {
  return createHmac('sha256', secret).update(`${t}.`).update(raw).digest('hex');
}

/** What `X-Persona-Signature` holds in the published Ory setup: the HMAC of the body alone. */
export function signBare(raw: string | Buffer, secret: string): string {
  return createHmac('sha256', secret).update(raw).digest('hex');
}

/** The whole header, one group for each secret in force. */
export function signatureHeader(raw: string | Buffer, secrets: readonly string[], t: number): string {
  return secrets.map(secret => `t=${t},v1=${sign(raw, secret, t)}`).join(' ');
}

const inflections: Readonly<Record<Webhook['inflection'], (key: string) => string>> = {
  kebab: key => key,
  snake: key => key.replaceAll('-', '_'),
  camel: key => key.replace(/-([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase()),
};

/** Keys inside `fields` keep their form, whatever was asked for. */
function inflected(value: unknown, change: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map(each => inflected(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      change(key),
      key === 'fields' ? child : inflected(child, change),
    ]),
  );
}

/** One try, and seven more. */
const attemptsInAll = 8;

function headersFor(context: PersonaContext, webhook: Webhook, body: string, attempt: number) {
  const t = Math.floor(context.schedule.now() / 1000);
  const signature =
    webhook.form === 'persona'
      ? { 'persona-signature': signatureHeader(body, webhook.secrets, t) }
      : { 'x-persona-signature': signBare(body, webhook.secrets[0] ?? '') };
  return {
    ...signature,
    'persona-webhook-attempts-made': String(attempt),
    'persona-webhook-attempts-left': String(attemptsInAll - attempt),
  };
}

/** Tells of an inquiry; `name` may be any word, known or not. */
export function sendInquiryEvent(context: PersonaContext, inquiry: Inquiry, name: string): void {
  const event = {
    data: {
      type: 'event',
      id: newId('evt'),
      attributes: {
        name,
        payload: { data: inquiryWire(inquiry), included: [] },
        'created-at': timestamp(context),
      },
    },
  };
  context.world.events.push(event);
  const firstAt = String(Math.floor(context.schedule.now() / 1000));
  for (const webhook of context.world.webhooks) {
    const body = JSON.stringify(inflected(event, inflections[webhook.inflection]));
    context.courier.send({
      action: name,
      url: webhook.url,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Persona Webhooks (simulated)',
        'persona-webhook-first-attempted-at': firstAt,
      },
      headersAt: attempt => headersFor(context, webhook, body, attempt),
      body,
    });
  }
}
