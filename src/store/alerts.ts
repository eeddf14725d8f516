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

/** Whether there ever was an alert of this code about this subject. */
export function wasAlerted(db: Db, alert: { code: string; subject: string }): boolean {
  return db.one(alertsLike(alert).limit(1)) !== undefined;
}

/** The last stretch of time. What is dated later than `now` is not in it: the clock was set back since. */
export interface Stretch {
  readonly lastMs: number;
  readonly now: number;
}

/** Whether there was one lately. */
export function wasAlertedLately(
  db: Db,
  alert: { code: string; subject: string },
  { lastMs, now }: Stretch,
): boolean {
  const query = alertsLike(alert)
    .where('at', '>=', now - lastMs)
    .where('at', '<=', now);
  return db.one(query.limit(1)) !== undefined;
}

/** How many alerts of this code there were lately. */
export function countAlerts(db: Db, code: string, { lastMs, now }: Stretch): number {
  const query = sql
    .selectFrom('alerts')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('code', '=', code)
    .where('at', '>', now - lastMs)
    .where('at', '<=', now);
  return db.one<{ count: number }>(query)?.count ?? 0;
}

function alertsLike({ code, subject }: { code: string; subject: string }) {
  return sql.selectFrom('alerts').select('id').where('code', '=', code).where('subject', '=', subject);
}

/** Alerts after the given one, oldest first: how the running gateway finds what to log. */
export function alertsAfter(db: Db, id: number, limit = 100): Alert[] {
  return db.prepare('SELECT * FROM alerts WHERE id > ? ORDER BY id LIMIT ?').all(id, limit) as Alert[];
}

/** The newest alert's id, 0 when there is none. */
export function newestAlert(db: Db): number {
  return (
    db.one<{ id: number | null }>(sql.selectFrom('alerts').select(({ fn }) => fn.max('id').as('id')))?.id ?? 0
  );
}
