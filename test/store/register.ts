import { randomBytes } from 'node:crypto';
import { newId } from '../../src/runtime/ids.js';
import { addRegistration, type NewRegistration } from '../../src/store/commit-registration.js';
import { addIdentity, findIdentity } from '../../src/store/identities.js';
import type { StoredRegistration } from '../../src/store/registrations.js';
import type { Store } from '../../src/store/store.js';

/** Somebody with a phone, of organization `1`. Returns the identity's id. */
export function addSomebody(store: Store, now: number): string {
  const id = newId('idn', now);
  addIdentity(
    store.main,
    {
      ...{ id, organization: '1', phone_sealed: null, kratos_identity_id: null },
      phone_index: randomBytes(32),
      data_key: store.keyring.createDataKey(id).wrapped,
    },
    now,
  );
  return id;
}

/** A kiosk's registration of somebody, who is texted and whose number is theirs. */
export function registerThem(
  store: Store,
  identityId: string,
  expiresAt: number,
  now: number,
): StoredRegistration {
  const owner = findIdentity(store.main, identityId);
  if (!owner) throw new Error('nobody has this id');
  const request: NewRegistration = {
    ...{ owner, organization: '1', channel: 'kiosk', kioskId: null, kratosIdentityId: null },
    ...{ provider: 'onfido', language: 'en', country: null, customer: {} },
    ...{ notifies: true, phoneVerified: true, externalSite: false, expiresAt },
  };
  return store.main.transaction(() => addRegistration(store, request, now));
}
