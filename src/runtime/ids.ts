import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** What an id is of; the prefix makes a pasted id say so. */
export type IdPrefix = 'idn' | 'reg' | 'case' | 'ksk' | 'ntc' | 'inst' | 'era';

/**
 * A new id: prefix, ten characters of time (so that rows made later sort later), sixteen random ones (80 bits).
 * An id names a thing; it is not a credential.
 */
export function newId(prefix: IdPrefix, now: number): string {
  let time = '';
  for (let rest = now, place = 0; place < 10; place++, rest = Math.floor(rest / 32))
    time = alphabet[rest % 32] + time;
  const random = Array.from(randomBytes(16), byte => alphabet[byte % 32]).join('');
  return `${prefix}_${time}${random}`;
}
