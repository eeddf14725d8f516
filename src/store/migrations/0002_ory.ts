/**
 * Registrations that Ory asks for: keyed by the Kratos identity, never by a phone. `open_key` is set while an attempt is
 * open and lets the database itself refuse a second one; once cleared it is not set again, so that a late result of an
 * older attempt never collides with a newer one.
 */
export const ory = `
ALTER TABLE identities ADD COLUMN kratos_identity_id TEXT;
CREATE UNIQUE INDEX identities_by_kratos_identity ON identities (organization, kratos_identity_id)
  WHERE kratos_identity_id IS NOT NULL;
ALTER TABLE registrations ADD COLUMN channel TEXT NOT NULL DEFAULT 'kiosk';
ALTER TABLE registrations ADD COLUMN open_key TEXT;
CREATE UNIQUE INDEX one_open_attempt ON registrations (open_key) WHERE open_key IS NOT NULL;
CREATE INDEX ory_attempts_by_time ON registrations (created_at) WHERE channel = 'ory';

CREATE TABLE used_resume_links (
  nonce BLOB PRIMARY KEY,
  used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
