import type { Db } from './db.js';
import type { Migrations } from './migrations/index.js';

/** The database was written by a newer version: an older program must not touch it. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}

/**
 * Brings a database to the newest schema, all steps in one transaction, so that a fault half-way leaves it as it was.
 * The schema's number is SQLite's `user_version`. One that is up to date is only read: whoever merely looks at what is
 * stored can do so on a full disk.
 *
 * @throws {NewerSchemaError} with the remedy, when the number is beyond what this version knows
 */
export function migrate(db: Db, migrations: Migrations): void {
  if (schemaOf(db, migrations) === migrations.length) return;
  db.transaction(() => {
    // asked again: another process may have been quicker
    for (const step of migrations.slice(schemaOf(db, migrations))) db.raw.exec(step);
    db.raw.pragma(`user_version = ${migrations.length}`);
  });
}

function schemaOf(db: Db, migrations: Migrations): number {
  const version = Number(db.raw.pragma('user_version', { simple: true }));
  if (version <= migrations.length) return version;
  throw new NewerSchemaError(
    `the database has schema ${version}, this version knows ${migrations.length}: install the newer version again`,
  );
}
