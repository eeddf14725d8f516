/** Everything that reads text from outside, over any text: it answers, it does not throw, and it does not take long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProperties } from '../../src/config/properties.js';
import { describeDelivery } from '../../src/providers/onfido/describe.js';
import { verifySignature } from '../../src/providers/onfido/signature.js';
import { parsePhone } from '../../src/registration/phone.js';
import { deliveryText, hostileBody } from './bodies.js';
import { createChance } from './random.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        '\\',
        '\n',
        '\r',
        '=',
        ':',
        ' ',
        '#',
        '!',
        '\t',
        'a',
        '\\u',
        '\\u00e9',
        '\ufeff',
        '\f',
        'webhook.onfido',
      ),
      { maxLength: 60 },
    )
    .map(parts => parts.join('')),
);

test('any properties file is read: keys and values are text, lines are where they stand', () => {
  fc.assert(
    fc.property(anyText, text => {
      const lines = text.split(/\r\n|\r|\n/).length;
      for (const { key, value, line } of parseProperties(text)) {
        assert.equal(typeof key, 'string');
        assert.equal(typeof value, 'string');
        assert.ok(line >= 1 && line <= lines);
      }
    }),
    { numRuns: 2000 },
  );
});

test('properties that try to keep the reader busy are read in one go', () => {
  for (const text of [
    '\\'.repeat(100_000),
    'a\\\n'.repeat(50_000),
    ' '.repeat(200_000),
    '='.repeat(100_000),
    '\\='.repeat(50_000),
  ])
    parseProperties(text);
});

test('any text for a phone number is a mobile number in E.164, or is refused with a code', () => {
  const digits = fc.array(
    fc.constantFrom('+', '0', '1', '2', '4', '7', '9', ' ', '-', '(', ')', ';ext=', '٧', '\u0000', 'x'),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        digits.map(parts => parts.join('')),
      ),
      text => {
        const phone = parsePhone(text, 'CZ', ['CZ', 'SK']);
        if (phone.ok) assert.match(phone.e164, /^\+42[01]\d{9}$/);
        else assert.match(phone.code, /^[a-z_]+$/);
      },
    ),
    { numRuns: 2000 },
  );
});

test('any signature header over any body is judged, and only the right one is genuine', () => {
  const token = 'a-token';
  const header = fc.oneof(
    fc.constant(undefined),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFgz,= '), minLength: 60, maxLength: 70 }),
    fc.array(fc.string({ maxLength: 70 }), { maxLength: 3 }),
  );
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 500 }), (value, body) => {
      const headers = { 'x-sha2-signature': value };
      assert.equal(verifySignature({ raw: Buffer.from(body), headers }, [token]), 'forged');
    }),
    { numRuns: 2000 },
  );
});

test('any body is described: what it is about or nothing, with ids that are ids', () => {
  for (let seed = 0; seed < 3000; seed++) {
    const chance = createChance(seed);
    const raw = chance.once(2) ? Buffer.from(deliveryText(chance)) : hostileBody(chance, 65_536);
    const { action, relevant, checkRef } = describeDelivery(raw);
    assert.equal(typeof action, 'string', `seed ${seed}`);
    assert.ok(action.length <= 200, `seed ${seed}`);
    if (checkRef !== undefined) assert.match(checkRef, /^[0-9a-f-]{36}$/i);
    else assert.equal(relevant, false, `seed ${seed}`);
  }
});
