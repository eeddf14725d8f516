import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Another process runs on this data folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/**
 * Holds a data folder, made if need be, for one running gateway. The lock is SQLite's own on a file of its own, so the system frees it
 * however the process ends.
 *
 * @returns a function that lets go
 * @throws {AlreadyRunningError}
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = new Database(join(dataDir, 'running.lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (!isHeld(cause)) throw cause;
    throw new AlreadyRunningError('another gatehouse runs on this data folder: stop it first', { cause });
  }
  return () => lock.close();
}

/** Anything else is the disk's fault, and no reason to look for another gateway. */
function isHeld(cause: unknown): boolean {
  return cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY');
}
