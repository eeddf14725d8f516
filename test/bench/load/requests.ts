/** Requests as they go over the wire, whole: the generator only writes them. */
import { createHmac, randomUUID } from 'node:crypto';
import type { Asked } from './orders.js';

const forgedSignature = '0'.repeat(64);

/** Returns a function that gives the next request. `closes` asks the server to end the connection afterwards. */
export function createRequests(asked: Asked, closes: boolean): () => string {
  if (asked.kind === 'deliveries') return () => delivery(asked, closes);
  const { texts } = asked;
  let next = 0;
  return () => texts[next++ % texts.length] ?? '';
}

/** A `check.completed` as Onfido sends it, about a check that no other delivery is about. */
function delivery(asked: Extract<Asked, { kind: 'deliveries' }>, closes: boolean): string {
  const id = randomUUID();
  const body = JSON.stringify({
    payload: {
      resource_type: 'check',
      action: 'check.completed',
      object: {
        id,
        status: 'complete',
        completed_at_iso8601: '2026-03-04T10:00:00Z',
        href: `https://api.eu.onfido.com/v3.6/checks/${id}`,
      },
    },
  });
  const signature = asked.forged
    ? forgedSignature
    : createHmac('sha256', asked.token).update(body).digest('hex');
  const lines = {
    host: 'kyc.example.net',
    'user-agent': 'Onfido Webhooks',
    accept: '*/*',
    'content-type': 'application/json',
    'x-sha2-signature': signature,
  };
  return requestText('POST', asked.path, lines, body, closes);
}

/** One HTTP/1.1 request. Latin-1 only, so that its length is its number of characters. */
export function requestText(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
  closes = false,
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = body === '' ? '' : `content-length: ${body.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}${closes ? 'connection: close\r\n' : ''}\r\n${body}`;
}
