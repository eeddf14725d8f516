import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { command } from '../../src/cli/version.js';
import { runInTerminal } from './terminal.js';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test('the version of the package and of node are told, for people and for programs', async () => {
  const situation = { cwd: tmpdir() };
  const plain = await runInTerminal(command, [], situation);
  assert.equal(plain.stdout, `gatehouse ${version} (node ${process.versions.node})\n`);
  const { stdout } = await runInTerminal(command, ['--json'], situation);
  assert.deepEqual(JSON.parse(stdout), { gatehouse: version, node: process.versions.node });
});

test('it takes no words and no unknown options', async () => {
  for (const argv of [['now'], ['--short']])
    assert.equal((await runInTerminal(command, argv, { cwd: tmpdir() })).code, 2);
});
