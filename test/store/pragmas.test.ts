import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDb } from '../../src/store/db.js';
import { startWorld } from '../support/world.js';

const settings = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  busy_timeout: 5000,
  trusted_schema: 0,
  secure_delete: 1,
  // only when the keeper, which copies the logs back, is gone: a commit that did so would wait for the disk
  wal_autocheckpoint: 20_000,
};

test('every connection of a running gateway, its threads’ too, has the settings that keep a commit', async t => {
  const { gateway } = await startWorld(t);
  const { store } = gateway;
  const keeper = await gateway.keeper.pragmas();
  assert.equal(keeper.length, 2);
  for (const connection of [await gateway.inbox.pragmas(), ...keeper]) assert.deepEqual(connection, settings);
  // where everybody is served, nobody waits for long until another program lets go of a lock
  for (const db of [store.main, store.inbox])
    assert.deepEqual(db.pragmas(), { ...settings, busy_timeout: 500 });
});

test('a connection of another program has them as well, but copies the log back as SQLite has it', async t => {
  const { gateway } = await startWorld(t);
  const { main } = gateway.store.files;
  const reading = openDb({ file: main, readonly: true });
  t.after(() => reading.close());
  const writing = openDb({ file: main });
  t.after(() => writing.close());
  for (const db of [reading, writing])
    assert.deepEqual(db.pragmas(), { ...settings, wal_autocheckpoint: 1_000 });
  assert.throws(() => reading.raw.exec('DELETE FROM jobs'), /readonly/);
});

test('no other file opens a database, but the one whose only use is to be locked', () => {
  const source = fileURLToPath(new URL('../../../src/', import.meta.url));
  const opening = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .filter(file => /from 'better-sqlite3'/.test(readFileSync(`${source}${file}`, 'utf8')))
    .sort();
  assert.deepEqual(opening, ['store/db.ts', 'store/lock.ts']);
});
