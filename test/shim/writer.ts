/** A process for the shim's own tests: does the named thing in a folder, says what it did, and dies as by a power cut. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeAtomically } from '../../src/runtime/atomic-file.js';
import { openDb } from '../../src/store/db.js';

const [folder = '', work = '', synchronous = 'FULL'] = process.argv.slice(2);

function rows(): void {
  const db = openDb({ file: join(folder, 'rows.db') });
  db.raw.pragma(`synchronous = ${synchronous}`);
  db.raw.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY) STRICT');
  for (let committed = 0; committed < 50; committed++)
    db.raw.prepare('INSERT INTO rows DEFAULT VALUES').run();
  if (synchronous === 'FULL') db.raw.pragma('wal_checkpoint(PASSIVE)');
  for (let committed = 0; committed < 50; committed++)
    db.raw.prepare('INSERT INTO rows DEFAULT VALUES').run();
}

/** Commits until the disk refuses, then again until it does not; tells how often it was refused. */
async function refusals(): Promise<void> {
  const db = openDb({ file: join(folder, 'rows.db') });
  db.raw.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY) STRICT');
  process.stdout.write('ready\n');
  for await (const _word of process.stdin) {
    let code = 'kept';
    try {
      db.raw.prepare('INSERT INTO rows DEFAULT VALUES').run();
    } catch (error) {
      code = String(Reflect.get(error as object, 'code'));
    }
    process.stdout.write(`${code}\n`);
  }
}

/** Says hello to whoever connects, having committed before. */
function answers(): Promise<never> {
  const db = openDb({ file: join(folder, 'rows.db') });
  db.raw.pragma(`synchronous = ${synchronous}`);
  db.raw.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY) STRICT');
  return greet(() => void db.raw.prepare('INSERT INTO rows DEFAULT VALUES').run());
}

/** Says hello over connections that have the number a file had before. */
function reuses(): Promise<never> {
  return greet(
    () => {},
    () => writeFileSync(join(folder, 'closed'), 'again'),
  );
}

function greet(before: () => void, listening = () => {}): Promise<never> {
  const server = createServer(socket => {
    before();
    socket.end('hello');
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    listening();
    process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
  });
  return new Promise(() => {});
}

const works: Readonly<Record<string, () => unknown>> = {
  rows,
  refusals,
  answers,
  reuses,
  atomically: () => writeAtomically(join(folder, 'a', 'b', 'picture'), Buffer.from('whole')),
  async numbers() {
    await writeAtomically(join(folder, 'picture'), Buffer.from('whole'));
    readFileSync(join(folder, 'picture'));
    writeFileSync(`${folder}.elsewhere`, 'other');
  },
  carelessly() {
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    writeFileSync(join(folder, 'a', 'b', 'picture'), 'whole', { flush: true });
  },
};

await works[work]?.();
process.stdout.write('done\n');
process.kill(process.pid, 'SIGKILL');
