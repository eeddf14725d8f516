/**
 * The first schema of the inbox. Frozen: a change is a new file. Rows are keyed by arrival, so that inserts append;
 * the content key is what makes a repeated delivery the same delivery.
 */
export const inboxFirst = `
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  content_key BLOB NOT NULL UNIQUE,
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
`;
