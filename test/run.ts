/**
 * Runs every compiled `*.test.js` below this folder, or those whose path contains one of the given words.
 *
 * With `CI=true` a skipped test is a failure, because the build machine is expected to have every program the tests
 * use; tests that need `../shared/specs` or a binary named by a variable say so with {@link excusedSkip}.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { excusedSkip } from './support/skips.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const sources = fileURLToPath(new URL('../../test/', import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.test.js'))
  // what a renamed or deleted test once compiled to
  .filter(file => existsSync(join(sources, file.replace(/\.js$/, '.ts'))))
  .filter(file => words.length === 0 || words.some(word => file.includes(word)))
  .sort()
  .map(file => join(root, file));

if (files.length === 0) {
  process.stderr.write(`no test file matches ${words.join(' ')}\n`);
  process.exit(2);
}

const unexcused: string[] = [];
const stream = run({ files, concurrency: 2, timeout: 420_000 });
stream.on('test:fail', () => {
  process.exitCode = 1;
});
stream.on('test:pass', test => {
  if (typeof test.skip === 'string' && !test.skip.startsWith(excusedSkip))
    unexcused.push(`${test.name}: ${test.skip}`);
});
stream.pipe(new Spec()).pipe(process.stdout);
stream.on('end', () => {
  if (process.env.CI !== 'true' || unexcused.length === 0) return;
  process.stderr.write(`\nskipped although CI=true:\n  ${unexcused.join('\n  ')}\n`);
  process.exitCode = 1;
});
