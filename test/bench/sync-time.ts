import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spreadOf } from './statistics.js';

const syncs = 200;

/** What the disk under the measured boxes takes for a sync of a small write: the ratios mean little without it. */
export function medianSyncMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-sync-'));
  const file = openSync(join(folder, 'written'), 'w');
  try {
    const page = Buffer.alloc(4096, 1);
    const times = Array.from({ length: syncs }, () => {
      writeSync(file, page);
      const begin = performance.now();
      fsyncSync(file);
      return performance.now() - begin;
    });
    return spreadOf(times).median;
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}
