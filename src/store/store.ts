/** The two databases of an installation, opened and brought up to date, and the keys for what is sealed in them. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../runtime/ids.js';
import type { Keyring } from '../runtime/keyring.js';
import { type Db, openDb } from './db.js';
import { readMeta, writeMeta } from './meta.js';
import { migrate } from './migrate.js';
import { inboxMigrations, mainMigrations } from './migrations/index.js';
import { requireSqlite } from './sqlite-version.js';

export interface Store {
  /** everything but deliveries */
  readonly main: Db;
  /** deliveries alone, in a file of their own: intake then never waits for what else is written; read here, written by its thread */
  readonly inbox: Db;
  readonly files: { readonly main: string; readonly inbox: string };
  readonly keyring: Keyring;
  /** names this installation among others that share a provider account; made once */
  readonly installation: string;
  close(): void;
}

/** The data on disk was sealed with another master key. */
export class WrongMasterKeyError extends Error {
  override readonly name = 'WrongMasterKeyError';
}

/** Whether a folder has an installation's databases. @throws when it may not be looked into */
export function hasStore(dataDir: string): boolean {
  return statSync(filesOf(dataDir).main, { throwIfNoEntry: false }) !== undefined;
}

function filesOf(dataDir: string): Store['files'] {
  return { main: join(dataDir, 'gatehouse.db'), inbox: join(dataDir, 'inbox.db') };
}

/**
 * Opens (or makes) the databases in a folder.
 *
 * @param leavesCheckpoints a keeper's thread copies the logs back (see `threads/keeper.ts`)
 * @throws {OldSqliteError} and {WrongMasterKeyError} before anything is written
 * @throws {NewerSchemaError}
 */
export function openStore(dataDir: string, keyring: Keyring, now: number, leavesCheckpoints = false): Store {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const files = filesOf(dataDir);
  const main = openDb({ file: files.main, leavesCheckpoints });
  try {
    requireSqlite(main.version());
    migrate(main, mainMigrations);
    checkMasterKey(main, keyring);
    const inbox = openDb({ file: files.inbox, leavesCheckpoints });
    migrate(inbox, inboxMigrations);
    const installation = once(main, 'installation', () => newId('inst', now));
    return {
      main,
      inbox,
      files,
      keyring,
      installation,
      close() {
        inbox.close();
        main.close();
      },
    };
  } catch (cause) {
    main.close();
    throw cause;
  }
}

function checkMasterKey(main: Db, keyring: Keyring): void {
  if (once(main, 'master_key', () => keyring.fingerprint) === keyring.fingerprint) return;
  throw new WrongMasterKeyError(
    'the data was sealed with another master key: set GATEHOUSE_MASTER_KEY to the one this data folder was made with',
  );
}

/** The value kept under a name, made and kept the first time. Afterwards it is only read, as the schema is. */
function once(db: Db, name: string, make: () => string): string {
  return readMeta(db, name) ?? db.transaction(() => readMeta(db, name) ?? keep(db, name, make()));
}

function keep(db: Db, name: string, value: string): string {
  writeMeta(db, name, value);
  return value;
}
