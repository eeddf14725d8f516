import { isOpen } from '../domain/registration.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import { releaseNotices } from '../store/notices.js';
import { findRegistration, type StoredRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';

export interface SiteSubjectOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
}

/** A customer of whom an external verification site is to be told. */
export interface SiteSubject {
  readonly stored: StoredRegistration;
  readonly organization: ServedOrganization;
  readonly applicantRef: string;
  /** base of the site */
  readonly site: string;
}

/**
 * Whom to tell of, for the two jobs that have it done; undefined when there is nobody. Where there is nothing to tell any
 * more, what was held for that is let go; otherwise somebody will ask for it again.
 */
export function siteSubjectOf(
  { store, clock, organizations }: SiteSubjectOptions,
  registrationId: string,
): SiteSubject | undefined {
  const stored = findRegistration(store.main, registrationId);
  const organization = stored && organizations.of(stored.row);
  if (!stored || !organization) return undefined;
  const { status } = stored.registration;
  const { verificationSite: site } = organization.settings;
  if (!isOpen(status) || status === 'submitted' || site.kind === 'built-in') {
    const now = clock.now();
    releaseNotices(store.main, registrationId, now, now);
    return undefined;
  }
  const { applicant_ref: applicantRef } = stored.row;
  return applicantRef === null ? undefined : { stored, organization, applicantRef, site: site.url };
}
