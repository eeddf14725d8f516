import { type Db, sql } from './db.js';

/** Something an operator should know; `subject` is an id, never personal data. */
export interface Alert {
  readonly id: number;
  readonly code: string;
  readonly subject: string | null;
  readonly at: number;
}

export function addAlert(db: Db, alert: { code: string; subject: string | null }, now: number): void {
  db.run(sql.insertInto('alerts').values({ ...alert, at: now }));
}

/** Whether there was an alert of this code about this subject at or after a moment. */
export function wasAlerted(db: Db, alert: { code: string; subject: string }, since: number): boolean {
  const query = sql
    .selectFrom('alerts')
    .select('id')
    .where('code', '=', alert.code)
    .where('subject', '=', alert.subject)
    .where('at', '>=', since);
  return db.one(query.limit(1)) !== undefined;
}

/** How many alerts of this code there were since a moment. */
export function countAlerts(db: Db, code: string, since: number): number {
  const query = sql.selectFrom('alerts').select(({ fn }) => fn.countAll<number>().as('count'));
  return db.one<{ count: number }>(query.where('code', '=', code).where('at', '>', since))?.count ?? 0;
}

/** Alerts after the given one, oldest first: how the running gateway finds what to log. */
export function alertsAfter(db: Db, id: number, limit = 100): Alert[] {
  return db.all<Alert>(sql.selectFrom('alerts').selectAll().where('id', '>', id).orderBy('id').limit(limit));
}

/** The newest alert's id, 0 when there is none. */
export function newestAlert(db: Db): number {
  return (
    db.one<{ id: number | null }>(sql.selectFrom('alerts').select(({ fn }) => fn.max('id').as('id')))?.id ?? 0
  );
}
