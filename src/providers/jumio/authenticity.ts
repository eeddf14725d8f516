/** Who sent a callback. Whatever proves it, the callback is only a hint to ask: nothing in it is believed. */
import { createNetworkList } from '../../runtime/addresses.js';
import { isHmac } from '../../runtime/hmac.js';
import type { DeliveryCheck, ReceivedDelivery } from '../provider.js';
import { callbackBody, parseJson } from './payload.js';
import { checkIdOf, type Mark } from './reference.js';

const header = 'x-jumio-signature';
const signaturePattern = /^(?:sha256=)?([0-9a-f]{64})$/i;

/** What a callback is judged by. */
export interface Authenticity {
  /** secrets of whatever signs in front of this box; Jumio itself signs nothing */
  readonly secrets: () => readonly string[];
  readonly mark: Mark;
  /** addresses or networks, one of which must have sent it; empty: any */
  readonly addresses: readonly string[];
}

/** Whether one of the secrets signed these bytes: HMAC-SHA256 in hex of any case, `sha256=` before it or not. */
export function isSignature(value: string, raw: Buffer, secrets: readonly string[]): boolean {
  const [, hex] = signaturePattern.exec(value) ?? [];
  if (hex === undefined) return false;
  const matches = secrets.filter(secret => isHmac(hex, secret, raw));
  return matches.length > 0;
}

/**
 * A signature header must be right if there is one. Without one, a reference that we signed proves that the sender
 * knows of a check of ours. A list of addresses restricts both and proves nothing. Never throws.
 */
export function createVerify(by: Authenticity): (delivery: ReceivedDelivery) => DeliveryCheck {
  const isListed = by.addresses.length === 0 ? null : createNetworkList(by.addresses);
  return ({ raw, headers, address }) => {
    if (raw.length === 0 || (isListed && !isListed(address ?? ''))) return 'forged';
    const signature = headers[header];
    if (signature === undefined) return hasOurReference(by.mark, raw) ? 'genuine' : 'forged';
    // a header sent twice: which one counts would be a guess
    if (typeof signature !== 'string' || !signaturePattern.test(signature)) return 'forged';
    // Anybody can sign with an empty key.
    const secrets = by.secrets().filter(secret => secret !== '');
    if (secrets.length === 0) return 'unprepared';
    return isSignature(signature, raw, secrets) ? 'genuine' : 'forged';
  };
}

function hasOurReference(mark: Mark, raw: Buffer): boolean {
  const body = callbackBody.safeParse(parseJson(raw));
  return body.success && checkIdOf(mark, body.data.userReference) !== null;
}
