/** Receivers that get no jobs because they do not answer: written by the runner, read by the commands. */
import { type Db, sql } from './db.js';
import type { ClosedReceiversTable } from './schema.js';

/** Writes that a receiver is closed, until when, and what it was last found guilty of. */
export function closeReceiver(
  db: Db,
  receiver: { name: string; closedAt: number; closedUntil: number; error: string },
): void {
  const row: ClosedReceiversTable = {
    name: receiver.name,
    closed_at: receiver.closedAt,
    closed_until: receiver.closedUntil,
    last_error: receiver.error,
  };
  db.run(
    sql
      .insertInto('closed_receivers')
      .values(row)
      .onConflict(conflict => conflict.column('name').doUpdateSet(row)),
  );
}

/** Writes that a receiver is open. */
export function openReceiver(db: Db, name: string): void {
  db.run(sql.deleteFrom('closed_receivers').where('name', '=', name));
}

/** Writes that all are open. */
export function openAllReceivers(db: Db): void {
  db.run(sql.deleteFrom('closed_receivers'));
}

/** Those that are closed, longest first. */
export function listClosedReceivers(db: Db): ClosedReceiversTable[] {
  return db.all<ClosedReceiversTable>(sql.selectFrom('closed_receivers').selectAll().orderBy('closed_at'));
}
