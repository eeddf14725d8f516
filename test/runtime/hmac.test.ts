import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHmac } from '../../src/runtime/hmac.js';

/** Secret, message and HMAC-SHA256 of RFC 4231, sections 4.3 and 4.2. The other secrets there are no text. */
const published: readonly [string, string, string][] = [
  [
    'Jefe',
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  ['\x0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
];

for (const [secret, message, digest] of published) {
  test(`RFC 4231: ${message}`, () => assert.ok(isHmac(digest, secret, Buffer.from(message))));
}

const secrets = fc.string({ unit: 'binary', maxLength: 200 });
/** Lengths on both sides of a block and of the buffer that is there already. */
const messages = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.integer({ min: 16_200, max: 16_500 }).map(length => new Uint8Array(length).fill(length)),
  fc.constant(new Uint8Array(300_000).fill(7)),
);

function digestOf(secret: string, prefix: string, bytes: Uint8Array): string {
  return createHmac('sha256', secret).update(prefix).update(bytes).digest('hex');
}

test('whatever is signed, it finds the digest that node finds, in any case', () => {
  fc.assert(
    fc.property(secrets, fc.string({ unit: 'binary', maxLength: 40 }), messages, (secret, prefix, bytes) => {
      const digest = digestOf(secret, prefix, bytes);
      return (
        isHmac(digest, secret, Buffer.from(bytes), prefix) &&
        isHmac(digest.toUpperCase(), secret, Buffer.from(bytes), prefix)
      );
    }),
    { numRuns: 500 },
  );
});

test('a changed digest, secret, prefix or message is not signed', () => {
  const bit = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(secrets, messages, bit, (secret, bytes, at) => {
      const digest = Buffer.from(digestOf(secret, 't.', bytes), 'hex');
      const raw = Buffer.from(bytes);
      const right = digest.toString('hex');
      digest[at >> 3] = (digest[at >> 3] ?? 0) ^ (1 << (at & 7));
      return (
        isHmac(right, secret, raw, 't.') &&
        !isHmac(digest.toString('hex'), secret, raw, 't.') &&
        !isHmac(right, `${secret}x`, raw, 't.') &&
        !isHmac(right, secret, raw, 't') &&
        !isHmac(right, secret, Buffer.concat([raw, Buffer.from([at])]), 't.')
      );
    }),
    { numRuns: 200 },
  );
});

for (const length of [63, 64, 65]) {
  test(`a secret of ${length} bytes, a block being 64, is found as well`, () => {
    const secret = 'k'.repeat(length);
    assert.ok(isHmac(digestOf(secret, '', Buffer.from('x')), secret, Buffer.from('x')));
  });
}

test('a digest that breaks off is not filled up from the one before', () => {
  const right = digestOf('s', '', Buffer.from('x'));
  assert.ok(isHmac(right, 's', Buffer.from('x')));
  assert.equal(isHmac(`${right.slice(0, 62)}zz`, 's', Buffer.from('x')), false);
  assert.equal(isHmac('z'.repeat(64), 's', Buffer.from('x')), false);
  assert.equal(isHmac(`${right}00`, 's', Buffer.from('x')), false);
});

test('nothing stays of the message or secret before', () => {
  const long = 'a secret of more than one block, which leaves something behind if it is allowed to: '.repeat(
    3,
  );
  const digest = digestOf('short', '', Buffer.from('x'));
  isHmac(digest, long, Buffer.alloc(10_000, 1), 'prefix');
  assert.ok(isHmac(digest, 'short', Buffer.from('x')));
});

for (const claimed of [
  '',
  '0'.repeat(62),
  '0'.repeat(66),
  'g'.repeat(64),
  `${'0'.repeat(63)}\n`,
  '０'.repeat(64),
]) {
  test(`${JSON.stringify(claimed)} is no digest`, () =>
    assert.equal(isHmac(claimed, 's', Buffer.from('x')), false));
}
