import { isOpen } from '../domain/registration.js';
import type { ServedOrganization } from '../providers/organizations.js';
import { deadlineJob, siteTokenJob } from '../store/commit.js';
import { addLinkNotice } from '../store/commit-registration.js';
import { addJob } from '../store/jobs.js';
import { noticesOf } from '../store/notices.js';
import { findRegistration, type StoredRegistration, setExpiry } from '../store/registrations.js';
import type { Store } from '../store/store.js';
import { refusals } from './refusals.js';
import { demandTextAllowed } from './texts-allowed.js';

const pauseMs = 60_000;
const mostResends = 3;

/**
 * Has the link texted once more and starts its time anew: at most once a minute and three times for a registration. An
 * external site is told again first, because the token it has would end before the link.
 *
 * @throws AppError with a code of `refusals.ts`
 */
export function resendLink(
  store: Store,
  stored: StoredRegistration,
  organization: ServedOrganization,
  totalDaily: number,
  now: number,
): StoredRegistration {
  return store.main.transaction(() => {
    const { row, registration } = stored;
    if (row.notifies === 0) throw refusals.noTexts();
    if (!isOpen(registration.status) || registration.status === 'submitted') throw refusals.notOpen();
    const links = noticesOf(store.main, row.id).filter(notice => notice.kind === 'link');
    if (links.length > mostResends) throw refusals.resendUsedUp();
    const last = links.at(-1);
    if (last && now - last.created_at < pauseMs)
      throw refusals.resendTooSoon(Math.ceil((last.created_at + pauseMs - now) / 1000));
    const limits = { organization: organization.settings, totalDaily };
    demandTextAllowed(store.main, { identityId: row.identity_id, kioskId: row.kiosk_id }, limits, now);
    const expiresAt = now + organization.policy.linkMs;
    setExpiry(store.main, row.id, expiresAt);
    addJob(store.main, deadlineJob(row, expiresAt), now);
    const external = organization.settings.verificationSite.kind === 'external';
    if (external) addJob(store.main, siteTokenJob(row, now), now, 'again');
    addLinkNotice(store, stored, { nth: links.length, held: external }, now);
    return findRegistration(store.main, row.id) ?? stored;
  });
}
