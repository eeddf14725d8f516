import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countSegments } from '../../../src/effects/notices/segments.js';

const rows: [string, string, ReturnType<typeof countSegments>][] = [
  ['the empty text', '', { encoding: 'GSM-7', segments: 0, characters: 0 }],
  ['160 plain characters', 'a'.repeat(160), { encoding: 'GSM-7', segments: 1, characters: 160 }],
  ['161 plain characters', 'a'.repeat(161), { encoding: 'GSM-7', segments: 2, characters: 161 }],
  ['306 plain characters', 'a'.repeat(306), { encoding: 'GSM-7', segments: 2, characters: 306 }],
  ['307 plain characters', 'a'.repeat(307), { encoding: 'GSM-7', segments: 3, characters: 307 }],
  ['extension characters', '€[]{}|~\\^', { encoding: 'GSM-7', segments: 1, characters: 18 }],
  ['80 euro signs', '€'.repeat(80), { encoding: 'GSM-7', segments: 1, characters: 160 }],
  ['81 euro signs', '€'.repeat(81), { encoding: 'GSM-7', segments: 2, characters: 162 }],
  [
    'an escape pair that does not fit the end of a part',
    'a'.repeat(152) + '€'.repeat(1) + 'a'.repeat(152),
    { encoding: 'GSM-7', segments: 3, characters: 306 },
  ],
  ['umlauts and French accents', 'äöüÄÖÜßàéèùÑñ', { encoding: 'GSM-7', segments: 1, characters: 13 }],
  ['a Czech letter', 'ě', { encoding: 'UCS-2', segments: 1, characters: 1 }],
  ['a small c with cedilla', 'ç', { encoding: 'UCS-2', segments: 1, characters: 1 }],
  ['70 Czech letters', 'ř'.repeat(70), { encoding: 'UCS-2', segments: 1, characters: 70 }],
  ['71 Czech letters', 'ř'.repeat(71), { encoding: 'UCS-2', segments: 2, characters: 71 }],
  ['134 Czech letters', 'ř'.repeat(134), { encoding: 'UCS-2', segments: 2, characters: 134 }],
  ['135 Czech letters', 'ř'.repeat(135), { encoding: 'UCS-2', segments: 3, characters: 135 }],
  ['emoji at the end of a part', '😀'.repeat(67), { encoding: 'UCS-2', segments: 3, characters: 134 }],
];

for (const [name, text, expected] of rows)
  test(`${name}: ${expected.encoding}, ${expected.segments} segments`, () => {
    assert.deepEqual(countSegments(text), expected);
  });

test('any text fits its segments, and no fewer could hold it', () => {
  const character = fc.oneof(
    fc.constantFrom('a', '€', 'ě', '😀', '\n'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  );
  const text = fc.array(character, { maxLength: 500 }).map(characters => characters.join(''));
  fc.assert(
    fc.property(text, value => {
      const { encoding, segments, characters } = countSegments(value);
      const [single, part] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
      if (encoding === 'UCS-2') assert.equal(characters, value.length);
      if (characters <= single) return assert.equal(segments, characters === 0 ? 0 : 1);
      assert.ok(segments >= Math.ceil(characters / part), 'too few to hold it');
      assert.ok(
        segments <= Math.ceil(characters / (part - 1)),
        'a part is left with more than one unit unused',
      );
    }),
  );
});

test('a longer text never takes fewer segments', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ maxLength: 50 }),
      (text, more) => {
        assert.ok(countSegments(text + more).segments >= countSegments(text).segments);
      },
    ),
  );
});
