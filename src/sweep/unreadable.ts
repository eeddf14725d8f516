/**
 * Notices deliveries that were acknowledged and that our key does not open. Whoever unpacks may find them (an erasure's
 * sweep, a command), and may end before it said so: so they are told from the table, when there are more than were told
 * last.
 */
import type { Clock } from '../runtime/clock.js';
import { addAlert } from '../store/alerts.js';
import { countUnreadable } from '../store/arrivals.js';
import { readMeta, writeMeta } from '../store/meta.js';
import type { Store } from '../store/store.js';

const toldName = 'deliveries_unreadable';

/** Looks, and makes an alert where there are more. That there are fewer is no trouble, but noted: more may follow. */
export function watchUnreadable({ store, clock }: { readonly store: Store; readonly clock: Clock }): void {
  const count = countUnreadable(store.inbox);
  const told = Number(readMeta(store.main, toldName) ?? 0);
  if (count === told) return;
  store.main.transaction(() => {
    writeMeta(store.main, toldName, count === 0 ? null : String(count));
    if (count > told)
      addAlert(store.main, { code: 'deliveries_unreadable', subject: String(count) }, clock.now());
  });
}
