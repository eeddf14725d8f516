/**
 * One SQLite connection. Queries are written with Kysely's builder, for its types, and run synchronously on
 * better-sqlite3: a transaction is then a plain function that no other query of the process can get between, and that
 * cannot wait for the network. (Kysely's own driver has one connection too, and lets a transaction wait while
 * everything else queues behind it.)
 */
import Database from 'better-sqlite3';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { refusalOf } from '../runtime/refusal.js';
import type { Tables } from './schema.js';

const settings = [
  'journal_mode',
  'synchronous',
  'foreign_keys',
  'busy_timeout',
  'trusted_schema',
  'secure_delete',
  'wal_autocheckpoint',
];

/** For how long those who commit may be kept waiting because somebody else reads. */
const shortPatienceMs = 20;

/** 80 MB of log: only reached when the thread that copies it back is gone. */
const outOfHandPages = 20_000;

/** Builds queries; never runs any. */
export const sql = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** A statement in plain SQL. */
export interface Statement {
  all(...values: unknown[]): unknown[];
  get(...values: unknown[]): unknown;
  run(...values: unknown[]): Database.RunResult;
}

/** An open database. Everything throws better-sqlite3's `SqliteError` when SQLite refuses. */
export interface Db {
  all<Row>(query: Compilable<Row>): Row[];
  one<Row>(query: Compilable<Row>): Row | undefined;
  /** for inserts, updates and deletes without `returning` */
  run(query: Compilable): { changes: number; lastId: number };
  /** runs the function in one IMMEDIATE transaction; inside one, it simply joins it */
  transaction<T>(work: () => T): T;
  /** a statement in plain SQL, prepared once: for the few places where building a query costs too much */
  prepare(text: string): Statement;
  /** SQLite's own version */
  version(): string;
  /** the connection's settings, read back */
  pragmas(): Record<string, unknown>;
  /** calls back with SQLite's code whenever the machine lets something not be written or read (`runtime/refusal.ts`) */
  onRefusal(act: (code: string) => void): void;
  /** writes something that changes nothing: SQLite's code when it is refused, else null */
  probe(): string | null;
  /**
   * Copies the whole log back and has the next commit write to its beginning: one that lengthens the log takes twice as
   * long. False when a reader or a writer is in the way for longer than a moment.
   */
  beginLogAnew(): boolean;
  /** The same, and empties it, so that nothing deleted can be read there. */
  emptyLog(): boolean;
  /** from now on waits for others' locks only as long as somebody may who serves */
  serve(): void;
  /** for migrations and pragmas only */
  readonly raw: Database.Database;
  close(): void;
}

/** How a connection is opened. */
export interface OpenOptions {
  readonly file: string;
  readonly readonly?: boolean;
  /** another thread copies the log back into the file; this connection does so only when the log grew out of hand */
  readonly leavesCheckpoints?: boolean;
}

/** For how long a connection waits while another one writes. */
const usualPatienceMs = 5_000;

/**
 * The same for one on a thread that serves: whoever waits there serves nobody meanwhile. Longer than a commit takes on a
 * slow disk; whoever holds the lock for longer is another program, and what is refused by then is asked for again.
 */
const servingPatienceMs = 500;

/** Opens a database the way every connection of this product is opened; creates the file when it is missing. */
export function openDb(options: OpenOptions): Db {
  const raw = new Database(options.file, { readonly: options.readonly ?? false, timeout: usualPatienceMs });
  applyPragmas(raw, options);
  const inTransaction = raw.transaction((work: () => unknown) => work());
  let told = (_code: string) => {};
  const telling = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const code = refusalOf(error);
      if (code !== null) told(code);
      throw error;
    }
  };
  const statements = new Map<string, Statement>();
  const prepare = (text: string): Statement => {
    const known = statements.get(text);
    if (known) return known;
    const plain = telling(() => raw.prepare(text));
    const statement: Statement = {
      all: (...values) => telling(() => plain.all(...values)),
      get: (...values) => telling(() => plain.get(...values)),
      run: (...values) => telling(() => plain.run(...values)),
    };
    statements.set(text, statement);
    return statement;
  };
  return {
    raw,
    prepare,
    version: () => String(raw.prepare('SELECT sqlite_version()').pluck().get()),
    pragmas: () => Object.fromEntries(settings.map(name => [name, raw.pragma(name, { simple: true })])),
    all<Row>(query: Compilable<Row>) {
      const { sql: text, parameters } = query.compile();
      return prepare(text).all(...parameters) as Row[];
    },
    one<Row>(query: Compilable<Row>) {
      const { sql: text, parameters } = query.compile();
      return prepare(text).get(...parameters) as Row | undefined;
    },
    run(query) {
      const { sql: text, parameters } = query.compile();
      const { changes, lastInsertRowid } = prepare(text).run(...parameters);
      return { changes, lastId: Number(lastInsertRowid) };
    },
    transaction(work) {
      return raw.inTransaction
        ? work()
        : telling(() => inTransaction.immediate(work) as ReturnType<typeof work>);
    },
    onRefusal(act) {
      told = act;
    },
    probe: () => probe(raw),
    beginLogAnew: () => telling(() => copyWholeLog(raw, 'RESTART')),
    emptyLog: () => telling(() => copyWholeLog(raw, 'TRUNCATE')),
    serve: () => void raw.pragma(`busy_timeout = ${servingPatienceMs}`),
    close: () => raw.close(),
  };
}

/**
 * The schema's number is written over with itself, which SQLite does not optimise away. It is read under the lock for
 * writing: read before, it would take back what somebody who holds that lock makes of it, a migration above all.
 */
function probe(raw: Database.Database): string | null {
  const write = raw.transaction(() => {
    raw.pragma(`user_version = ${Number(raw.pragma('user_version', { simple: true }))}`);
  });
  try {
    write.immediate();
    return null;
  } catch (error) {
    return refusalOf(error) ?? 'unknown';
  }
}

/**
 * Most of it while everybody goes on. For the little that came meanwhile whoever commits waits, and that includes the wait
 * for those who read: the gateway's own thread may be among them.
 */
function copyWholeLog(raw: Database.Database, mode: 'RESTART' | 'TRUNCATE'): boolean {
  raw.pragma('wal_checkpoint(PASSIVE)');
  const patience = raw.pragma('busy_timeout', { simple: true });
  raw.pragma(`busy_timeout = ${shortPatienceMs}`);
  try {
    return raw.pragma(`wal_checkpoint(${mode})`, { simple: true }) === 0;
  } finally {
    raw.pragma(`busy_timeout = ${patience}`);
  }
}

/**
 * WAL lets the review commands read and write while the gateway runs. FULL, because better-sqlite3's build defaults to
 * NORMAL, under which a power cut can take back a commit that was already answered. What is deleted is overwritten, on
 * every connection, because whatever one of them leaves in free pages no erasure finds again.
 */
function applyPragmas(raw: Database.Database, options: OpenOptions): void {
  if (!options.readonly) raw.pragma('journal_mode = WAL');
  raw.pragma('synchronous = FULL');
  raw.pragma('foreign_keys = ON');
  raw.pragma(`busy_timeout = ${usualPatienceMs}`);
  raw.pragma('trusted_schema = OFF');
  raw.pragma('secure_delete = ON');
  if (options.leavesCheckpoints) raw.pragma(`wal_autocheckpoint = ${outOfHandPages}`);
}
