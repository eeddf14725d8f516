import { type Db, sql } from './db.js';

/** The value kept under a name, or undefined. */
export function readMeta(db: Db, name: string): string | undefined {
  return db.one<{ value: string }>(sql.selectFrom('meta').select('value').where('name', '=', name))?.value;
}

/** Keeps a value under a name; null forgets it. */
export function writeMeta(db: Db, name: string, value: string | null): void {
  if (value === null) db.run(sql.deleteFrom('meta').where('name', '=', name));
  else
    db.run(
      sql
        .insertInto('meta')
        .values({ name, value })
        .onConflict(conflict => conflict.column('name').doUpdateSet({ value })),
    );
}
