/**
 * What repeated deliveries are recognised by is kept in memory (`recent-deliveries.ts`): even a table of the
 * recent ones alone, because its keys are random, doubled the cost of a commit.
 */
export const inboxRecent = `
DROP TABLE recent_keys;
`;
