import { type Db, sql } from './db.js';
import type { ReviewCasesTable } from './schema.js';

export type ReviewCaseRow = ReviewCasesTable;

/** Opens a case, unless one is open for this registration; its cause is then brought up to date. */
export function openCase(db: Db, id: string, registrationId: string, cause: string, now: number): void {
  const changed = db.run(
    sql
      .updateTable('review_cases')
      .set({ cause })
      .where('registration_id', '=', registrationId)
      .where('closed_at', 'is', null),
  );
  if (changed.changes > 0) return;
  db.run(
    sql.insertInto('review_cases').values({
      id,
      registration_id: registrationId,
      cause,
      opened_at: now,
      closed_at: null,
      closed_by: null,
      action: null,
      reason: null,
    }),
  );
}

/** Who closed a case, and how. */
export interface Closing {
  /** a person's name as told, or `machine` */
  readonly by: string;
  readonly action: string;
  readonly reason: string | null;
}

/** Closes the open case of a registration. False when there is none. */
export function closeCase(db: Db, registrationId: string, closing: Closing, now: number): boolean {
  const closed = db.run(
    sql
      .updateTable('review_cases')
      .set({ closed_at: now, closed_by: closing.by, action: closing.action, reason: closing.reason })
      .where('registration_id', '=', registrationId)
      .where('closed_at', 'is', null),
  );
  return closed.changes > 0;
}

/** Keeps a person's decision that closed no case. */
export function noteDecision(
  db: Db,
  id: string,
  registrationId: string,
  closing: Closing,
  now: number,
): void {
  db.run(
    sql.insertInto('review_cases').values({
      id,
      registration_id: registrationId,
      cause: 'decision',
      opened_at: now,
      closed_at: now,
      closed_by: closing.by,
      action: closing.action,
      reason: closing.reason,
    }),
  );
}

/** Cases that wait, oldest first. */
export function listOpenCases(db: Db, limit: number): ReviewCaseRow[] {
  return db.all<ReviewCaseRow>(
    sql
      .selectFrom('review_cases')
      .selectAll()
      .where('closed_at', 'is', null)
      .orderBy('opened_at')
      .limit(limit),
  );
}

/** All cases of a registration, oldest first. */
export function casesOf(db: Db, registrationId: string): ReviewCaseRow[] {
  return db.all<ReviewCaseRow>(
    sql
      .selectFrom('review_cases')
      .selectAll()
      .where('registration_id', '=', registrationId)
      .orderBy('opened_at'),
  );
}

/** The case with this id, or undefined. */
export function findCase(db: Db, id: string): ReviewCaseRow | undefined {
  return db.one<ReviewCaseRow>(sql.selectFrom('review_cases').selectAll().where('id', '=', id));
}
