import type { ServedOrganization } from '../providers/organizations.js';
import type { StoredRegistration } from '../store/registrations.js';

/**
 * Whether the provider's biometric notice has to be accepted first: always, unless the customer's country is known and
 * is not the USA (Onfido notes, section 3: "US users"). The kiosk's country decides; without one, that of the
 * organization, if it serves no numbers of the USA.
 */
export function demandsConsent(of: {
  stored: StoredRegistration;
  organization: ServedOrganization;
}): boolean {
  const { settings, provider } = of.organization;
  if (settings.verificationSite.kind === 'external' || provider.page.asksConsent) return false;
  const country = of.stored.row.country;
  return country === null
    ? settings.countries.length === 0 || settings.countries.includes('US')
    : country === 'US';
}
