/**
 * A person's status follows the newest registration that decides something. When the one that gave it does so no more, it
 * is what the next one says, as if that one had never been heard of. Pure.
 */
import type { Identity } from './identity.js';
import { standingGivenBy } from './phase.js';
import type { Registration } from './registration.js';

/** Whether a decision about a registration took back the status that this very one had given. */
export function hasFallen(before: Identity, after: Identity, { seq }: Pick<Registration, 'seq'>): boolean {
  return before.source?.seq === seq && after.source === null;
}

/**
 * The person after that.
 *
 * @param before who they were when the status still stood
 * @param heir the newest other registration that is decided or waits for a person; null where there is none
 */
export function inherit(
  before: Identity,
  fallen: Identity,
  heir: Registration | null,
  now: number,
): Identity {
  const status = heir && standingGivenBy(heir);
  if (!heir || !status) return fallen;
  const since = status === before.status ? before.since : now;
  return { ...fallen, status, since, source: { seq: heir.seq, by: heir.person ? 'person' : 'machine' } };
}
