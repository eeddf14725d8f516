import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createKeyring } from '../../src/runtime/keyring.js';
import { openStore, type Store } from '../../src/store/store.js';

/** A folder that goes away with the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real store in a folder of its own, closed with the test. */
export function openTestStore(t: TestContext, dataDir = temporaryFolder(t), key = 1): Store {
  const store = openStore(dataDir, createKeyring(Buffer.alloc(32, key)), 1000);
  t.after(() => store.close());
  return store;
}
