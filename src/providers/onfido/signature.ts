import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DeliveryCheck, ReceivedDelivery } from '../provider.js';

const hexDigest = /^[0-9a-f]{64}$/i;

/**
 * Whether Onfido signed these bytes with one of the live tokens (during a rotation, or with sandbox and live webhooks,
 * there are several). A repeated header is refused: which one counts would be a guess. Never throws.
 */
export function verifySignature(delivery: ReceivedDelivery, tokens: readonly string[]): DeliveryCheck {
  const header = delivery.headers['x-sha2-signature'];
  if (typeof header !== 'string' || !hexDigest.test(header)) return 'forged';
  // Anybody can sign with an empty key.
  const usable = tokens.filter(token => token !== '');
  if (usable.length === 0) return 'unprepared';
  const given = Buffer.from(header.toLowerCase());
  const matches = usable.filter(token => timingSafeEqual(given, digest(token, delivery.raw)));
  return matches.length > 0 ? 'genuine' : 'forged';
}

/** As hexadecimal, which costs half as much as a buffer outside the pool. */
function digest(token: string, raw: Buffer): Buffer {
  return Buffer.from(createHmac('sha256', token).update(raw).digest('hex'));
}
