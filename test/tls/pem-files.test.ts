import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { findPairFault, makePrivateFolder, writePemFile } from '../../src/tls/pem-files.js';
import { makePair } from './pairs.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-pem-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file is replaced as a whole and takes the mode asked for, whatever it had', async () => {
  const file = join(folder, 'a.key');
  writeFileSync(file, 'old', { mode: 0o644 });
  await writePemFile(file, 'new', 0o600);
  assert.deepEqual([readFileSync(file, 'utf8'), statSync(file).mode & 0o777], ['new', 0o600]);
  assert.deepEqual(readdirSync(folder), ['a.key']);
});

test('a replacement that fails leaves no trace', async () => {
  const file = join(folder, 'taken');
  mkdirSync(join(file, 'inside'), { recursive: true });
  await assert.rejects(writePemFile(file, 'new', 0o600));
  assert.deepEqual(readdirSync(folder), ['taken']);
});

test('a folder others could read is taken back', async () => {
  const open = join(folder, 'tls');
  mkdirSync(open);
  chmodSync(open, 0o755);
  await makePrivateFolder(open);
  assert.equal(statSync(open).mode & 0o777, 0o700);
});

test('a pair is judged half by half', async () => {
  const [one, two] = await Promise.all([makePair('a.example'), makePair('b.example')]);
  assert.equal(findPairFault(one), undefined);
  assert.equal(findPairFault({ cert: `${one.cert}\n${two.cert}`, key: one.key }), undefined);
  assert.equal(findPairFault({ cert: `${two.cert}\n${one.cert}`, key: one.key })?.part, 'pair');
  assert.equal(findPairFault({ cert: one.key, key: one.key })?.part, 'certificate');
  assert.equal(findPairFault({ cert: one.cert, key: one.cert })?.part, 'key');
  assert.equal(findPairFault({ cert: one.cert, key: two.key })?.part, 'pair');
});
