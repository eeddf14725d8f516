import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { command } from '../../src/cli/kiosk.js';
import { operate } from '../support/command.js';
import { bytesIn } from '../support/disk.js';
import { createKiosk } from '../support/kiosk.js';
import { newPhone } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends);
});

const kiosk = (...argv: string[]) => operate(world.installation, command, ...argv);

test('a key is shown once, works beside the running gateway, and is kept as a hash only', async () => {
  const { stdout, code } = await kiosk('add', 'Main hall', '--organization', '1');
  assert.equal(code, 0);
  const [key = ''] = /gh_kiosk_[A-Za-z0-9_-]{43}/.exec(stdout) ?? [];
  const made = createKiosk(key, () => ({ origin: world.gateway.addresses.private }));
  assert.equal((await made.lookup(newPhone())).status, 'unknown');
  for (const name of ['gatehouse.db', 'gatehouse.db-wal'])
    assert.equal(bytesIn(join(world.installation.dataDir, name)).includes(key), false);
  const list = await kiosk('list');
  assert.match(list.stdout, /Main hall/);
  assert.equal(list.stdout.includes(key), false);
  const json = await kiosk('list', '--json');
  assert.doesNotMatch(json.stdout, /key_hash|gh_kiosk_/);
});

test('a revoked key ends at once and cannot be revoked twice', async () => {
  const { key } = await world.addKiosk('Leaving');
  const made = createKiosk(key, () => ({ origin: world.gateway.addresses.private }));
  assert.equal((await kiosk('revoke', 'Leaving', '--organization', '1')).code, 0);
  assert.equal((await made.get('/api/v1/registrations/x')).status, 401);
  const again = await kiosk('revoke', 'Leaving', '--organization', '1');
  assert.deepEqual([again.code, again.stderr], [1, 'There is no such kiosk with a working key.\n']);
  assert.match((await kiosk('list')).stdout, /Leaving\s+\S.*revoked/);
});

test('wrong use is told', async () => {
  for (const [argv, code, says] of [
    [[], 2, /say what to do/],
    [['add'], 2, /needs a name/],
    [['add', 'x'.repeat(61), '--organization', '1'], 2, /needs a name/],
    [['add', '<b>', '--organization', '1'], 2, /needs a name/],
    [['add', 'Hall'], 2, /--organization/],
    [['add', 'Hall', '--organization', 'nine'], 2, /no organization "nine"; there are: 1/],
    [['add', 'Lobby', '--organization', '1'], 1, /has a kiosk "Lobby" already/],
    [['revoke', 'Nobody', '--organization', '1'], 1, /no such kiosk/],
  ] as const) {
    const seen = await kiosk(...argv);
    assert.equal(seen.code, code, argv.join(' '));
    assert.match(seen.stderr, says);
    assert.equal(seen.stdout, '');
  }
});
