/**
 * Provider deliveries as received, once they were unpacked (`arrivals.ts`). A row's body is never edited; it is dropped when
 * it is not ours.
 */
import { hash } from 'node:crypto';
import { type Db, sql } from './db.js';
import type { DeliveriesTable } from './schema.js';

export type DeliveryRow = Omit<DeliveriesTable, 'id' | 'times'> & { id: number; times: number };

/** A genuine delivery to be kept. */
export interface NewDelivery {
  /** SHA-256 of organization and raw bytes */
  readonly contentKey: Buffer;
  readonly organization: string;
  readonly provider: string;
  readonly receivedAt: number;
  readonly bodySealed: Buffer;
}

/**
 * What became of a delivery: `handed_on` to a job, `ignored` (kept, not about a verdict), `foreign` (not our applicant:
 * the body was dropped), `final` (a repetition about a check that is decided). Null: not looked at yet. `erased` is on no
 * row: it removes the row.
 */
export type DeliveryOutcome = 'handed_on' | 'ignored' | 'foreign' | 'final' | 'erased';

/** The context a raw body is sealed for. */
export function bodyContext(contentKey: Buffer): string {
  return `delivery ${contentKey.toString('hex')}`;
}

/** What makes two deliveries the same: their organization and every byte. */
export function contentKeyOf(organization: string, raw: Buffer): Buffer {
  // in one call, and as hexadecimal: a third of what a hash object costs
  return Buffer.from(hash('sha256', Buffer.concat([Buffer.from(`${organization}\0`), raw]), 'hex'), 'hex');
}

/** Finds the row of a delivery by its content key. */
export type FindDelivery = (contentKey: string) => number | undefined;

/** The form in which content keys are looked up. */
export function lookUpForm(contentKey: Buffer): string {
  return contentKey.toString('latin1');
}

/**
 * Gives deliveries rows in the order given, all in one commit. A repeated one adds no row and is to be looked at again,
 * unless it is none of our business.
 *
 * @returns the rows added, by the look-up form of their keys, which the caller remembers once they are committed
 */
export function keepDeliveries(
  db: Db,
  deliveries: readonly NewDelivery[],
  find: FindDelivery,
): ReadonlyMap<string, number> {
  const add = db.prepare(
    `INSERT INTO deliveries (content_key, organization, provider, received_at, body_sealed) VALUES (?, ?, ?, ?, ?)`,
  );
  const repeat = db.prepare(
    `UPDATE deliveries SET times = times + 1,
       outcome = CASE WHEN outcome IN ('foreign', 'ignored') THEN outcome END WHERE id = ?`,
  );
  const added = new Map<string, number>();
  db.transaction(() => {
    for (const { contentKey, organization, provider, receivedAt, bodySealed } of deliveries) {
      const key = lookUpForm(contentKey);
      const id = added.get(key) ?? find(key);
      // a row that is gone keeps nothing
      if (id !== undefined && repeat.run(id).changes > 0) continue;
      const { lastInsertRowid } = add.run(contentKey, organization, provider, receivedAt, bodySealed);
      added.set(key, Number(lastInsertRowid));
    }
  });
  return added;
}

/** The newest rows with their content keys, oldest first. */
export function newestKeys(db: Db, limit: number): { id: number; content_key: Buffer }[] {
  return db
    .all<{ id: number; content_key: Buffer }>(
      sql.selectFrom('deliveries').select(['id', 'content_key']).orderBy('id', 'desc').limit(limit),
    )
    .reverse();
}

/** Deliveries nobody has looked at, oldest first. */
export function waitingDeliveries(db: Db, limit: number): DeliveryRow[] {
  return db.all<DeliveryRow>(
    sql.selectFrom('deliveries').selectAll().where('outcome', 'is', null).orderBy('id').limit(limit),
  );
}

/** A plain statement: ten at a time are settled while others wait to be kept. */
const settle = `UPDATE deliveries SET outcome = @outcome,
  action = coalesce(@action, action), check_ref = coalesce(@checkRef, check_ref),
  body_sealed = CASE WHEN @outcome = 'foreign' THEN NULL ELSE body_sealed END WHERE id = @id`;

/**
 * Writes what became of a delivery. To be called in a transaction. `foreign` drops the body: what is not ours is not
 * kept.
 */
export function settleDelivery(
  db: Db,
  id: number,
  settled: { outcome: DeliveryOutcome; action?: string; checkRef?: string },
): void {
  if (settled.outcome === 'erased') {
    db.run(sql.deleteFrom('deliveries').where('id', '=', id));
    return;
  }
  db.prepare(settle).run({ action: null, checkRef: null, ...settled, id });
}

/** A delivery as somebody sees it who looks for those about one person. */
export type DeliveryTrace = Pick<DeliveryRow, 'id' | 'content_key' | 'check_ref' | 'body_sealed'>;

/** Deliveries of a provider in the order they came, after the given one. */
export function tracesAfter(db: Db, provider: string, after: number, limit: number): DeliveryTrace[] {
  return db
    .prepare(
      `SELECT id, content_key, check_ref, body_sealed FROM deliveries
       WHERE id > ? AND provider = ? ORDER BY id LIMIT ?`,
    )
    .all(after, provider, limit) as DeliveryTrace[];
}

/** The delivery with this id, or undefined. */
export function findDelivery(db: Db, id: number): DeliveryRow | undefined {
  return db.one<DeliveryRow>(sql.selectFrom('deliveries').selectAll().where('id', '=', id));
}

/** Deliveries for a person to look at, newest first. */
export function listDeliveries(db: Db, filter: { outcome?: string; limit: number }): DeliveryRow[] {
  const query = sql.selectFrom('deliveries').selectAll().orderBy('id', 'desc').limit(filter.limit);
  return db.all<DeliveryRow>(filter.outcome ? query.where('outcome', '=', filter.outcome) : query);
}

/** Has a delivery looked at again. False when it is unknown or its body was dropped. */
export function reopenDelivery(db: Db, id: number): boolean {
  return (
    db.run(
      sql
        .updateTable('deliveries')
        .set({ outcome: null })
        .where('id', '=', id)
        .where('body_sealed', 'is not', null),
    ).changes > 0
  );
}
