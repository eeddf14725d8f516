/**
 * What is still to be deleted elsewhere of people whose rows are gone here: sealed, and gone itself once that is done.
 * `swept_at`: the deliveries about them were removed once; `settled_at`: everybody else is done.
 */
export const erasures = `
CREATE TABLE erasures (
  id TEXT PRIMARY KEY,
  asked_at INTEGER NOT NULL,
  remains_sealed BLOB NOT NULL,
  swept_at INTEGER,
  settled_at INTEGER
) STRICT;
`;
