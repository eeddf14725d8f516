import { first } from './0001_first.js';
import { ory } from './0002_ory.js';
import { resilience } from './0003_resilience.js';
import { blocked } from './0004_blocked.js';
import { earlierDeclined } from './0005_earlier_declined.js';
import { erasures } from './0006_erasures.js';
import { declinedAt } from './0007_declined_at.js';
import { makingSince } from './0008_making_since.js';
import { inboxFirst } from './inbox_0001_first.js';
import { inboxRecent } from './inbox_0002_recent.js';
import { inboxArrivals } from './inbox_0003_arrivals.js';

/** A step of a schema: plain SQL, numbered by its place, never changed once released. */
export type Migrations = readonly string[];

/** The main database, oldest first. */
export const mainMigrations: Migrations = [
  first,
  ory,
  resilience,
  blocked,
  earlierDeclined,
  erasures,
  declinedAt,
  makingSince,
];

/** The inbox, oldest first. */
export const inboxMigrations: Migrations = [inboxFirst, inboxRecent, inboxArrivals];
