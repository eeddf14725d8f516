import { builtInLink } from '../domain/links.js';
import { currentCheck } from '../domain/registration.js';
import { findIdentity } from '../store/identities.js';
import { noticesOf } from '../store/notices.js';
import type { StoredRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';
import type { RegistrationAnswer } from './schemas.js';

/** A registration as the kiosk API shows it. */
export function representRegistration(
  store: Store,
  stored: StoredRegistration,
  siteBase: string,
): RegistrationAnswer {
  const { row, registration } = stored;
  const identity = findIdentity(store.main, row.identity_id);
  const { result, reason, reasonCodes } = registration;
  return {
    id: row.id,
    status: registration.status,
    verificationUrl: kioskLink(store, stored, siteBase),
    expiresAt: new Date(registration.expiresAt).toISOString(),
    provider: row.provider,
    createdAt: new Date(row.created_at).toISOString(),
    identityStatus: identity?.identity.status ?? 'unknown',
    attempt: currentCheck(registration).attempt,
    ...(result === null
      ? {}
      : { result, reasonCodes: [...reasonCodes], ...(reason === null ? {} : { reason }) }),
    notices: noticesOf(store.main, row.id).map(notice => ({
      kind: notice.kind,
      status: notice.status === 'held' ? 'queued' : notice.status,
      at: new Date(notice.settled_at ?? notice.created_at).toISOString(),
      ...(notice.segments === null ? {} : { segments: notice.segments }),
      ...(notice.error_code === null ? {} : { errorCode: notice.error_code }),
    })),
  };
}

/** The link a kiosk shows. It does not prove the phone, so it is another one than the SMS's. */
export function kioskLink(store: Store, stored: StoredRegistration, siteBase: string): string {
  return builtInLink(siteBase, store.keyring.linkId(stored.row.id, 'kiosk'));
}
