import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { excusedSkip, withoutProgram } from '../support/skips.js';

const unit = readFileSync(
  fileURLToPath(new URL('../../../deploy/systemd/gatehouse.service', import.meta.url)),
  'utf8',
);

/** The active lines, later ones of the same key included. */
function valuesOf(key: string): string[] {
  return unit
    .split('\n')
    .filter(line => line.startsWith(`${key}=`))
    .map(line => line.slice(key.length + 1));
}

test('the unit leaves more time to stop than the shutdown takes by default', () => {
  const [stop = ''] = valuesOf('TimeoutStopSec');
  assert.ok(Number.parseInt(stop, 10) >= 20 + 10, stop);
  assert.deepEqual(valuesOf('Restart'), ['on-failure']);
});

test('the unit is shut in, but not where the JavaScript engine must compile', () => {
  assert.deepEqual(valuesOf('NoNewPrivileges'), ['yes']);
  assert.deepEqual(valuesOf('ProtectSystem'), ['strict']);
  assert.deepEqual(valuesOf('CapabilityBoundingSet'), ['']);
  assert.deepEqual(valuesOf('MemoryDenyWriteExecute'), []);
});

test('no secret stands in the unit itself', () => {
  assert.doesNotMatch(valuesOf('Environment').join('\n'), /KEY|TOKEN|SECRET|PASSWORD/);
  for (const credential of valuesOf('LoadCredential'))
    assert.match(credential, /^[A-Z_]+:\/etc\/gatehouse\/secrets\/[A-Z_]+$/);
});

const absent = withoutProgram('systemd-analyze');

test('systemd itself finds nothing wrong with it', {
  skip: absent && excusedSkip + absent,
}, async context => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-unit-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'gatehouse.service');
  // node may live elsewhere on the machine that runs the tests
  writeFileSync(file, unit.replace('/usr/bin/node', process.execPath));
  const { stdout, stderr } = await promisify(execFile)('systemd-analyze', ['verify', file]);
  assert.doesNotMatch(stdout + stderr, /gatehouse/);
});
