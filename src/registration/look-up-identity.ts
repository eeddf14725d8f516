import type { ServedOrganization } from '../providers/organizations.js';
import { findIdentityByPhone } from '../store/identities.js';
import { findRegistrationBySeq, newestRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';
import { parsePhone } from './phone.js';
import { refusals } from './refusals.js';
import type { LookupAnswer } from './schemas.js';

/**
 * What is known of a number in an organization. A number never seen is `unknown`, not an error.
 *
 * @throws AppError when the text is no number served here
 */
export function lookUpIdentity(
  store: Store,
  organization: ServedOrganization,
  request: { phone: string },
): LookupAnswer {
  const { settings } = organization;
  const phone = parsePhone(request.phone, settings.countries[0] ?? '', settings.countries);
  if (!phone.ok) throw refusals.phone(phone.code);
  const found = findIdentityByPhone(store.main, settings.id, store.keyring.indexOf('phone', phone.e164));
  if (!found) return { status: 'unknown', since: null };
  const { identity } = found;
  const deciding =
    identity.source === null
      ? newestRegistration(store.main, identity.id)
      : findRegistrationBySeq(store.main, identity.source.seq);
  const result = deciding?.registration.result ?? null;
  return {
    status: identity.status,
    ...(result === null ? {} : { result }),
    since: new Date(identity.since).toISOString(),
  };
}
