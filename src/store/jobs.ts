/** The table of jobs: durable work, leased to one runner at a time, one per lane. */
import { sql as text } from 'kysely';
import type { JobKind, JobPayloads, NewJob } from '../domain/job.js';
import { type Db, sql } from './db.js';
import type { JobsTable } from './schema.js';

/** A job as claimed; `attempts` already counts this one, so that a crash counts too. */
export interface Job<Kind extends JobKind = JobKind> {
  readonly id: number;
  readonly key: string;
  readonly kind: Kind;
  readonly lane: string;
  readonly receiver: string;
  readonly payload: JobPayloads[Kind];
  readonly attempts: number;
  readonly asked: number;
  /** times in a row that the process ended while it ran: what it had begun then may have been done */
  readonly interruptions: number;
  /** nobody waits for it */
  readonly background: boolean;
  readonly createdAt: number;
}

/** A row of the table, for those who look at jobs. */
export type JobRow = Omit<JobsTable, Counts> & Record<Counts, number>;
type Counts = 'id' | 'attempts' | 'asked' | 'background' | 'interruptions';

/** Plain statements: deliveries are handed on ten at a time, and building these queries took longer than running them. */
const insertJob = `INSERT INTO jobs (key, kind, lane, receiver, payload, background, state, run_at, created_at)
  VALUES (@key, @kind, @lane, @receiver, @payload, @background, 'ready', @runAt, @now)`;
const addOnce = `${insertJob} ON CONFLICT (key) DO NOTHING`;
const addAgain = `${insertJob} ON CONFLICT (key) DO UPDATE SET
  asked = asked + 1,
  state = CASE state WHEN 'running' THEN state ELSE 'ready' END,
  run_at = CASE WHEN state = 'running' OR (state = 'ready' AND attempts > 0) THEN run_at
                WHEN state = 'ready' THEN min(run_at, excluded.run_at) ELSE excluded.run_at END,
  attempts = CASE WHEN state IN ('done', 'dead') THEN 0 ELSE attempts END,
  background = CASE WHEN state IN ('done', 'dead') THEN excluded.background
                    ELSE min(background, excluded.background) END,
  finished_at = NULL`;

/**
 * Adds a job. One with the same key that has not finished is left to run; `again` also wakes a finished one, and lets a
 * running one run once more afterwards, because what it read may be out of date. A waiting retry keeps its time, so that
 * repeated deliveries cannot defeat the backoff.
 */
export function addJob(db: Db, job: NewJob, now: number, mode: 'once' | 'again' = 'once'): void {
  const { key, kind, lane, receiver, runAt } = job;
  const payload = JSON.stringify(job.payload);
  const background = Number(job.background ?? false);
  const values = { key, kind, lane, receiver, payload, background, runAt, now };
  db.transaction(() => db.prepare(mode === 'once' ? addOnce : addAgain).run(values));
}

/** A receiver for which jobs wait, and when the first of each of its two queues is due; null where none waits. */
export interface Backlog {
  readonly receiver: string;
  readonly awaitedAt: number | null;
  readonly backgroundAt: number | null;
}

/** Whether one of its jobs is due. */
export function isDue({ awaitedAt, backgroundAt }: Backlog, now: number): boolean {
  return (awaitedAt !== null && awaitedAt <= now) || (backgroundAt !== null && backgroundAt <= now);
}

/** Who has jobs waiting. Costs a few steps for each receiver, not for each job. */
export function backlogs(db: Db): Backlog[] {
  return db
    .prepare(
      `WITH RECURSIVE waiting (receiver) AS (
         SELECT min(receiver) FROM jobs WHERE state = 'ready'
         UNION ALL
         SELECT (SELECT min(receiver) FROM jobs WHERE state = 'ready' AND receiver > waiting.receiver)
         FROM waiting WHERE receiver IS NOT NULL
       )
       SELECT receiver,
         (SELECT min(run_at) FROM jobs WHERE state = 'ready' AND receiver = waiting.receiver AND background = 0) AS awaitedAt,
         (SELECT min(run_at) FROM jobs WHERE state = 'ready' AND receiver = waiting.receiver AND background = 1) AS backgroundAt
       FROM waiting WHERE receiver IS NOT NULL`,
    )
    .all() as Backlog[];
}

