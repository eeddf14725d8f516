import type { Organization } from '../config/config.js';
import type { Db } from '../store/db.js';
import { countNotices } from '../store/notices.js';
import { refusals } from './refusals.js';

const day = 86_400_000;

/** What may be texted in a day, from the smallest circle to the largest. */
export interface TextLimits {
  readonly organization: Organization;
  readonly totalDaily: number;
}

/**
 * Refuses when one more text would be one too many for the number, the kiosk or the box within the last 24 hours.
 *
 * @throws AppError `sms_limit_number`, `sms_limit_kiosk`, `sms_limit_total`
 */
export function demandTextAllowed(
  db: Db,
  of: { identityId: string | undefined; kioskId: string | null },
  limits: TextLimits,
  now: number,
): void {
  const since = now - day;
  const { perNumberDaily, perKioskDaily } = limits.organization.sms;
  if (of.identityId !== undefined && countNotices(db, since, { identityId: of.identityId }) >= perNumberDaily)
    throw refusals.numberLimit();
  if (of.kioskId !== null && countNotices(db, since, { kioskId: of.kioskId }) >= perKioskDaily)
    throw refusals.kioskLimit();
  if (countNotices(db, since, {}) >= limits.totalDaily) throw refusals.totalLimit();
}
