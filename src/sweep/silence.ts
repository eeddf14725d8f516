/**
 * Notices when a provider that has everything it needs says nothing for much longer than usual: deliveries do not reach
 * us, or the provider is stuck. Told once, and again only after an answer came in between.
 */
import type { Organizations } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import { addAlert } from '../store/alerts.js';
import { type Answering, recentAnswers, waitingChecks } from '../store/answers.js';
import type { Db } from '../store/db.js';
import { readMeta, writeMeta } from '../store/meta.js';
import type { Store } from '../store/store.js';

export interface SilenceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** an organization's provider fell silent or speaks again */
  readonly onChange: (organization: string, silent: boolean) => void;
}

/** Waiting for so many times the usual is not usual any more … */
const times = 5;
/** … but never earlier than this: one look by a person at the provider takes that long. */
const floorMs = 30 * 60_000;
/** What is usual while nobody knows. */
const guessMs = 10 * 60_000;
/** One check alone may be a hard one, and gets longer. */
const aloneTimes = 4;

/** Looks at every organization. */
export function watchSilence(options: SilenceOptions): void {
  const { store, clock } = options;
  const now = clock.now();
  const answers = recentAnswers(store.main, now);
  const waiting = waitingChecks(store.main, now);
  for (const { settings } of options.organizations.all) {
    const mine = answers.filter(({ organization }) => organization === settings.id);
    const lastAnswer = mine[0]?.answeredAt ?? null;
    const name = `silent:${settings.id}`;
    const silentSince = silentSinceOf(store.main, name, now);
    if (silentSince !== null) {
      if (lastAnswer === null || lastAnswer <= silentSince) continue;
      writeMeta(store.main, name, null);
      options.onChange(settings.id, false);
    }
    const since = waiting
      .filter(({ organization }) => organization === settings.id)
      .map(({ since: at }) => at);
    if (
      !isSilent({ waitingSince: since, lastAnswer, usualMs: usualOf(mine.length > 0 ? mine : answers) }, now)
    )
      continue;
    store.main.transaction(() => {
      writeMeta(store.main, name, String(now));
      addAlert(store.main, { code: 'provider_silent', subject: settings.id }, now);
    });
    options.onChange(settings.id, true);
  }
}

/** Since when it was told to be silent. A mark that lies ahead, because the clock was set back, would mute the next. */
function silentSinceOf(db: Db, name: string, now: number): number | null {
  const mark = readMeta(db, name);
  if (mark === undefined) return null;
  if (Number(mark) <= now) return Number(mark);
  writeMeta(db, name, null);
  return null;
}

/** What an organization's provider has said and not said. */
export interface Silence {
  /** when each check that waits was submitted */
  readonly waitingSince: readonly number[];
  readonly lastAnswer: number | null;
  readonly usualMs: number;
}

/** Pure. Only checks submitted after the last answer count: an older one that still waits is a hard one, not silence. */
export function isSilent({ waitingSince, lastAnswer, usualMs }: Silence, now: number): boolean {
  const limit = Math.max(floorMs, usualMs * times);
  const overdue = waitingSince.filter(at => (lastAnswer === null || at > lastAnswer) && now - at > limit);
  return overdue.length > 1 || overdue.some(at => now - at > limit * aloneTimes);
}

/** The median of the newest answers. */
function usualOf(answers: readonly Answering[]): number {
  const sorted = answers
    .slice(0, 50)
    .map(({ tookMs }) => tookMs)
    .sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? guessMs;
}
