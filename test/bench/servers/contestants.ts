/** The servers that are compared, each ready to be measured. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Installation } from '../../support/installation.js';
import { type RunningServer, type ServerCommand, startServer } from './process.js';

export const names = ['a', 'b', 'c', 'd', 'e'] as const;
export type Name = (typeof names)[number];

export const titles: Readonly<Record<Name, string>> = {
  a: "the gateway's intake",
  b: 'the same, keeping nothing',
  c: 'Express, one commit each',
  d: 'bare Fastify, "ok"',
  e: 'the same, one write and sync a batch',
};

/** A server in the contest. */
export interface Contestant {
  readonly name: Name;
  readonly server: RunningServer;
  /** deliveries it has stored; undefined where it stores none */
  rows(): number | undefined;
}

/** None of these is ever deleted, so the newest row tells how many there are, however many that is. */
const newest = 'SELECT coalesce(max(rowid), 0) FROM deliveries';

/** Starts one on a box of its own. `env` is added to its environment. */
export async function startContestant(
  name: Name,
  box: Installation,
  env: Readonly<Record<string, string>> = {},
): Promise<Contestant> {
  const config = join(box.dir, 'config');
  const typicalDb = join(box.dir, 'typical.db');
  const modules: Record<Name, Pick<ServerCommand, 'module' | 'args'>> = {
    a: { module: new URL('../../../src/main.js', import.meta.url), args: ['start'] },
    b: { module: new URL('./verifying.js', import.meta.url) },
    c: { module: new URL('./typical.js', import.meta.url), args: [config, typicalDb] },
    d: { module: new URL('./bare.js', import.meta.url), args: [config] },
    e: { module: new URL('./syncing.js', import.meta.url), args: [config, join(box.dir, 'syncing.bin')] },
  };
  const server = await startServer({
    ...modules[name],
    cwd: box.dir,
    env: { ...box.env, ...env },
    output: join(box.dir, `${name}.log`),
  });
  const counting: Partial<Record<Name, [file: string, query: string]>> = {
    a: [
      join(box.dataDir, 'inbox.db'),
      `SELECT (${newest}) + (SELECT coalesce(sum(deliveries), 0) FROM arrivals)`,
    ],
    c: [typicalDb, newest],
  };
  return { name, server, rows: () => countRows(counting[name]) };
}

function countRows(counting: [file: string, query: string] | undefined): number | undefined {
  if (counting === undefined) return undefined;
  const [file, query] = counting;
  const db = new Database(file, { readonly: true });
  try {
    return Number(db.prepare(query).pluck().get() ?? 0);
  } finally {
    db.close();
  }
}
