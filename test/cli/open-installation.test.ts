/** Where commands look for the installation, and what they do when there is none. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { command as deliveries } from '../../src/cli/deliveries.js';
import { command as erase } from '../../src/cli/erase.js';
import { command as importOld } from '../../src/cli/import.js';
import { command as jobs } from '../../src/cli/jobs.js';
import { command as kiosk } from '../../src/cli/kiosk.js';
import { command as review } from '../../src/cli/review.js';
import { openWorkshop, secrets } from '../config/workshop.js';
import { runInTerminal } from './terminal.js';

/** Configured and with its keys, but never started with this data folder. */
function neverStarted(t: TestContext) {
  const { dir } = openWorkshop(t);
  return { dataDir: join(dir, 'data'), situation: { cwd: dir, env: secrets } };
}

const looking = [
  [erase, '--phone', '+420777123456', '--yes'],
  [erase, 'reg_1', '--yes'],
  [review, 'list'],
  [review, 'show', 'reg_1'],
  [review, 'register', 'reg_1', '--reason', 'seen'],
  [jobs, 'list'],
  [jobs, 'retry', '1'],
  [deliveries, 'list'],
  [deliveries, 'show', '1'],
  [deliveries, 'replay', '1'],
  [kiosk, 'list'],
  [kiosk, 'revoke', 'Hall', '--organization', '1'],
  [importOld, 'ory'],
] as const;

test('where there is no installation, nothing is answered from an empty one, and none is made', async t => {
  const { dataDir, situation } = neverStarted(t);
  for (const [command, ...argv] of looking) {
    const seen = await runInTerminal(command, argv, situation);
    assert.deepEqual([seen.code, seen.stdout], [1, ''], `${command.name} ${argv[0]}`);
    assert.ok(seen.stderr.includes(`there is no installation in ${dataDir}`), seen.stderr);
    assert.match(seen.stderr, /set GATEHOUSE_DATA_DIR .* start the gateway once/);
    assert.ok(!existsSync(dataDir));
  }
});

test('the first kiosk may be added before the first start, and is told where that was', async t => {
  const { dataDir, situation } = neverStarted(t);
  const first = await runInTerminal(kiosk, ['add', 'Hall', '--organization', '1'], situation);
  assert.equal(first.code, 0);
  assert.ok(first.stderr.includes(`A new installation was made in ${dataDir}`), first.stderr);
  const second = await runInTerminal(kiosk, ['add', 'Lobby', '--organization', '1'], situation);
  assert.deepEqual([second.code, second.stderr], [0, '']);
  assert.match((await runInTerminal(kiosk, ['list'], situation)).stdout, /Hall[\s\S]*Lobby/);
});

test('a kiosk of an organization that does not exist makes no installation', async t => {
  const { dataDir, situation } = neverStarted(t);
  const seen = await runInTerminal(kiosk, ['add', 'Hall', '--organization', 'nine'], situation);
  assert.equal(seen.code, 2);
  assert.ok(!existsSync(dataDir));
});