/** Ends a job that is still this holder's. One that was asked for again meanwhile becomes ready once more. */
export function finishJob(db: Db, job: Job, holder: string, now: number): void {
  db.run(
    sql
      .updateTable('jobs')
      .set({
        state: text`CASE WHEN asked = ${job.asked} THEN 'done' ELSE 'ready' END`,
        run_at: text`CASE WHEN asked = ${job.asked} THEN run_at ELSE ${now} END`,
        attempts: text`CASE WHEN asked = ${job.asked} THEN attempts ELSE 0 END`,
        interruptions: 0,
        finished_at: now,
        lease_holder: null,
        lease_until: null,
      })
      .where('id', '=', job.id)
      .where('state', '=', 'running')
      .where('lease_holder', '=', holder),
  );
}

/** Ends a job of which nothing is to be seen afterwards; one that was asked for again meanwhile is ready once more. */
export function forgetJob(db: Db, job: Job, holder: string, now: number): void {
  const gone = db.run(
    sql
      .deleteFrom('jobs')
      .where('id', '=', job.id)
      .where('state', '=', 'running')
      .where('lease_holder', '=', holder)
      .where('asked', '=', job.asked),
  );
  if (gone.changes === 0) finishJob(db, job, holder, now);
}

/** Removes jobs by lane and by key, whatever became of them, but for erasures and for those that run and hold their lanes. */
export function removeJobs(db: Db, which: { lanes: readonly string[]; keys: readonly string[] }): void {
  db.prepare(
    `DELETE FROM jobs WHERE state != 'running' AND substr(kind, 1, 6) != 'erase_'
       AND (lane IN (SELECT value FROM json_each(?)) OR key IN (SELECT value FROM json_each(?)))`,
  ).run(JSON.stringify(which.lanes), JSON.stringify(which.keys));
}

/** Whether there is a job of one of these keys, whatever became of it. */
export function hasJobs(db: Db, keys: readonly string[]): boolean {
  const query = 'SELECT 1 FROM jobs WHERE key IN (SELECT value FROM json_each(?)) LIMIT 1';
  return db.prepare(query).get(JSON.stringify(keys)) !== undefined;
}

/** When a job is done again, and why. */
export interface Later {
  readonly now: number;
  readonly runAt: number;
  readonly error: string | null;
  /** it failed; looking in vain, because there is nothing to report yet, does not count */
  readonly counts: boolean;
  /** it did not get to what it may have been interrupted in before */
  readonly waits?: boolean | undefined;
  /** nobody waits for it (any more) */
  readonly background?: boolean | undefined;
}

/** Puts a job back for later; one that was asked for again while it looked in vain looks again at once. */
export function postponeJob(db: Db, job: Job, holder: string, later: Later): void {
  const background = later.background === undefined ? text`background` : text`${Number(later.background)}`;
  db.run(
    sql
      .updateTable('jobs')
      .set({
        state: 'ready',
        run_at: later.counts
          ? later.runAt
          : text`CASE WHEN asked = ${job.asked} THEN ${later.runAt} ELSE ${later.now} END`,
        last_error: later.error,
        attempts: later.counts ? text`attempts` : text`0`,
        interruptions: later.waits ? text`interruptions` : 0,
        background: text`CASE WHEN asked = ${job.asked} THEN ${background} ELSE background END`,
        lease_holder: null,
        lease_until: null,
      })
      .where('id', '=', job.id)
      .where('state', '=', 'running')
      .where('lease_holder', '=', holder),
  );
}

/**
 * Gives a job up; it stays visible and can be retried by a person. False when it is no longer this holder's, or was
 * asked for again meanwhile: for whatever asked, it begins anew.
 *
 * @param holder null: whoever holds it
 */
export function buryJob(
  db: Db,
  job: Pick<Job, 'id' | 'asked'>,
  holder: string | null,
  now: number,
  error: string,
): boolean {
  const free = { last_error: error, lease_holder: null, lease_until: null } as const;
  const held = sql.updateTable('jobs').where('id', '=', job.id).where('state', '=', 'running');
  const mine = holder === null ? held : held.where('lease_holder', '=', holder);
  const last = mine.set({ ...free, state: 'dead', finished_at: now }).where('asked', '=', job.asked);
  if (db.run(last).changes > 0) return true;
  db.run(mine.set({ ...free, state: 'ready', run_at: now, attempts: 0, interruptions: 0 }));
  return false;
}

