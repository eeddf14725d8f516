/**
 * Persona's signatures. Real webhooks carry `Persona-Signature: t=<seconds>,v1=<hex>` over `<t>.<body>`, several groups
 * of it while a secret is being replaced. The published Ory setup expects `X-Persona-Signature` with the bare HMAC of the
 * body, which is understood too, but only where the real one is absent.
 */
import { isHmac } from '../../runtime/hmac.js';
import type { DeliveryCheck, ReceivedDelivery } from '../provider.js';

/** How old and how far ahead of our clock a signature's time may be. */
const oldestMs = 300_000;
const earliestMs = 60_000;

const longestHeader = 2048;
const mostGroups = 8;
const hexDigest = /^[0-9a-f]{64}$/i;
const seconds = /^\d{1,12}$/;

/** A digest with the text that was signed before the body. */
interface Claim {
  readonly digest: string;
  /** `<t>.`, or nothing in the bare form */
  readonly prefix: string;
}

interface Group {
  readonly time: string | undefined;
  readonly digests: readonly string[];
}

function readGroup(text: string): Group {
  const pairs = text.split(',').map(pair => {
    const at = pair.indexOf('=');
    return [pair.slice(0, Math.max(at, 0)), pair.slice(at + 1)] as const;
  });
  const valuesOf = (name: string) => pairs.filter(([key]) => key === name).map(([, value]) => value);
  const times = valuesOf('t').filter(value => seconds.test(value));
  return { time: times[0], digests: valuesOf('v1').filter(value => hexDigest.test(value)) };
}

/** Persona's own samples check every digest with the first group's time, so both that one and the group's own count. */
function claimsOf(header: string, isFresh: (time: string) => boolean): Claim[] {
  const groups = header.split(/ +/).slice(0, mostGroups).map(readGroup);
  const first = groups[0]?.time;
  return groups.flatMap(({ time, digests }) =>
    [...new Set([time, first])].flatMap(each =>
      each === undefined || !isFresh(each) ? [] : digests.map(digest => ({ digest, prefix: `${each}.` })),
    ),
  );
}

function bareOrTimed(header: string, isFresh: (time: string) => boolean): Claim[] {
  return hexDigest.test(header) ? [{ digest: header, prefix: '' }] : claimsOf(header, isFresh);
}

/** A repeated header is refused: which one counts would be a guess. */
function headerOf(delivery: ReceivedDelivery, name: string): string | undefined {
  const header = delivery.headers[name];
  return typeof header === 'string' && header.length <= longestHeader ? header : undefined;
}

/**
 * Whether Persona signed these bytes with one of the live secrets (during a rotation there are several). `now` is epoch
 * milliseconds. The bare form has no time: what protects against its repetition is that a delivery only has the inquiry
 * asked for anew. Never throws.
 */
export function verifySignature(
  delivery: ReceivedDelivery,
  secrets: readonly string[],
  now: number,
): DeliveryCheck {
  const isFresh = (time: string) => {
    const ahead = Number(time) * 1000 - now;
    return ahead <= earliestMs && ahead >= -oldestMs;
  };
  const real = delivery.headers['persona-signature'] !== undefined;
  const header = headerOf(delivery, real ? 'persona-signature' : 'x-persona-signature');
  if (header === undefined) return 'forged';
  const claims = real ? claimsOf(header, isFresh) : bareOrTimed(header, isFresh);
  if (claims.length === 0) return 'forged';
  // Anybody can sign with an empty key.
  const usable = secrets.filter(secret => secret !== '');
  if (usable.length === 0) return 'unprepared';
  const matches = claims.filter(({ digest, prefix }) =>
    usable.some(secret => isHmac(digest, secret, delivery.raw, prefix)),
  );
  return matches.length > 0 ? 'genuine' : 'forged';
}
