import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type PhoneProblem, parsePhone } from '../../src/registration/phone.js';

const served = ['CZ', 'DE', 'US'];

const accepted: [string, string, string, string][] = [
  ['+420601234567', 'CZ', '+420601234567', 'CZ'],
  ['601 234 567', 'CZ', '+420601234567', 'CZ'],
  ['  +420 601-234-567 ', 'CZ', '+420601234567', 'CZ'],
  ['00420 601 234 567', 'CZ', '+420601234567', 'CZ'],
  ['011 420 601 234 567', 'US', '+420601234567', 'CZ'],
  ['+420601234567', 'US', '+420601234567', 'CZ'],
  ['0171/1234567', 'DE', '+491711234567', 'DE'],
  ['+49 (0) 171 1234567', 'CZ', '+491711234567', 'DE'],
  ['(202) 555-0100', 'US', '+12025550100', 'US'],
];
for (const [text, country, e164, found] of accepted)
  test(`"${text}" at a kiosk in ${country} is ${e164}`, () => {
    assert.deepEqual(parsePhone(text, country, served), { ok: true, e164, country: found });
  });

const refused: [string, string, PhoneProblem][] = [
  ['nothing', '', 'phone_invalid'],
  ['spaces', '   ', 'phone_invalid'],
  ['too few digits', '+42060123456', 'phone_invalid'],
  ['too many digits', '+4206012345678', 'phone_invalid'],
  ['an emergency number', '112', 'phone_invalid'],
  ['two plus signs', '++420601234567', 'phone_invalid'],
  ['a plus sign inside', '+420+601234567', 'phone_invalid'],
  ['an extension', '+420601234567;ext=5', 'phone_invalid'],
  ['an extension in words', '+420601234567 ext. 5', 'phone_invalid'],
  ['an extension by x', '+420601234567x5', 'phone_invalid'],
  ['an extension by hash', '+420601234567#5', 'phone_invalid'],
  ['letters for digits', '+1 202 FLOWERS', 'phone_invalid'],
  ['a tel URI', 'tel:+420601234567', 'phone_invalid'],
  ['a phone-context', '601234567;phone-context=+420', 'phone_invalid'],
  ['NUL', '+420601234567\u0000', 'phone_invalid'],
  ['a line break inside', '+420601\n234567', 'phone_invalid'],
  ['Arabic digits', '+٤٢٠٦٠١٢٣٤٥٦٧', 'phone_invalid'],
  ['full-width digits', '＋４２０６０１２３４５６７', 'phone_invalid'],
  ['a right-to-left mark', '\u200f+420601234567', 'phone_invalid'],
  ['direction marks around it', '\u202a+420601234567\u202c', 'phone_invalid'],
  ['a zero-width space', '+420601\u200b234567', 'phone_invalid'],
  ['a number and a lot of padding', `+420601234567${' '.repeat(100)}`, 'phone_invalid'],
  ['two numbers', '+420601234567 / 601234568', 'phone_invalid'],
  ['a country that is not served', '+33612345678', 'phone_country_not_allowed'],
  ['an island that shares a code with one that is', '+1 876 210 1234', 'phone_country_not_allowed'],
  ['a number of no country', '+80012345678', 'phone_country_not_allowed'],
  ['a landline', '+420222111222', 'phone_not_mobile'],
  ['a freephone number', '+18005551234', 'phone_not_mobile'],
  ['a premium-rate number', '+420906123456', 'phone_not_mobile'],
];
for (const [name, text, code] of refused)
  test(`${name} is ${code}`, () => {
    assert.deepEqual(parsePhone(text, 'CZ', served), { ok: false, code });
  });

test('whatever comes in, it never throws and says only what it may', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...'+0123456789 ()-./;ext=#*\u0000\u200f٤４'), maxLength: 45 }),
    fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 5000 }),
    fc.anything() as fc.Arbitrary<string>,
  );
  const country = fc.oneof(
    fc.constantFrom('CZ', 'US', 'XX', '', '__proto__', 'constructor', 'cz'),
    fc.string(),
  );
  fc.assert(
    fc.property(hostile, country, (text, defaultCountry) => {
      const parsed = parsePhone(text, defaultCountry, served);
      if (!parsed.ok) return assert.deepEqual(Object.keys(parsed), ['ok', 'code']);
      assert.match(parsed.e164, /^\+[1-9][0-9]{6,14}$/);
      assert.ok(served.includes(parsed.country));
    }),
    { numRuns: 500 },
  );
});

test('reading a number again changes nothing', () => {
  const czech = fc.integer({ min: 601_000_000, max: 608_999_999 }).map(String);
  fc.assert(
    fc.property(czech, text => {
      const first = parsePhone(text, 'CZ', served);
      assert.ok(first.ok, text);
      assert.deepEqual(parsePhone(first.e164, 'US', served), first);
    }),
  );
});

test('with no country served, nobody is', () => {
  assert.deepEqual(parsePhone('+420601234567', 'CZ', []), { ok: false, code: 'phone_country_not_allowed' });
});
