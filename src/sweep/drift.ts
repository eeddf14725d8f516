/**
 * Other writers may replace what was written onto a Kratos identity. In `metadata_public` the hooks show that at the next
 * login; what lies in `metadata_admin` no hook ever shows, so it is looked at here: a few identities at a time, round
 * and round, never faster than a round a day.
 */
import type { Organizations } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import { compareJob } from '../store/commit.js';
import { addJob } from '../store/jobs.js';
import { readMeta, writeMeta } from '../store/meta.js';
import { mirroredIn, newestSeq } from '../store/mirrored.js';
import type { Store } from '../store/store.js';

export interface DriftOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
}

/** Of the calls to Kratos that Ory Network's smallest plan allows in the five minutes between two looks, a twentieth. */
const perLook = 10;
/** Rows looked through for them, so that a look takes no time however many belong to other providers. */
const stretch = 5_000;
const roundMs = 24 * 3_600_000;
const placeName = 'drift_place';
const begunName = 'drift_begun';

/** Looks at the next few. Returns how many Kratos will be asked about. */
export function lookForDrift({ store: { main }, clock, organizations }: DriftOptions): number {
  const providers = hiddenProviders(organizations);
  if (providers.length === 0) return 0;
  const now = clock.now();
  const place = Number(readMeta(main, placeName) ?? 0);
  const sinceMs = now - Number(readMeta(main, begunName) ?? 0);
  // a round that seems to lie ahead began before the clock was set back
  if (place === 0 && sinceMs >= 0 && sinceMs < roundMs) return 0;
  return main.transaction(() => {
    if (place === 0) writeMeta(main, begunName, String(now));
    const upTo = place + stretch;
    const found = mirroredIn(main, { after: place, upTo }, providers, perLook);
    for (const subject of found) addJob(main, compareJob(subject, now), now, 'again');
    const next = found.length < perLook ? upTo : (found.at(-1)?.seq ?? upTo);
    writeMeta(main, placeName, String(next < newestSeq(main) ? next : 0));
    return found.length;
  });
}

/** Providers whose place on the identity hooks do not show. */
function hiddenProviders({ all }: Organizations): string[] {
  const hidden = all.filter(
    ({ settings, ory }) => settings.mirror && ory?.path.startsWith('/metadata_admin/'),
  );
  return [...new Set(hidden.map(({ provider }) => provider.name))];
}
