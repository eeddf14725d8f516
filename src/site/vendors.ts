import type { SiteView } from './journey.js';

/** How customers know a provider, and what it publishes for customers in the USA. */
const vendors: Readonly<Record<string, SiteView['vendor']>> = {
  onfido: {
    name: 'Onfido',
    notices: {
      biometrics: 'https://onfido.com/facial-scan-policy-and-release/',
      privacy: 'https://onfido.com/privacy/',
      terms: 'https://onfido.com/terms-of-service/',
    },
  },
  jumio: { name: 'Jumio' },
  persona: { name: 'Persona' },
};

/** The vendor behind a provider's name. */
export function vendorOf(provider: string): SiteView['vendor'] {
  return vendors[provider] ?? { name: provider };
}
