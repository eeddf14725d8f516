/**
 * Since when a registration is turned down for good: a person clears only what was known by then. Of those that exist
 * already it is not known; whatever a person decided later cleared them.
 */
export const declinedAt = `
ALTER TABLE registrations ADD COLUMN declined_at INTEGER;
`;
