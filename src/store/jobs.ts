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
  readonly createdAt: number;
}

/** A row of the table, for those who look at jobs. */
export type JobRow = Omit<JobsTable, 'id' | 'attempts' | 'asked'> & {
  id: number;
  attempts: number;
  asked: number;
};

/**
 * Adds a job. One with the same key that has not finished is left to run; `again` also wakes a finished one, and lets a
 * running one run once more afterwards, because what it read may be out of date. A waiting retry keeps its time, so that
 * repeated deliveries cannot defeat the backoff.
 */
export function addJob(db: Db, job: NewJob, now: number, mode: 'once' | 'again' = 'once'): void {
  const values = {
    key: job.key,
    kind: job.kind,
    lane: job.lane,
    receiver: job.receiver,
    payload: JSON.stringify(job.payload),
    state: 'ready',
    run_at: job.runAt,
    created_at: now,
  };
  const insert = sql
    .insertInto('jobs')
    .values({ ...values, lease_holder: null, lease_until: null, last_error: null, finished_at: null });
  if (mode === 'once') {
    db.run(insert.onConflict(conflict => conflict.column('key').doNothing()));
    return;
  }
  db.run(
    insert.onConflict(conflict =>
      conflict.column('key').doUpdateSet({
        asked: text`asked + 1`,
        state: text`CASE state WHEN 'running' THEN state ELSE 'ready' END`,
        run_at: text`CASE WHEN state = 'running' OR (state = 'ready' AND attempts > 0) THEN run_at
                          WHEN state = 'ready' THEN min(run_at, excluded.run_at) ELSE excluded.run_at END`,
        attempts: text`CASE WHEN state IN ('done', 'dead') THEN 0 ELSE attempts END`,
        finished_at: null,
      }),
    ),
  );
}

/** Whose lease, until when, and whose receivers are busy enough. */
export interface Claim {
  readonly holder: string;
  readonly now: number;
  readonly leaseMs: number;
  /** receivers that get no further job now */
  readonly full: readonly string[];
}

/** Claims the job that is due longest, whose lane is free and whose receiver is not full; in one statement. */
export function claimJob(db: Db, claim: Claim): Job | undefined {
  const due = sql
    .selectFrom('jobs as due')
    .select('due.id')
    .where('due.state', '=', text.lit('ready'))
    .where('due.run_at', '<=', claim.now)
    .where(text<boolean>`due.receiver NOT IN (SELECT value FROM json_each(${JSON.stringify(claim.full)}))`)
    .where(
      text<boolean>`NOT EXISTS (SELECT 1 FROM jobs AS busy WHERE busy.state = 'running' AND busy.lane = due.lane)`,
    )
    .orderBy('due.run_at')
    .orderBy('due.id')
    .limit(1);
  const row = db.one<JobRow>(
    sql
      .updateTable('jobs')
      .set({
        state: 'running',
        attempts: text`attempts + 1`,
        lease_holder: claim.holder,
        lease_until: claim.now + claim.leaseMs,
      })
      .where('id', '=', due)
      .returningAll(),
  );
  return row && toJob(row);
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
        finished_at: now,
        lease_holder: null,
        lease_until: null,
      })
      .where('id', '=', job.id)
      .where('state', '=', 'running')
      .where('lease_holder', '=', holder),
  );
}

/** Puts a job back for later: after a failure (which counts) or because it has nothing to report yet (which does not). */
export function postponeJob(
  db: Db,
  job: Job,
  holder: string,
  later: { runAt: number; error: string | null; counts: boolean },
): void {
  db.run(
    sql
      .updateTable('jobs')
      .set({
        state: 'ready',
        run_at: later.runAt,
        last_error: later.error,
        attempts: later.counts ? text`attempts` : text`0`,
        lease_holder: null,
        lease_until: null,
      })
      .where('id', '=', job.id)
      .where('state', '=', 'running')
      .where('lease_holder', '=', holder),
  );
}

/** Gives a job up; it stays visible and can be retried by a person. */
export function buryJob(db: Db, job: Job, holder: string, now: number, error: string): boolean {
  return (
    db.run(
      sql
        .updateTable('jobs')
        .set({ state: 'dead', last_error: error, finished_at: now, lease_holder: null, lease_until: null })
        .where('id', '=', job.id)
        .where('state', '=', 'running')
        .where('lease_holder', '=', holder),
    ).changes > 0
  );
}

/**
 * Frees what nobody works on any more: every lease not held by `holder`, as after a crash, or those that ran out, but
 * for jobs that are still being run.
 */
export function freeLeases(
  db: Db,
  now: number,
  which: { readonly notHeldBy: string } | { readonly stillRun: readonly number[] } = { stillRun: [] },
): number {
  const running = sql
    .updateTable('jobs')
    .set({ state: 'ready', lease_holder: null, lease_until: null })
    .where('state', '=', 'running');
  if ('notHeldBy' in which) return db.run(running.where('lease_holder', '!=', which.notHeldBy)).changes;
  const ids = JSON.stringify(which.stillRun);
  return db.run(
    running
      .where('lease_until', '<', now)
      .where(text<boolean>`id NOT IN (SELECT value FROM json_each(${ids}))`),
  ).changes;
}

/** When the next waiting job is due, or null when none waits. */
export function nextDue(db: Db): number | null {
  const row = db.one<{ at: number | null }>(
    sql
      .selectFrom('jobs')
      .select(({ fn }) => fn.min('run_at').as('at'))
      .where('state', '=', text.lit('ready')),
  );
  return row?.at ?? null;
}

/** Brings a waiting job forward, because somebody is waiting for it now. */
export function hastenJob(db: Db, key: string, now: number): void {
  db.run(
    sql
      .updateTable('jobs')
      .set({ run_at: now })
      .where('key', '=', key)
      .where('state', '=', 'ready')
      .where('run_at', '>', now),
  );
}

/** Whether the job of this key is still to be tried, or being tried. */
export function isWaiting(db: Db, key: string): boolean {
  const row = db.one<{ state: string }>(sql.selectFrom('jobs').select('state').where('key', '=', key));
  return row?.state === 'ready' || row?.state === 'running';
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
    .set({ state: 'ready', run_at: now, attempts: 0, finished_at: null })
    .where('state', '=', 'dead');
  if (which.id !== undefined) query = query.where('id', '=', which.id);
  if (which.kind !== undefined) query = query.where('kind', '=', which.kind);
  if (which.since !== undefined) query = query.where('finished_at', '>=', which.since);
  if (which.until !== undefined) query = query.where('finished_at', '<=', which.until);
  return db.run(query).changes;
}

/** Forgets jobs that ended well before a moment. */
export function pruneJobs(db: Db, before: number): number {
  return db.run(
    sql.deleteFrom('jobs').where('state', '=', text.lit('done')).where('finished_at', '<', before),
  ).changes;
}

function toJob(row: JobRow): Job {
  return {
    id: row.id,
    key: row.key,
    kind: row.kind as JobKind,
    lane: row.lane,
    receiver: row.receiver,
    payload: JSON.parse(row.payload) as JobPayloads[JobKind],
    attempts: row.attempts,
    asked: row.asked,
    createdAt: row.created_at,
  };
}
