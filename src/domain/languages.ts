/** Languages the product speaks itself: its pages and texts exist in each. */
export const languages = ['en', 'cs', 'de', 'es', 'fr'] as const;

export type Language = (typeof languages)[number];
