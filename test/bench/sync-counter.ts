import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shimEnvironment } from '../shim/shim.js';
import { withoutProgram } from '../support/skips.js';

/** Whether syncs can be counted and slowed down on this machine. */
export const countsSyncs = withoutProgram('cc') === false;

/** A process's environment in which its syncs are counted, and take longer when wished. */
export interface SyncCounter {
  readonly env: Readonly<Record<string, string>>;
  count(): number;
  remove(): void;
}

/** Lines are written to memory where the machine has such a place, so that counting adds nothing to what is measured. */
export function createSyncCounter(delayUs: number): SyncCounter | undefined {
  if (!countsSyncs) return undefined;
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'gatehouse-syncs-'));
  const log = join(folder, 'syncs');
  return {
    env: shimEnvironment({ log, syncDelayUs: delayUs }),
    count: () =>
      existsSync(log) ? readFileSync(log).reduce((sum, byte) => sum + Number(byte === 10), 0) : 0,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
