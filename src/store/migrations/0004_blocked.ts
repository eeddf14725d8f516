/** Kratos identities whose data was erased after a final decline: all that is left of them is that they stay out. */
export const blocked = `
CREATE TABLE blocked_identities (
  kratos_index BLOB PRIMARY KEY,
  blocked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX resume_links_by_use ON used_resume_links (used_at);
`;
