import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openDb } from '../../src/store/db.js';
import type { Store } from '../../src/store/store.js';
import { startKeeper } from '../../src/store/threads/keeper.js';
import { openTestStore } from './open-db.js';

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
    await Promise.all([keeper.emptyLogs(), keeper.emptyLogs(), keeper.checkIntegrity()]);
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
