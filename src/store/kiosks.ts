import { type Db, sql } from './db.js';
import type { KiosksTable } from './schema.js';

/** Adds a kiosk by the hash of its key. False when the organization has one of that name. */
export function addKiosk(
  db: Db,
  kiosk: { id: string; organization: string; name: string; keyHash: Buffer },
  now: number,
): boolean {
  return (
    db.run(
      sql
        .insertInto('kiosks')
        .values({
          id: kiosk.id,
          organization: kiosk.organization,
          name: kiosk.name,
          key_hash: kiosk.keyHash,
          created_at: now,
          revoked_at: null,
        })
        .onConflict(conflict => conflict.columns(['organization', 'name']).doNothing()),
    ).changes > 0
  );
}

/** The kiosk whose key has this hash, unless it was revoked. */
export function findKioskByKey(db: Db, keyHash: Buffer): KiosksTable | undefined {
  return db.one<KiosksTable>(
    sql.selectFrom('kiosks').selectAll().where('key_hash', '=', keyHash).where('revoked_at', 'is', null),
  );
}

/** All kiosks, by organization and name. */
export function listKiosks(db: Db): KiosksTable[] {
  return db.all<KiosksTable>(sql.selectFrom('kiosks').selectAll().orderBy('organization').orderBy('name'));
}

/** Takes a kiosk's key away for good. False when there is no such kiosk, or it was revoked before. */
export function revokeKiosk(db: Db, organization: string, name: string, now: number): boolean {
  return (
    db.run(
      sql
        .updateTable('kiosks')
        .set({ revoked_at: now })
        .where('organization', '=', organization)
        .where('name', '=', name)
        .where('revoked_at', 'is', null),
    ).changes > 0
  );
}
