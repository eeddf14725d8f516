import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDb } from '../../src/store/db.js';
import { InboxError, mostWaitingBytes, startInboxWriter } from '../../src/store/threads/inbox-writer.js';
import { countKept } from '../support/records.js';
import { openTestStore, temporaryFolder } from './open-db.js';

const delivery = (raw: Buffer) => ({ organization: '1', provider: 'onfido', raw, receivedAt: 1 });

function startOver(t: TestContext, file: string, patienceMs?: number) {
  const inbox = startInboxWriter({ file, masterKey: new Uint8Array(32) }, undefined, patienceMs);
  t.after(() => inbox.close());
  const keep = (body: string | Buffer) =>
    new Promise<InboxError | null>(answer => inbox.keep(delivery(Buffer.from(body)), answer));
  return { inbox, keep };
}

function wordsOf(error: unknown): unknown[] {
  assert.ok(error instanceof InboxError && error.cause instanceof Error);
  return [error.code, error.cause.message, error.refusesDeliveries];
}

/** What is told of an end, as code and words. */
async function toldOfEnd(t: TestContext, file: string): Promise<unknown[]> {
  const { inbox } = startOver(t, file);
  const told = await new Promise<Parameters<Parameters<typeof inbox.onHealth>[0]>[0]>(resolve =>
    inbox.onHealth(resolve),
  );
  return told.ok ? [] : [told.code, told.fault?.message, told.refusesDeliveries];
}

test('a thread that ends is told of with why, although nobody asked it anything', async t => {
  assert.deepEqual(await toldOfEnd(t, join(temporaryFolder(t), 'no folder', 'inbox.db')), [
    'inbox_thread_ended',
    'Cannot open database because the directory does not exist',
    true,
  ]);
});

test('what SQLite ended it with is told by its code, which is all of it that leaves a thread', async t => {
  assert.deepEqual(await toldOfEnd(t, temporaryFolder(t)), [
    'SQLITE_CANTOPEN',
    'the thread ended with SQLITE_CANTOPEN',
    true,
  ]);
});

test('a refusal carries what happened underneath, and says whether deliveries are refused too', async t => {
  const { files, inbox: kept } = openTestStore(t);
  const { inbox, keep } = startOver(t, files.inbox);
  const refuse = (table: string) =>
    kept.raw.exec(`CREATE TRIGGER no_${table} BEFORE INSERT ON ${table}
                   BEGIN SELECT RAISE(ABORT, 'no ${table} today'); END`);
  assert.equal(await keep('kept'), null);
  refuse('deliveries');
  assert.deepEqual(wordsOf(await inbox.unpack(1).catch((error: InboxError) => error)), [
    'SQLITE_CONSTRAINT_TRIGGER',
    'no deliveries today',
    false,
  ]);
  refuse('arrivals');
  assert.deepEqual(wordsOf(await keep('refused')), ['SQLITE_CONSTRAINT_TRIGGER', 'no arrivals today', true]);
});

test('what is refused because too much waits is told of, although the thread is not asked', async t => {
  const { inbox, keep } = startOver(t, openTestStore(t).files.inbox);
  const told: object[] = [];
  inbox.onHealth(now => told.push(now));
  assert.equal((await keep(Buffer.alloc(mostWaitingBytes + 1)))?.code, 'too_much_waiting');
  assert.deepEqual(told, [{ ok: false, code: 'too_much_waiting', refusesDeliveries: true }]);
});

test('what was kept waits no longer: any amount may come, one after the other', async t => {
  const { inbox: kept, files } = openTestStore(t);
  const { keep } = startOver(t, files.inbox);
  const most = Math.floor(mostWaitingBytes / 3);
  for (let nth = 0; nth < 4; nth++) assert.equal(await keep(Buffer.alloc(most, nth)), null, `the ${nth}th`);
  assert.equal(countKept(kept), 4);
});

test('whoever waits too long for a commit is refused, and nobody is once the thread answers again', async t => {
  const { files, inbox: kept } = openTestStore(t);
  const { inbox, keep } = startOver(t, files.inbox, 200);
  const answers = () => new Promise<void>(resolve => inbox.onHealth(now => now.ok && resolve()));
  const begun = answers();
  void inbox.probe();
  await begun;
  assert.equal(await keep('first'), null);
  const told: object[] = [];
  inbox.onHealth(now => told.push(now));
  const other = openDb({ file: files.inbox });
  t.after(() => other.close());
  // a lock that is held stands in for a sync that does not end
  other.raw.exec('BEGIN IMMEDIATE');
  const [refusal, probed] = await Promise.all([keep('second'), inbox.probe()]);
  assert.deepEqual([refusal?.code, probed], ['inbox_silent', 'inbox_silent']);
  assert.deepEqual(told, [{ ok: false, code: 'inbox_silent', refusesDeliveries: true }]);
  assert.equal((await keep('third'))?.code, 'inbox_silent');
  const speaks = answers();
  other.raw.exec('ROLLBACK');
  await speaks;
  assert.equal(await keep('fourth'), null);
  assert.equal(await inbox.probe(), null);
  // what was refused while it was being written may be there all the same: the provider sends it again, and it is known
  assert.equal(countKept(kept), 3);
});
