/**
 * The signed reference: `userReference` is the only thing of ours a callback carries, so it says whose it is and proves
 * that we made it. Jumio documents no signature of its own.
 */
import { timingSafeEqual } from 'node:crypto';
import { ProviderError } from '../provider.js';

/** A keyed hash of a text: 32 bytes. */
export type Mark = (text: string) => Buffer;

const checkIdPattern = /^[\w-]{1,52}$/;
const referencePattern = /^g1\.([\w-]{1,52})\.([\w-]{43})$/;

function tagOf(mark: Mark, checkId: string): Buffer {
  return mark(`jumio-userref:${checkId}`);
}

/** The reference of a check of ours, at most 100 characters, as Jumio wants it. */
export function referenceOf(mark: Mark, checkId: string): string {
  if (checkIdPattern.test(checkId)) return `g1.${checkId}.${tagOf(mark, checkId).toString('base64url')}`;
  throw new ProviderError('refused', 'a check id that cannot be a reference', { mayHaveActed: false });
}

/** Our check id out of a reference, or null when we did not make it. Constant-time; total. */
export function checkIdOf(mark: Mark, reference: unknown): string | null {
  const [, checkId, tag] = (typeof reference === 'string' && referencePattern.exec(reference)) || [];
  if (checkId === undefined || tag === undefined) return null;
  const given = Buffer.from(tag, 'base64url');
  const expected = tagOf(mark, checkId);
  // base64 has spare bits: only the one spelling that we write counts
  if (given.length !== expected.length || given.toString('base64url') !== tag) return null;
  return timingSafeEqual(given, expected) ? checkId : null;
}
