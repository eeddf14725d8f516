/** Receivers that get no jobs because they do not answer: written by the runner, read by the commands. */
import { type Db, sql } from './db.js';
import type { ClosedReceiversTable } from './schema.js';

/** A receiver that is closed, until when, and what it was last found guilty of. */
export interface ClosedReceiver {
  readonly name: string;
  readonly closedAt: number;
  readonly closedUntil: number;
  readonly error: string;
}

/** Writes which are closed; all others are open. */
export function showClosedReceivers(db: Db, closed: readonly ClosedReceiver[]): void {
  db.transaction(() => {
    db.run(sql.deleteFrom('closed_receivers'));
    for (const { name, closedAt, closedUntil, error } of closed)
      db.run(
        sql
          .insertInto('closed_receivers')
          .values({ name, closed_at: closedAt, closed_until: closedUntil, last_error: error }),
      );
  });
}

/** Those that are closed, longest first. */
export function listClosedReceivers(db: Db): ClosedReceiversTable[] {
  return db.all<ClosedReceiversTable>(sql.selectFrom('closed_receivers').selectAll().orderBy('closed_at'));
}
