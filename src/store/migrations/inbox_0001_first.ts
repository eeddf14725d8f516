/**
 * The first schema of the inbox. Frozen: a change is a new file. Deliveries are keyed by arrival, so that inserts append
 * and stay as fast at millions of rows as at none. What makes a repeated delivery the same one is looked up in a table
 * of its own, which holds recent keys only: an index over all of them would be written at random places for ever.
 */
export const inboxFirst = `
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  content_key BLOB NOT NULL,
  organization TEXT NOT NULL,
  provider TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  times INTEGER NOT NULL DEFAULT 1,
  body_sealed BLOB,
  action TEXT,
  check_ref TEXT,
  outcome TEXT
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries (id) WHERE outcome IS NULL;

CREATE TABLE recent_keys (
  content_key BLOB PRIMARY KEY,
  delivery_id INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
