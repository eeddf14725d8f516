import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startInboxWriter } from '../../src/store/threads/inbox-writer.js';
import { temporaryFolder } from './open-db.js';

test('a thread that ends is told of although nobody asked it anything', async t => {
  const file = join(temporaryFolder(t), 'no folder', 'inbox.db');
  const inbox = startInboxWriter({ file, masterKey: new Uint8Array(32) });
  t.after(() => inbox.close());
  const told = await new Promise(resolve => inbox.onHealth(resolve));
  assert.deepEqual(told, { ok: false, code: 'inbox_thread_ended' });
});
