import { type Db, sql } from './db.js';
import type { DocumentsTable } from './schema.js';

/** A picture in the vault. */
export type DocumentRow = Omit<DocumentsTable, 'id'> & { id: number };

/** Notes that a picture rests in the vault; once per check and provider's id. */
export function addDocument(db: Db, document: Omit<DocumentRow, 'id'>): void {
  db.run(
    sql
      .insertInto('documents')
      .values(document)
      .onConflict(conflict => conflict.columns(['check_id', 'ref']).doNothing()),
  );
}

/** The pictures of a check, in the order they were kept. */
export function documentsOf(db: Db, checkId: string): DocumentRow[] {
  return db.all<DocumentRow>(
    sql.selectFrom('documents').selectAll().where('check_id', '=', checkId).orderBy('id'),
  );
}
