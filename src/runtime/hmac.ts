/**
 * HMAC-SHA256 (RFC 2104), the same as `createHmac`'s. That one makes a stream with native parts for every message, which
 * the garbage collector has to follow: whatever the providers send is judged by it first, forgeries too, and it took an
 * eighth of the processor time of a delivery more than this.
 */
import { hash, timingSafeEqual } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 32;
/** Longer messages than nearly every delivery; those that are longer get a buffer of their own. */
const usualBytes = 16 * 1024;

// one message at a time, so what it takes is there already
const key = Buffer.alloc(blockBytes);
const inner = Buffer.alloc(blockBytes + usualBytes);
const outer = Buffer.alloc(blockBytes + digestBytes);
const claim = Buffer.alloc(digestBytes);
const digest = Buffer.alloc(digestBytes);

/**
 * Whether `claimed`, a digest in hexadecimal of any case, is that of `prefix` and `bytes` under the secret; in constant
 * time. Anything but 64 hexadecimal digits is not. Never throws. An empty secret is a secret like any other: to refuse
 * it is the caller's.
 */
export function isHmac(claimed: string, secret: string, bytes: Buffer, prefix = ''): boolean {
  if (claimed.length !== 2 * digestBytes || claim.write(claimed, 'hex') !== digestBytes) return false;
  computeDigest(secret, bytes, prefix);
  return timingSafeEqual(claim, digest);
}

function computeDigest(secret: string, bytes: Buffer, prefix: string): void {
  key.fill(0);
  if (Buffer.byteLength(secret) > blockBytes) key.write(sha256(secret), 'hex');
  else key.write(secret);
  const length = blockBytes + Buffer.byteLength(prefix) + bytes.length;
  const message = length <= inner.length ? inner.subarray(0, length) : Buffer.allocUnsafe(length);
  pad(message, 0x36);
  pad(outer, 0x5c);
  message.write(prefix, blockBytes);
  bytes.copy(message, length - bytes.length);
  outer.write(sha256(message), blockBytes, 'hex');
  digest.write(sha256(outer), 'hex');
}

function pad(target: Buffer, byte: number): void {
  for (let i = 0; i < blockBytes; i++) target[i] = (key[i] ?? 0) ^ byte;
}

/** As hexadecimal: a buffer would be one more thing for the garbage collector to follow. */
function sha256(data: string | Buffer): string {
  return hash('sha256', data, 'hex');
}
