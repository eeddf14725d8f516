import type { Db } from './db.js';
import type { Migrations } from './migrations/index.js';

/** The database was written by a newer version: an older program must not touch it. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}

/**
 * Brings a database to the newest schema, all steps in one transaction, so that a fault half-way leaves it as it was.
 * The schema's number is SQLite's `user_version`.
 *
 * @throws {NewerSchemaError} with the remedy, when the number is beyond what this version knows
 */
export function migrate(db: Db, migrations: Migrations): void {
  db.transaction(() => {
    const version = Number(db.raw.pragma('user_version', { simple: true }));
    if (version > migrations.length)
      throw new NewerSchemaError(
        `the database has schema ${version}, this version knows ${migrations.length}: install the newer version again`,
      );
    for (const step of migrations.slice(version)) db.raw.exec(step);
    db.raw.pragma(`user_version = ${migrations.length}`);
  });
}
