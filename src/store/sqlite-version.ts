/** Below this, two connections that write and restart the log at the same time can damage the database (SQLite 3.51.3's notes). */
const leastVersion = [3, 51, 3] as const;

/** The SQLite that the program was built with can damage a database under several writers. */
export class OldSqliteError extends Error {
  override readonly name = 'OldSqliteError';
}

/**
 * Refuses an SQLite that is too old; asked before a database is touched.
 *
 * @param version as `sqlite_version()` tells it
 * @throws {OldSqliteError} with the remedy
 */
export function requireSqlite(version: string): void {
  const given = version.split('.').map(Number);
  const place = leastVersion.findIndex((least, at) => least !== given[at]);
  if (place < 0 || (given[place] ?? 0) > (leastVersion[place] ?? 0)) return;
  throw new OldSqliteError(
    `SQLite ${version} can damage a database that several connections write to; ${leastVersion.join('.')} or newer is needed: install better-sqlite3 as it is in package-lock.json, without a system SQLite (npm ci)`,
  );
}
