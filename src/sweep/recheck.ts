/**
 * The job that asks whether the provider still stands by what somebody was let in by: that it took the check back may have
 * been told while nobody was there. It decides nothing. A verdict is not drawn anew by settings or a date that are others
 * by now: only where the provider has turned against the customer does the usual job read the check again.
 */
import type { NewJob } from '../domain/job.js';
import { turnedAgainst } from '../domain/mapping.js';
import type { JobHandler } from '../jobs/runner.js';
import type { Organizations } from '../providers/organizations.js';
import { type Provider, ProviderError, type Snapshot } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import { type JobSubject, readJob } from '../store/commit.js';
import { addJob } from '../store/jobs.js';
import { type CheckRow, findRegistration, type StoredRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';

export interface RecheckOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
}

/** Asking about one check, behind everything somebody waits for. */
export function recheckJob(subject: JobSubject, checkId: string, runAt: number): NewJob<'recheck'> {
  return {
    ...readJob(subject, checkId, runAt),
    kind: 'recheck',
    key: `recheck:${checkId}`,
    background: true,
  };
}

/** Builds the handler. */
export function createRecheck({ store, clock, organizations }: RecheckOptions): JobHandler<'recheck'> {
  return {
    async run({ payload: { registrationId, checkId } }, signal) {
      const stored = findRegistration(store.main, registrationId);
      const organization = stored && organizations.of(stored.row);
      const check = stored?.checks.find(({ id }) => id === checkId);
      if (!stored || !organization || !check || !isClear(stored, checkId)) return undefined;
      const { provider } = organization;
      const snapshot = await fetchKnown(provider, check, signal);
      if (snapshot && turnedAgainst(provider.interpret(snapshot)))
        haveRead(store, registrationId, checkId, clock.now());
      return undefined;
    },
  };
}

/** Not of somebody who was erased while the provider was asked. */
function haveRead({ main }: Store, registrationId: string, checkId: string, now: number): void {
  main.transaction(() => {
    const stored = findRegistration(main, registrationId);
    if (stored) addJob(main, readJob(stored.row, checkId, now), now, 'again');
  });
}

/** Whether it still is here; a delivery may have said otherwise while this job waited. */
function isClear({ registration }: StoredRegistration, checkId: string): boolean {
  return registration.checks.find(({ id }) => id === checkId)?.latest?.result === 'CLEAR';
}

/** Null when the provider does not know it any more: what was deleted there says nothing about the customer. */
async function fetchKnown(
  provider: Provider,
  { check_ref: ref, workflow }: CheckRow,
  signal: AbortSignal,
): Promise<Snapshot | null> {
  if (ref === null) return null;
  try {
    return await provider.fetch(ref, workflow === 1, signal);
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === 'missing' || error.kind === 'refused')) return null;
    throw error;
  }
}
