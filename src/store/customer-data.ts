/** What was told of a customer, sealed with their own key; kept for the provider, and for nobody else. */
import type { CustomerData } from '../domain/customer.js';
import { open, seal } from '../runtime/keyring.js';
import { findIdentity, type StoredIdentity } from './identities.js';
import type { StoredRegistration } from './registrations.js';
import type { Store } from './store.js';

function contextOf(registrationId: string): string {
  return `names of ${registrationId}`;
}

/** Null when nothing was told. */
export function sealCustomerData(
  { keyring }: Pick<Store, 'keyring'>,
  { row: owner }: StoredIdentity,
  registrationId: string,
  data: CustomerData,
): Buffer | null {
  if (Object.keys(data).length === 0) return null;
  const key = keyring.unwrapDataKey(owner.data_key, owner.id);
  return seal(key, Buffer.from(JSON.stringify(data)), contextOf(registrationId));
}

/** An empty object when nothing was told. */
export function customerDataOf({ main, keyring }: Store, { row }: StoredRegistration): CustomerData {
  const owner = row.names_sealed === null ? undefined : findIdentity(main, row.identity_id);
  if (row.names_sealed === null || !owner) return {};
  const key = keyring.unwrapDataKey(owner.row.data_key, owner.row.id);
  return JSON.parse(open(key, row.names_sealed, contextOf(row.id)).toString()) as CustomerData;
}
