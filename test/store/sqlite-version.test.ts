import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDb } from '../../src/store/db.js';
import { OldSqliteError, requireSqlite } from '../../src/store/sqlite-version.js';
import { temporaryFolder } from './open-db.js';

test('the SQLite this is built with may be written to by several connections', t => {
  const db = openDb({ file: `${temporaryFolder(t)}/any.db` });
  t.after(() => db.close());
  assert.match(db.version(), /^3\.\d+\.\d+$/);
  requireSqlite(db.version());
});

test('one that can damage a database is refused, with the remedy', () => {
  for (const old of ['3.51.2', '3.50.4', '3.9.0', '2.99.9', ''])
    assert.throws(() => requireSqlite(old), { name: OldSqliteError.name, message: /npm ci/ }, old);
  for (const good of ['3.51.3', '3.51.10', '3.52.0', '3.100.0', '4.0.0']) requireSqlite(good);
});
