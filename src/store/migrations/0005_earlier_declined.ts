/**
 * Whether an earlier registration of the same person is turned down for good: a machine registers nobody over that. Those
 * that exist already keep what they were given.
 */
export const earlierDeclined = `
ALTER TABLE registrations ADD COLUMN earlier_declined INTEGER NOT NULL DEFAULT 0;
`;
