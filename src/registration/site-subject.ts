import { isOpen } from '../domain/registration.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import { findRegistration, type StoredRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';

/** A customer of whom an external verification site is to be told. */
export interface SiteSubject {
  readonly stored: StoredRegistration;
  readonly organization: ServedOrganization;
  readonly applicantRef: string;
  /** base of the site */
  readonly site: string;
}

/** Whom to tell of; null when there is nothing to tell (any more), `later` when somebody will ask for it again. */
export function siteSubjectOf(
  { store, organizations }: { readonly store: Store; readonly organizations: Organizations },
  registrationId: string,
): SiteSubject | null | 'later' {
  const stored = findRegistration(store.main, registrationId);
  const organization = stored && organizations.of(stored.row);
  if (!stored || !organization) return 'later';
  const { status } = stored.registration;
  const { verificationSite: site } = organization.settings;
  if (!isOpen(status) || status === 'submitted' || site.kind === 'built-in') return null;
  const { applicant_ref: applicantRef } = stored.row;
  return applicantRef === null ? 'later' : { stored, organization, applicantRef, site: site.url };
}
