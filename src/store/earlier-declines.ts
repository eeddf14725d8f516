/** Registrations that were turned down for good, and what that means for those made after them. */
import type { Db } from './db.js';

/**
 * Turned down for good: by a person, or as fraud by a machine. A person who lets the customer in, or lets them start
 * over, clears what came before, as far as it was known by then.
 */
export const declinedForGood = `d.status = 'decided'
  AND (d.person_action = 'reject' OR (d.person_action IS NULL AND substr(d.result, 1, 9) = 'SUSPECTED'))`;

const cleared = (until: string) => `EXISTS (SELECT 1 FROM registrations AS p
  WHERE p.identity_id = d.identity_id AND p.seq > d.seq ${until} AND p.person_action IN ('register', 'again')
    AND p.person_at >= coalesce(d.declined_at, 0))`;

/** The newest decline that nobody has cleared, in a query about `i`, the identity. Whom a person registered has none. */
export const newestDecline = `SELECT max(d.seq) FROM registrations AS d
  WHERE d.identity_id = i.id AND ${declinedForGood} AND NOT ${cleared('')}
    AND NOT (i.status = 'registered' AND i.source_by = 'person')`;

/** The place of an identity's newest decline that nobody has cleared, or null. */
export function newestDeclineOf(db: Db, identityId: string): number | null {
  const query = `SELECT (${newestDecline}) AS seq FROM identities AS i WHERE i.id = ?`;
  const row = db.prepare(query).get(identityId) as { seq: number | null } | undefined;
  return row?.seq ?? null;
}

/** Whether a registration at this place comes after a decline that nobody had cleared before it. */
export function comesAfterDecline(db: Db, identityId: string, seq: number): boolean {
  const found = db
    .prepare(
      `SELECT 1 FROM registrations AS d
       WHERE d.identity_id = ? AND d.seq < ? AND ${declinedForGood} AND NOT ${cleared('AND p.seq < ?')} LIMIT 1`,
    )
    .get(identityId, seq, seq);
  return found !== undefined;
}

/** Writes what holds for a registration when it is made. */
export function noteEarlierDecline(db: Db, id: string): void {
  const row = db.prepare('SELECT identity_id, seq FROM registrations WHERE id = ?').get(id);
  const { identity_id: identityId, seq } = row as { identity_id: string; seq: number };
  if (!comesAfterDecline(db, identityId, seq)) return;
  db.prepare('UPDATE registrations SET earlier_declined = 1 WHERE id = ?').run(id);
}

/** Those of the same person that came later and for which it is no longer as it was; oldest first. */
export function laterMistaken(
  db: Db,
  identityId: string,
  seq: number,
): { readonly id: string; readonly declined: boolean }[] {
  const later = db
    .prepare(
      'SELECT id, seq, earlier_declined AS known FROM registrations WHERE identity_id = ? AND seq > ? ORDER BY seq',
    )
    .all(identityId, seq) as { id: string; seq: number; known: number }[];
  return later
    .map(({ id, seq: place, known }) => ({ id, known, declined: comesAfterDecline(db, identityId, place) }))
    .filter(({ known, declined }) => known !== Number(declined));
}
