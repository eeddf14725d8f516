import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createKeyring } from '../../src/runtime/keyring.js';
import { openDb } from '../../src/store/db.js';
import { AlreadyRunningError, lockDataDir } from '../../src/store/lock.js';
import { migrate, NewerSchemaError } from '../../src/store/migrate.js';
import { openStore, WrongMasterKeyError } from '../../src/store/store.js';
import { openTestStore, temporaryFolder } from './open-db.js';

const pragmas = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  busy_timeout: 5000,
  trusted_schema: 0,
  secure_delete: 1,
};

test('both databases are open with the settings that keep a commit through a power cut', t => {
  const store = openTestStore(t);
  for (const db of [store.main, store.inbox])
    for (const [name, value] of Object.entries(pragmas))
      assert.equal(db.raw.pragma(name, { simple: true }), value, name);
});

test('every table is STRICT', t => {
  const store = openTestStore(t);
  for (const db of [store.main, store.inbox]) {
    const tables = db.raw
      .prepare(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all() as { name: string; strict: number }[];
    assert.ok(tables.length > 0);
    for (const { name, strict } of tables) assert.equal(strict, 1, name);
  }
});

test('the installation keeps its name when it is opened again', t => {
  const folder = temporaryFolder(t);
  const first = openStore(folder, createKeyring(Buffer.alloc(32, 1)), 1000);
  const { installation } = first;
  first.close();
  assert.equal(openTestStore(t, folder).installation, installation);
});

test('a store that is up to date is opened without writing, and beside a commit that does not end', t => {
  const folder = temporaryFolder(t);
  const { main, inbox } = openTestStore(t, folder);
  const changes = () => [main, inbox].map(db => db.raw.pragma('data_version', { simple: true }));
  const before = changes();
  openTestStore(t, folder);
  assert.deepEqual(changes(), before);
  for (const db of [main, inbox]) db.raw.exec('BEGIN IMMEDIATE');
  assert.doesNotThrow(() => openTestStore(t, folder));
});

test('another master key is refused before anything is written', t => {
  const folder = temporaryFolder(t);
  openTestStore(t, folder);
  assert.throws(() => openStore(folder, createKeyring(Buffer.alloc(32, 2)), 1000), WrongMasterKeyError);
});

test('a database of a newer version is refused', t => {
  const folder = temporaryFolder(t);
  const store = openTestStore(t, folder);
  store.main.raw.pragma('user_version = 99');
  assert.throws(() => openStore(folder, createKeyring(Buffer.alloc(32, 1)), 1000), NewerSchemaError);
});

test('looking whether it may be written to takes back nothing of a migration under way', async t => {
  const { main, files } = openTestStore(t, temporaryFolder(t));
  const version = () => main.raw.pragma('user_version', { simple: true });
  const next = Number(version()) + 1;
  const migration = `
    import Database from 'better-sqlite3';
    const db = new Database(${JSON.stringify(files.main)});
    db.exec('BEGIN IMMEDIATE; CREATE TABLE fresh (x INTEGER) STRICT; PRAGMA user_version = ${next}');
    process.stdout.write('held');
    setTimeout(() => db.exec('COMMIT'), 500);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', migration]);
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  assert.equal(main.probe(), null);
  assert.equal(version(), next);
  assert.deepEqual(await ended, [0, null]);
});

test('a migration that fails half-way leaves the database as it was', t => {
  const db = openDb({ file: join(temporaryFolder(t), 'x.db') });
  t.after(() => db.close());
  assert.throws(() =>
    migrate(db, ['CREATE TABLE a (x INTEGER) STRICT', 'CREATE TABLE b (x NONSENSE) STRICT']),
  );
  assert.equal(db.raw.pragma('user_version', { simple: true }), 0);
  assert.equal(db.raw.prepare('SELECT count(*) AS n FROM sqlite_schema').pluck().get(), 0);
});

test('one gateway at a time runs on a data folder, and the lock goes with its holder', t => {
  const folder = temporaryFolder(t);
  const free = lockDataDir(folder);
  assert.throws(() => lockDataDir(folder), AlreadyRunningError);
  free();
  lockDataDir(folder)();
  assert.ok(existsSync(folder));
});

test('a lock that cannot be taken because its file cannot be read names no other gateway', t => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'running.lock'), 'no database at all, although as long as one'.repeat(100));
  assert.throws(() => lockDataDir(folder), { code: 'SQLITE_NOTADB' });
});

test('a transaction holds the lock for writing from its beginning, so that none is refused half-way', t => {
  const { main, files } = openTestStore(t);
  const other = openDb({ file: files.main });
  t.after(() => other.close());
  other.raw.pragma('busy_timeout = 0');
  const write = () => other.raw.exec('BEGIN IMMEDIATE; ROLLBACK');
  main.transaction(() => assert.throws(write, { code: 'SQLITE_BUSY' }));
  write();
});

test('a transaction that throws takes everything back, and an inner one joins the outer', t => {
  const { main } = openTestStore(t);
  const count = () => main.raw.prepare('SELECT count(*) FROM alerts').pluck().get();
  const insert = () => main.raw.prepare("INSERT INTO alerts (code, at) VALUES ('x', 1)").run();
  assert.throws(() =>
    main.transaction(() => {
      main.transaction(insert);
      throw new Error('no');
    }),
  );
  assert.equal(count(), 0);
  main.transaction(insert);
  assert.equal(count(), 1);
});
