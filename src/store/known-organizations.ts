import type { Db } from './db.js';

/** An organization that people were registered for, whether it is still configured or not. */
export interface KnownOrganization {
  readonly id: string;
  /** who checks them; where an older version let that change, whoever checked the first of those that Ory asked about */
  readonly provider: string;
  /** Ory asked about some of them */
  readonly ory: boolean;
}

interface Row {
  id: string;
  provider: string | null;
  ory: number;
}

// from one organization to the next by index: a start waits for it, and there may be a million identities
const query = `
WITH RECURSIVE known (id) AS (
  SELECT min(organization) FROM identities
  UNION ALL
  SELECT (SELECT min(organization) FROM identities WHERE organization > known.id) FROM known WHERE known.id IS NOT NULL
)
SELECT id,
  (SELECT r.provider FROM identities AS i CROSS JOIN registrations AS r ON r.identity_id = i.id
    WHERE i.organization = known.id ORDER BY i.phone_index, i.rowid, r.seq LIMIT 1) AS provider,
  EXISTS (SELECT 1 FROM identities WHERE organization = known.id AND kratos_identity_id IS NOT NULL) AS ory
FROM known WHERE id IS NOT NULL`;

/** All of them, by id. */
export function knownOrganizations(db: Db): KnownOrganization[] {
  const rows = db.prepare(query).all() as Row[];
  return rows.flatMap(({ id, provider, ory }) =>
    provider === null ? [] : [{ id, provider, ory: ory === 1 }],
  );
}
