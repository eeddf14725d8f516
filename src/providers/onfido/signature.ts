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
  const given = Buffer.from(header.toLowerCase());
  let usable = 0;
  let matches = 0;
  for (const token of tokens) {
    // anybody can sign with an empty key
    if (token === '') continue;
    usable += 1;
    if (timingSafeEqual(given, digest(token, delivery.raw))) matches += 1;
  }
  if (usable === 0) return 'unprepared';
  return matches > 0 ? 'genuine' : 'forged';
}

/** As hexadecimal, which costs half as much as a buffer outside the pool. */
function digest(token: string, raw: Buffer): Buffer {
  return Buffer.from(createHmac('sha256', token).update(raw).digest('hex'));
}
