import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openDb } from '../../src/store/db.js';
import type { Store } from '../../src/store/store.js';
import { startKeeper } from '../../src/store/threads/keeper.js';
import { withoutProgram } from '../support/skips.js';
import { openTestStore, temporaryFolder } from './open-db.js';

/** Nothing else: what waits on it lets no turn of the event loop pass. */
const cell = new Int32Array(new SharedArrayBuffer(4));

const kept = (files: Store['files']) => ({
  files: [
    { file: files.main, writtenByThread: false },
    { file: files.inbox, writtenByThread: true },
  ],
});

test('whoever has the logs emptied hears of it when they are, however many ask at once', async t => {
  const { main, files } = openTestStore(t);
  const keeper = startKeeper(kept(files));
  t.after(() => keeper.close());
  const logSize = () => statSync(`${files.main}-wal`).size;
  for (let round = 0; round < 20; round++) {
    await Promise.all([keeper.emptyLogs(), keeper.emptyLogs()]);
    main.raw.exec(`INSERT INTO meta (name, value) VALUES ('round ${round}', '')`);
    assert.ok(logSize() > 0);
    const first = keeper.emptyLogs();
    assert.equal(await keeper.emptyLogs(), true);
    assert.equal(logSize(), 0);
    assert.equal(await first, true);
  }
});

test('the inbox’s log is written over again and again, although commits never cease', async t => {
  const { files } = openTestStore(t);
  const inbox = openDb({ file: files.inbox, leavesCheckpoints: true });
  t.after(() => inbox.close());
  const keeper = startKeeper({ ...kept(files), lookMs: 500 });
  t.after(() => keeper.close());
  const add = inbox.prepare('INSERT INTO arrivals (deliveries, sealed) VALUES (1, zeroblob(10000))');
  const logSize = () => statSync(`${files.inbox}-wal`).size;
  let written = 0;
  // a log that is never begun anew is always longer than what was written
  for (; written < 3 * logSize() || written < 3_000_000; written += 10_000) {
    // only copied back, it grows until the writer has to see to it, at 80 MB
    assert.ok(logSize() < 60_000_000, `the log has ${logSize()} bytes after ${written} were written`);
    add.run();
    Atomics.wait(cell, 0, 0, 0.3);
  }
});

test('while somebody reads on, nobody who commits is kept waiting for the log to be emptied', async t => {
  const { main, files } = openTestStore(t);
  const keeper = startKeeper(kept(files));
  t.after(() => keeper.close());
  const reader = openDb({ file: files.main, readonly: true });
  t.after(() => reader.close());
  reader.raw.exec('BEGIN; SELECT * FROM meta');
  // a fifth of what a connection usually waits: whoever has to wait for longer is refused
  main.raw.pragma('busy_timeout = 1000');
  let emptied: boolean | undefined;
  const asked = keeper.emptyLogs().then(done => {
    emptied = done;
  });
  for (let nth = 0; emptied === undefined; nth++) {
    main.raw.exec(`INSERT INTO meta (name, value) VALUES ('commit ${nth}', '')`);
    await turn();
  }
  await asked;
  assert.equal(emptied, false);
  reader.raw.exec('COMMIT');
  assert.equal(await keeper.emptyLogs(), true);
  const [settings] = await keeper.pragmas();
  assert.equal(settings?.busy_timeout, 5000);
});

/** A keeper whose files cannot be opened until the folder is made. */
function startTooEarly(t: TestContext) {
  const folder = join(temporaryFolder(t), 'not there yet');
  const keeper = startKeeper(kept({ main: join(folder, 'main.db'), inbox: join(folder, 'inbox.db') }));
  // the pause before the next thread keeps no process alive
  const alive = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(alive));
  const isThere = (there: boolean) =>
    new Promise<void>(resolve => keeper.onHealth(fault => (fault === null) === there && resolve()));
  return { folder, keeper, isThere };
}

test('what a thread does not answer because it ended is answered for, and another takes its place', async t => {
  const { folder, keeper, isThere } = startTooEarly(t);
  t.after(() => keeper.close());
  const asked = keeper.emptyLogs();
  await isThere(false);
  assert.equal(await asked, false);
  assert.equal(await keeper.emptyLogs(), false);
  mkdirSync(folder);
  await isThere(true);
  assert.equal(await keeper.emptyLogs(), true);
});

test('a keeper whose thread ended is closed like any other', async t => {
  const { keeper, isThere } = startTooEarly(t);
  await isThere(false);
  await keeper.close();
});

test('a file that cannot be read is told apart from one that is damaged and one that is sound', async t => {
  const { files } = openTestStore(t);
  const folder = temporaryFolder(t);
  const damaged = join(folder, 'damaged.db');
  const missing = join(folder, 'missing.db');
  writeFileSync(damaged, 'no database at all, although as long as one'.repeat(100));
  const keeper = startKeeper({
    files: [files.main, damaged, missing].map(file => ({ file, writtenByThread: false })),
  });
  t.after(() => keeper.close());
  assert.deepEqual(await keeper.checkIntegrity(), {
    damaged: [damaged],
    unread: [{ file: missing, why: 'SQLITE_CANTOPEN' }],
  });
});

test('closing ends a check of the files, however long that would take', {
  skip: withoutProgram('mkfifo'),
}, async t => {
  const { files } = openTestStore(t);
  const keeper = startKeeper(kept(files));
  await new Promise(resolve => keeper.onHealth(resolve));
  rmSync(files.main);
  // whoever opens this to read waits for somebody to write
  execFileSync('mkfifo', [files.main]);
  const checked = keeper.checkIntegrity();
  await keeper.close();
  assert.deepEqual(await checked, { damaged: [], unread: [] });
});
