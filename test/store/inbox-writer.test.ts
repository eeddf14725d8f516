import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDb } from '../../src/store/db.js';
import { type InboxError, startInboxWriter } from '../../src/store/threads/inbox-writer.js';
import { countKept } from '../support/records.js';
import { openTestStore, temporaryFolder } from './open-db.js';

test('a thread that ends is told of although nobody asked it anything', async t => {
  const file = join(temporaryFolder(t), 'no folder', 'inbox.db');
  const inbox = startInboxWriter({ file, masterKey: new Uint8Array(32) });
  t.after(() => inbox.close());
  const told = await new Promise(resolve => inbox.onHealth(resolve));
  assert.deepEqual(told, { ok: false, code: 'inbox_thread_ended' });
});

test('whoever waits too long for a commit is refused, and nobody is once the thread answers again', async t => {
  const { files, inbox: kept } = openTestStore(t);
  const inbox = startInboxWriter({ file: files.inbox, masterKey: new Uint8Array(32) }, undefined, 200);
  t.after(() => inbox.close());
  const keep = (body: string) =>
    new Promise<InboxError | null>(answer =>
      inbox.keep({ organization: '1', provider: 'onfido', raw: Buffer.from(body), receivedAt: 1 }, answer),
    );
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
  assert.deepEqual(told, [{ ok: false, code: 'inbox_silent' }]);
  assert.equal((await keep('third'))?.code, 'inbox_silent');
  const speaks = answers();
  other.raw.exec('ROLLBACK');
  await speaks;
  assert.equal(await keep('fourth'), null);
  assert.equal(await inbox.probe(), null);
  // what was refused while it was being written may be there all the same: the provider sends it again, and it is known
  assert.equal(countKept(kept), 3);
});
