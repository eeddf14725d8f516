import { basename } from 'node:path';
import type { Health, Readiness } from '../http/health.js';
import type { Clock } from '../runtime/clock.js';
import type { Log } from '../runtime/log.js';
import { refusalOf } from '../runtime/refusal.js';
import { addAlert } from '../store/alerts.js';
import type { Db } from '../store/db.js';
import type { Store } from '../store/store.js';
import { InboxError, type InboxWriter } from '../store/threads/inbox-writer.js';
import type { Keeper } from '../store/threads/keeper.js';
import { textOf } from './alert-log.js';

/** What an operator does about a refusal of SQLite's, by the beginning of its code. */
const remedies: readonly (readonly [code: string, message: string])[] = [
  ['SQLITE_FULL', 'the disk is full: make room, and everything goes on by itself'],
  ['SQLITE_READONLY', 'the data folder is read-only: remount it or mend its rights'],
  ['SQLITE_CANTOPEN', 'the data folder cannot be written: mend its rights'],
  ['SQLITE_IOERR', 'the disk does not answer: look at the machine'],
  ['SQLITE_BUSY', 'another program holds the database: end it'],
  ['SQLITE_CORRUPT', 'it reads as damaged: look at the machine, and restore a backup if that stays'],
  ['SQLITE_NOTADB', 'it reads as damaged: look at the machine, and restore a backup if that stays'],
  ['inbox_thread_ended', 'the thread that keeps them ends and is started again: see the log for why'],
  [
    'too_much_waiting',
    'more comes in than the disk takes: look at the machine, or set limits.deliveriesPerSecond',
  ],
  ['inbox_silent', 'the disk takes what is written and does not say that it has: look at the machine'],
];

const unchecked =
  'whether the database is damaged could not be found out: look at the machine; the next start tries again';
const unnoted = 'the alert about the damaged database could not be kept';
const keeperGone =
  'the databases’ logs are not copied back and will grow: the thread that does it ended and is started again';

const probeMs = 1_000;
const firstCalmMs = 2_000;
const longestCalmMs = 300_000;
/** A relapse so soon after a recovery makes the next one wait longer. */
const relapseMs = 600_000;

/** What is watched, and in which words. */
export interface StoreWatch {
  readonly health: Health;
  readonly log: Log;
  readonly clock: Clock;
  readonly store: Store;
  readonly inbox: Pick<InboxWriter, 'onHealth' | 'probe'>;
}

/**
 * Has `/readyz` tell whether the databases take commits, and the log say so once when that changes. A database that
 * refuses is tried every second, so that it is known to be well again although nobody writes. Returns what ends that.
 */
export function watchStore({ health, log, clock, store, inbox }: StoreWatch): () => void {
  const deliveries = watchOne(clock, inbox.probe, (code, fault) => {
    if (code === null) log.info({}, 'deliveries are kept again');
    else log.error({ code, err: fault }, `deliveries are answered 503: ${remedyOf(code)}`);
  });
  const rest = watchOne(clock, store.main.probe, code => {
    if (code === null) log.info({}, 'the database takes changes again');
    else log.error({ code }, `the database refuses all changes: ${remedyOf(code)}`);
  });
  inbox.onHealth(now => {
    if (!now.ok && now.refusesDeliveries) deliveries.refused(now.code, now.fault);
  });
  store.inbox.onRefusal(deliveries.refused);
  store.main.onRefusal(rest.refused);
  health.register('inbox', () => readiness(deliveries.code()));
  health.register('store', () => {
    store.main.raw.prepare('SELECT 1').get();
    return readiness(rest.code());
  });
  return () => {
    deliveries.stop();
    rest.stop();
  };
}

/** Whether an error is one that the watch over the store tells of already, once for all of its kind. */
export function isToldByHealth(error: unknown): boolean {
  return error instanceof InboxError ? error.refusesDeliveries : refusalOf(error) !== null;
}

/**
 * Turns refusals, however many, into one change, and says that all is well again after a while without any: a disk that
 * is nearly full takes one write and refuses the next.
 */
function watchOne(
  clock: Clock,
  probe: () => string | null | Promise<string | null>,
  onChange: (code: string | null, fault?: Error) => void,
) {
  let code: string | null = null;
  let refusedAt = 0;
  let wellSince = Number.NEGATIVE_INFINITY;
  let calmMs = firstCalmMs;
  let cancel = () => {};

  async function look(): Promise<void> {
    const found = await probe();
    if (code === null) return;
    // one that seems to lie ahead came before the clock was set back: how long ago, nobody knows
    if (found !== null || refusedAt > clock.now()) refusedAt = clock.now();
    if (clock.now() - refusedAt < calmMs) {
      cancel = clock.after(probeMs, look);
      return;
    }
    code = null;
    wellSince = clock.now();
    onChange(null);
  }

  return {
    code: () => code,
    refused(why: string, fault?: Error) {
      refusedAt = clock.now();
      if (code !== null) return;
      calmMs = refusedAt - wellSince < relapseMs ? Math.min(calmMs * 2, longestCalmMs) : firstCalmMs;
      code = why;
      cancel = clock.after(probeMs, look);
      onChange(why, fault);
    },
    stop: () => cancel(),
  };
}

/** What the check of the files needs. */
export interface IntegrityWatch {
  readonly keeper: Pick<Keeper, 'checkIntegrity'>;
  readonly health: Health;
  readonly log: Log;
  readonly clock: Clock;
  readonly main: Db;
}

/**
 * Has the files checked, once the gateway serves already: a large one takes minutes. The alerts themselves may be in what
 * is damaged, so the log says at once what was found, and their table is told afterwards, if it can be.
 */
export async function watchIntegrity({ keeper, health, log, clock, main }: IntegrityWatch): Promise<void> {
  let faults: readonly string[] = [];
  health.register('integrity', () =>
    faults.length === 0
      ? { ok: true }
      : { ok: false, code: 'damaged', message: 'restore the data folder from a backup' },
  );
  const { damaged, unread } = await keeper.checkIntegrity();
  faults = damaged;
  for (const file of damaged) {
    const alert = { code: 'database_damaged', subject: basename(file) };
    log.error({ alert: alert.code, subject: alert.subject, file }, textOf(alert.code));
    try {
      addAlert(main, alert, clock.now());
    } catch (error) {
      if (!isToldByHealth(error)) log.error({ err: error, file }, unnoted);
    }
  }
  for (const { file, why } of unread) log.error({ file, why }, unchecked);
}

/** Has the log say, once, when the thread that copies the logs back is gone, and when it is there again. */
export function watchKeeper(keeper: Pick<Keeper, 'onHealth'>, log: Log): void {
  let isGone = false;
  keeper.onHealth(fault => {
    if (fault !== null && !isGone) log.error({ err: fault }, keeperGone);
    if (fault === null && isGone) log.info({}, 'the databases’ logs are copied back again');
    isGone = fault !== null;
  });
}

function readiness(code: string | null): Readiness {
  return code === null ? { ok: true } : { ok: false, code: code.toLowerCase(), message: remedyOf(code) };
}

function remedyOf(code: string): string {
  return remedies.find(([begin]) => code.startsWith(begin))?.[1] ?? 'commits fail: see the log';
}
