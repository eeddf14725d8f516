import type { Db } from './db.js';
import { type FindDelivery, lookUpForm, newestKeys } from './deliveries.js';

/** What repeated deliveries are recognised by. */
export interface RecentDeliveries {
  readonly find: FindDelivery;
  /** to be called after the commit */
  remember(added: ReadonlyMap<string, number>): void;
}

/** A month of a busy shop; two megabytes. */
export const mostRemembered = 20_000;

/**
 * Remembers the newest deliveries in memory, filled from the table itself. An index would remember all of them, but its
 * keys are random: each new one is written at another place, which costs more than the delivery itself and grows with
 * the table. One that is repeated later than this is a new one, which does no harm: the provider is asked once more.
 */
export function rememberRecent(db: Db, most = mostRemembered): RecentDeliveries {
  const ids = new Map(newestKeys(db, most).map(({ id, content_key }) => [lookUpForm(content_key), id]));
  return {
    find: key => ids.get(key),
    remember(added) {
      for (const [key, id] of added) ids.set(key, id);
      for (const key of ids.keys()) {
        if (ids.size <= most) break;
        ids.delete(key);
      }
    },
  };
}
