/** Since when a vendor may be at work on a check or a text for which no answer came: see `domain/lost-answer.ts`. */
export const makingSince = `
ALTER TABLE checks ADD COLUMN making_since INTEGER;
ALTER TABLE notices ADD COLUMN sending_since INTEGER;
`;
