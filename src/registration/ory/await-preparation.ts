import type { ServedOrganization } from '../../providers/organizations.js';
import { findRegistration, type StoredRegistration } from '../../store/registrations.js';
import type { OryParts } from './ory-parts.js';

/** Whether a capture is a run at the provider, or happens on the provider's page: then there is more than an applicant. */
export function needsRun({ provider: { page } }: ServedOrganization): boolean {
  return page.workflow || page.kind === 'redirect';
}

/** Whether the provider knows all of an attempt that it is told before the customer comes. */
export function isPrepared(stored: StoredRegistration, organization: ServedOrganization): boolean {
  if (stored.row.applicant_ref === null) return false;
  return !needsRun(organization) || (stored.checks.at(-1)?.check_ref ?? null) !== null;
}

/** Waits until the provider was told of an attempt, or was tried once, or the time is over; then what is stored. */
export async function awaitPreparation(
  { store, clock, tried }: OryParts,
  stored: StoredRegistration,
  organization: ServedOrganization,
  limitMs: number,
): Promise<StoredRegistration> {
  if (isPrepared(stored, organization)) return stored;
  let cancel = () => {};
  const limit = new Promise<void>(resolve => {
    cancel = clock.after(limitMs, resolve);
  });
  try {
    await Promise.race([tried(`prepare:${stored.row.id}`), limit]);
  } finally {
    cancel();
  }
  return findRegistration(store.main, stored.row.id) ?? stored;
}
