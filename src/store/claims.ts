/** Leases on jobs: who works on what, and what becomes of it when they no longer do. */
import { sql as text } from 'kysely';
import { type Db, sql } from './db.js';
import { type Job, type JobRow, toJob } from './jobs.js';

/** Whose lease, until when, and which job: the next of a receiver, or the one of a key. */
export type Claim = { readonly holder: string; readonly now: number; readonly leaseMs: number } & (
  | {
      readonly receiver: string;
      /** which of the two queues is looked at: jobs somebody waits for, or the others */
      readonly background: boolean;
    }
  | { readonly key: string }
);

/**
 * Claims the job that is due longest and whose lane is free; in one statement, which touches no job of another receiver,
 * so that it costs the same however many jobs wait elsewhere.
 */
export function claimJob(db: Db, claim: Claim): Job | undefined {
  let due = sql
    .selectFrom('jobs as due')
    .select('due.id')
    .where('due.state', '=', text.lit('ready'))
    .where('due.run_at', '<=', claim.now)
    .where(
      text<boolean>`NOT EXISTS (SELECT 1 FROM jobs AS busy WHERE busy.state = 'running' AND busy.lane = due.lane)`,
    )
    .orderBy('due.run_at')
    .orderBy('due.id')
    .limit(1);
  due =
    'key' in claim
      ? due.where('due.key', '=', claim.key)
      : due.where('due.receiver', '=', claim.receiver).where('due.background', '=', Number(claim.background));
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

/**
 * Frees jobs whose lease ran out (or runs for longer than any, because the clock was set back since), but for those that
 * are still being run. Returns how many.
 */
export function freeLeases(db: Db, now: number, leaseMs: number, stillRun: readonly number[] = []): number {
  return db.run(
    sql
      .updateTable('jobs')
      .set({ state: 'ready', lease_holder: null, lease_until: null })
      .where('state', '=', 'running')
      .where(text<boolean>`lease_until NOT BETWEEN ${now} AND ${now + leaseMs}`)
      .where(text<boolean>`id NOT IN (SELECT value FROM json_each(${JSON.stringify(stillRun)}))`),
  ).changes;
}

/** Jobs that another process had claimed and never settled: it died while they ran, perhaps because of one of them. */
export function interruptedJobs(db: Db, holder: string): Job[] {
  const rows = db.all<JobRow>(
    sql
      .selectFrom('jobs')
      .selectAll()
      .where('state', '=', text.lit('running'))
      .where('lease_holder', '!=', holder)
      .orderBy('id'),
  );
  return rows.map(row => ({ ...toJob(row), interruptions: row.interruptions + 1 }));
}

/** Puts an interrupted job back, remembering that it was interrupted once more. */
export function resumeJob(db: Db, job: { id: number; interruptions: number }, runAt: number): void {
  const { id, interruptions } = job;
  db.run(
    sql
      .updateTable('jobs')
      .set({
        state: 'ready',
        run_at: text`max(run_at, ${runAt})`,
        interruptions,
        lease_holder: null,
        lease_until: null,
      })
      .where('id', '=', id)
      .where('state', '=', 'running'),
  );
}
