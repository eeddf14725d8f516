import type { Policy } from '../domain/policy.js';
import type { PersonAction } from '../domain/registration.js';
import { commitEvent } from '../store/commit.js';
import { findIdentity } from '../store/identities.js';
import { findRegistration, newestRegistration, type StoredRegistration } from '../store/registrations.js';
import { findCase } from '../store/review-cases.js';
import type { Store } from '../store/store.js';

/** A person's decision. */
export interface Resolution {
  readonly action: PersonAction;
  /** who decides, as they name themselves */
  readonly by: string;
  readonly reason: string;
}

/** Why a decision cannot be taken; the text is for the person who tried. */
export class ReviewRefusal extends Error {
  override readonly name = 'ReviewRefusal';
}

/** The registration a case or registration id names, or undefined. */
export function findReviewed(store: Store, id: string): StoredRegistration | undefined {
  const registrationId = id.startsWith('case_') ? findCase(store.main, id)?.registration_id : id;
  return registrationId === undefined ? undefined : findRegistration(store.main, registrationId);
}

/**
 * Takes a person's decision about the newest registration of somebody. It stands whatever a machine says later.
 *
 * @throws {ReviewRefusal}
 */
export function resolveCase(
  store: Store,
  stored: StoredRegistration,
  resolution: Resolution,
  policy: Policy,
  now: number,
): void {
  store.main.transaction(() => {
    const newest = newestRegistration(store.main, stored.row.identity_id);
    if (newest && newest.row.id !== stored.row.id && newest.registration.status !== 'expired')
      throw new ReviewRefusal(
        `this customer has a newer registration, ${newest.row.id}: decide about that one`,
      );
    const source = findIdentity(store.main, stored.row.identity_id)?.identity.source;
    if (source && source.seq > stored.row.seq)
      throw new ReviewRefusal('a newer registration of this customer was decided already');
    const { action, by, reason } = resolution;
    const event = { kind: 'person', action } as const;
    commitEvent(store.main, { registrationId: stored.row.id, event, policy, now, person: { by, reason } });
  });
}
