/** What is neither in the main database nor elsewhere of somebody who was erased: files, and deliveries in the inbox. */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setImmediate as giveWay } from 'node:timers/promises';
import { SealError } from '../../runtime/keyring.js';
import { bodyContext, type DeliveryTrace, tracesAfter } from '../../store/deliveries.js';
import { jobsAbout, jobsAboutDeliveries, type Remains } from '../../store/erasures.js';
import { removeJobs } from '../../store/jobs.js';
import type { Store } from '../../store/store.js';

/** Where it is looked for, and what is done to the inbox, which has one writer. */
export interface SweepPlaces {
  readonly store: Store;
  readonly vaultFolder: string;
  /** gives all deliveries rows of their own: only those can be looked into and removed */
  readonly unpackDeliveries: () => Promise<void>;
  readonly removeDeliveries: (ids: readonly number[]) => Promise<void>;
}

/** Removes the pictures, and the jobs that were still running when the rows went. Safe to repeat. */
export async function removeFiles({ store, vaultFolder }: SweepPlaces, remains: Remains): Promise<void> {
  await rm(join(vaultFolder, basename(remains.identityId)), { recursive: true, force: true });
  removeJobs(store.main, jobsAbout(remains));
}

/** opening so many bodies holds up nobody */
const portion = 50;

/**
 * Removes every delivery about the person, with the jobs it made: those known to be about one of their checks, and those
 * that name an id of theirs, such as one about a run that another took the place of. Looks at the whole inbox, in portions.
 */
export async function removeDeliveriesAbout(places: SweepPlaces, remains: Remains): Promise<void> {
  await places.unpackDeliveries();
  for (const [provider, refs] of refsByProvider(remains)) {
    const isAbout = createJudge(places.store, refs);
    for (let after = 0; ; await giveWay()) {
      const traces = tracesAfter(places.store.inbox, provider, after, portion);
      const found = traces.filter(isAbout).map(({ id }) => id);
      if (found.length > 0) {
        removeJobs(places.store.main, jobsAboutDeliveries(found));
        await places.removeDeliveries(found);
      }
      if (traces.length < portion) break;
      after = traces.at(-1)?.id ?? after;
    }
  }
}

function refsByProvider({ applicants }: Remains): Map<string, Set<string>> {
  const refs = new Map<string, Set<string>>();
  for (const { provider, applicantRef, checkRefs } of applicants) {
    const known = refs.get(provider) ?? new Set();
    for (const ref of [applicantRef, ...checkRefs]) known.add(ref);
    refs.set(provider, known);
  }
  return refs;
}

function createJudge({ keyring }: Store, refs: ReadonlySet<string>): (trace: DeliveryTrace) => boolean {
  // one reference may be made of several of the provider's ids
  const ids = new Set([...refs].flatMap(ref => ref.split('/')));
  return ({ check_ref: checkRef, body_sealed: sealed, content_key: key }) => {
    if (checkRef?.split('/').some(id => ids.has(id))) return true;
    const body = sealed && openedOrNull(() => keyring.openOwn(sealed, bodyContext(key)));
    return body !== null && [...ids].some(id => body.includes(id));
  };
}

/** A body that was damaged says nothing about anybody. */
function openedOrNull(open: () => Buffer): Buffer | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
