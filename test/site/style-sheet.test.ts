import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const sheet = readFileSync(new URL('../../src/site/assets/site.css', import.meta.url), 'utf8');

function colours(block: string): ReadonlyMap<string, string> {
  return new Map(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]),
  );
}

const [light, dark] = [...sheet.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => colours(block!));

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map(start => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [brighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (brighter! + 0.05) / (darker! + 0.05);
}

// Text needs 4.5, what only marks a control or the focus 3 (WCAG 2.2, 1.4.3 and 1.4.11).
const pairs: readonly (readonly [string, string, number])[] = [
  ...['page', 'card', 'brand-tint'].flatMap(
    ground =>
      [
        ['text', ground, 4.5],
        ['soft', ground, 4.5],
        ['brand', ground, 4.5],
      ] as const,
  ),
  ['brand-strong', 'card', 4.5],
  ['on-brand', 'brand', 4.5],
  ['on-brand', 'brand-strong', 4.5],
  ['good', 'good-tint', 3],
  ['warn', 'warn-tint', 4.5],
  ['bad', 'bad-tint', 4.5],
  ['bad', 'card', 3],
  ['control', 'card', 3],
];

for (const [scheme, palette] of [
  ['light', light],
  ['dark', dark],
] as const)
  test(`the ${scheme} colours are legible for weak eyes`, () => {
    assert.ok(palette && palette.size > 14, 'the palette was found');
    for (const [ink, ground, least] of pairs) {
      const ratio = contrast(palette.get(ink)!, palette.get(ground)!);
      assert.ok(ratio >= least, `${ink} on ${ground}: ${ratio.toFixed(2)} instead of ${least}`);
    }
  });

test('the style sheet names no other host and paints with its palette only', () => {
  assert.doesNotMatch(sheet, /url\(|@import|https?:/);
  const rules = sheet.replace(/:root \{[^}]*\}/g, '');
  assert.doesNotMatch(rules, /#[0-9a-f]{3,8}\b(?=[^{]*;)/i);
});
