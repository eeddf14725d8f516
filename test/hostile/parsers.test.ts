/** Everything that reads text from outside, a short round of it. `npm run test:fuzz -- --minutes 10` goes on for longer. */
import { test } from 'node:test';
import { parseProperties } from '../../src/config/properties.js';
import { parserProperties } from './parsers.js';

for (const { name, check } of parserProperties)
  test(name, t => {
    const seed = Date.now() % 1_000_000;
    t.diagnostic(`seed ${seed}`);
    check(2_000, seed);
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
