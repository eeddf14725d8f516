import { isHmac } from '../../runtime/hmac.js';
import type { DeliveryCheck, ReceivedDelivery } from '../provider.js';

const hexDigest = /^[0-9a-f]{64}$/i;

/**
 * Whether Onfido signed these bytes with one of the live tokens (during a rotation, or with sandbox and live webhooks,
 * there are several). A repeated header is refused: which one counts would be a guess. Never throws.
 */
export function verifySignature(delivery: ReceivedDelivery, tokens: readonly string[]): DeliveryCheck {
  const header = delivery.headers['x-sha2-signature'];
  if (typeof header !== 'string' || !hexDigest.test(header)) return 'forged';
  let usable = 0;
  let matches = 0;
  for (const token of tokens) {
    // anybody can sign with an empty key
    if (token === '') continue;
    usable += 1;
    if (isHmac(header, token, delivery.raw)) matches += 1;
  }
  if (usable === 0) return 'unprepared';
  return matches > 0 ? 'genuine' : 'forged';
}
