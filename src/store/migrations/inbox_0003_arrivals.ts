/**
 * What came in together is one row until it is looked at (`arrivals.ts`): a row for each delivery, sealed by itself and
 * entered in an index, made a commit three times as dear as its bytes. `unreadable` marks what its key does not open.
 */
export const inboxArrivals = `
CREATE TABLE arrivals (
  id INTEGER PRIMARY KEY,
  deliveries INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  unreadable INTEGER NOT NULL DEFAULT 0
) STRICT;
`;
