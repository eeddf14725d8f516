import type { JobSubject } from './commit.js';
import type { Db } from './db.js';

/** A stretch of the order of creation: behind one place, up to another. */
export interface Stretch {
  readonly after: number;
  readonly upTo: number;
}

/**
 * Registrations of these providers in the stretch that Kratos was told of, oldest first; of each Kratos identity the
 * newest only.
 */
export function mirroredIn(
  db: Db,
  { after, upTo }: Stretch,
  providers: readonly string[],
  limit: number,
): (JobSubject & { readonly seq: number })[] {
  return db
    .prepare(
      `SELECT r.seq, r.id, r.identity_id, r.organization, r.provider, r.kratos_identity_id FROM registrations AS r
       WHERE r.seq > ? AND r.seq <= ? AND r.mirrored = 1 AND r.kratos_identity_id IS NOT NULL
         AND r.provider IN (SELECT value FROM json_each(?))
         AND NOT EXISTS (SELECT 1 FROM registrations AS n WHERE n.kratos_identity_id = r.kratos_identity_id
           AND n.provider = r.provider AND n.seq > r.seq)
       ORDER BY r.seq LIMIT ?`,
    )
    .all(after, upTo, JSON.stringify(providers), limit) as (JobSubject & { seq: number })[];
}

/** A person's newest registration for each Kratos identity but this one's. */
export function onOtherKratosIdentities(
  db: Db,
  { identity_id, kratos_identity_id }: JobSubject,
): JobSubject[] {
  return db
    .prepare(
      `SELECT max(seq), id, identity_id, organization, provider, kratos_identity_id FROM registrations
       WHERE identity_id = ? AND kratos_identity_id IS NOT NULL AND kratos_identity_id IS NOT ?
       GROUP BY kratos_identity_id`,
    )
    .all(identity_id, kratos_identity_id) as JobSubject[];
}

/** The place of the newest registration; 0 when there is none. */
export function newestSeq(db: Db): number {
  const row = db.prepare('SELECT max(seq) AS seq FROM registrations').get() as { seq: number | null };
  return row.seq ?? 0;
}
