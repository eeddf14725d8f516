import type { Health, Readiness } from '../http/health.js';
import type { Log } from '../runtime/log.js';
import type { Store } from '../store/store.js';
import type { InboxWriter } from '../store/threads/inbox-writer.js';
import type { Keeper } from '../store/threads/keeper.js';

/** What an operator does about a refusal of SQLite's, by the beginning of its code. */
const remedies: readonly (readonly [code: string, message: string])[] = [
  ['SQLITE_FULL', 'the disk is full: make room, and deliveries will be taken again'],
  ['SQLITE_READONLY', 'the data folder is read-only: remount it or mend its rights'],
  ['SQLITE_IOERR', 'the disk does not answer: look at the machine'],
];

/** Has `/readyz` tell whether the databases take commits, and the log say so once when that changes. */
export function watchStore(health: Health, log: Log, store: Store, inbox: InboxWriter): void {
  let told = '';
  inbox.onHealth(now => {
    const code = now.ok ? '' : now.code;
    if (code === told) return;
    told = code;
    if (now.ok) log.info({}, 'deliveries are kept again');
    else log.error({ code }, `deliveries are answered 503: ${remedyOf(code)}`);
  });
  health.register('inbox', () => readiness(inbox.health()));
  health.register('store', () => {
    store.main.raw.prepare('SELECT 1').get();
    return { ok: true };
  });
}

/** Has the files checked, once the gateway serves already: a large one takes minutes. */
export async function watchIntegrity(keeper: Keeper, health: Health, log: Log): Promise<void> {
  let faults: readonly string[] = [];
  health.register('integrity', () =>
    faults.length === 0
      ? { ok: true }
      : { ok: false, code: 'damaged', message: 'restore the data folder from a backup' },
  );
  faults = await keeper.checkIntegrity();
  for (const file of faults)
    log.error({ file }, 'the database is damaged: stop, and restore it from a backup');
}

function readiness(now: ReturnType<InboxWriter['health']>): Readiness {
  return now.ok ? { ok: true } : { ok: false, code: now.code.toLowerCase(), message: remedyOf(now.code) };
}

function remedyOf(code: string): string {
  return remedies.find(([begin]) => code.startsWith(begin))?.[1] ?? 'commits fail: see the log';
}