/** When the next waiting job is due, or null when none waits. */
export function nextDue(db: Db): number | null {
  const due = backlogs(db).flatMap(({ awaitedAt, backgroundAt }) => [awaitedAt, backgroundAt]);
  const times = due.filter(at => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/**
 * Brings a waiting job forward, because somebody is waiting for it now. The attempt it gets by that is none of its own:
 * an impatient customer must not use them up. It stays known that there was one before: see {@link addJob}.
 */
export function hastenJob(db: Db, key: string, now: number): void {
  db.run(
    sql
      .updateTable('jobs')
      .set({ run_at: now, attempts: text`CASE WHEN attempts > 1 THEN attempts - 1 ELSE attempts END` })
      .where('key', '=', key)
      .where('state', '=', 'ready')
      .where('run_at', '>', now),
  );
}

/**
 * Has whatever waits for later wait for so much less, because the clock by which it was put off was set back since. Not
 * deadlines: they stand for a moment, and looking early would be ending early.
 */
export function bringForward(db: Db, byMs: number, now: number): void {
  db.prepare(
    `UPDATE jobs SET run_at = max(run_at - ?, ?) WHERE state = 'ready' AND run_at > ? AND kind != 'deadline'`,
  ).run(byMs, now, now);
}

/** The receiver of the job of this key, if it is still to be tried or being tried. */
export function findWaiting(db: Db, key: string): string | undefined {
  const query = sql.selectFrom('jobs').select(['state', 'receiver']).where('key', '=', key);
  const row = db.one<{ state: string; receiver: string }>(query);
  return row?.state === 'ready' || row?.state === 'running' ? row.receiver : undefined;
}

/** Has a job that waits do so until a moment at least. */
export function delayJob(db: Db, key: string, until: number): void {
  const waiting = sql.updateTable('jobs').where('key', '=', key).where('state', '=', 'ready');
  db.run(waiting.set({ run_at: text`max(run_at, ${until})` }));
}

/** Whether the job of this key was given up within so long. What is dated later than now was before the clock was set back. */
export function isGivenUp(db: Db, key: string, lastMs: number, now: number): boolean {
  const query = sql.selectFrom('jobs').select('id').where('key', '=', key).where('state', '=', 'dead');
  return db.one(query.where('finished_at', '>=', now - lastMs).where('finished_at', '<=', now)) !== undefined;
}

/** Jobs for a person to look at, newest trouble first. */
export function listJobs(
  db: Db,
  filter: { state?: string; except?: string; kind?: string; limit: number },
): JobRow[] {
  let query = sql.selectFrom('jobs').selectAll().orderBy('id', 'desc').limit(filter.limit);
  if (filter.state) query = query.where('state', '=', filter.state);
  if (filter.except) query = query.where('state', '!=', filter.except);
  if (filter.kind) query = query.where('kind', '=', filter.kind);
  return db.all<JobRow>(query);
}

/** Makes dead jobs ready again: one by id, or all of a kind and time range. Returns how many. */
export function retryDeadJobs(
  db: Db,
  which: { id?: number; kind?: string; since?: number; until?: number },
  now: number,
): number {
  let query = sql
    .updateTable('jobs')
    .set({ state: 'ready', run_at: now, attempts: 0, interruptions: 0, finished_at: null })
    .where('state', '=', 'dead');
  if (which.id !== undefined) query = query.where('id', '=', which.id);
  if (which.kind !== undefined) query = query.where('kind', '=', which.kind);
  if (which.since !== undefined) query = query.where('finished_at', '>=', which.since);
  if (which.until !== undefined) query = query.where('finished_at', '<=', which.until);
  return db.run(query).changes;
}

/** Forgets jobs that ended well before a moment, so many at most. Returns how many. */
export function pruneJobs(db: Db, before: number, most: number): number {
  const done = sql.selectFrom('jobs').select('id').where('state', '=', text.lit('done'));
  const old = done.where('finished_at', '<', before).limit(most);
  return db.run(sql.deleteFrom('jobs').where('id', 'in', old)).changes;
}

/** A row as those who run it see it. */
export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    key: row.key,
    kind: row.kind as JobKind,
    lane: row.lane,
    receiver: row.receiver,
    payload: JSON.parse(row.payload) as JobPayloads[JobKind],
    attempts: row.attempts,
    asked: row.asked,
    interruptions: row.interruptions,
    background: row.background === 1,
    createdAt: row.created_at,
  };
}
