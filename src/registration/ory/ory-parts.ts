import type { OrySettings } from '../../config/config.js';
import type { Organizations, ServedOrganization } from '../../providers/organizations.js';
import type { OryWords } from '../../providers/provider.js';
import type { Clock } from '../../runtime/clock.js';
import type { Store } from '../../store/store.js';

/** What everything about Ory is built from. */
export interface OryParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly settings: OrySettings;
  /** base of customers' links */
  readonly siteBase: string;
  /** jobs were made */
  readonly wake: () => void;
  /** resolves when the job of this key was tried once more */
  readonly tried: (jobKey: string) => Promise<void>;
}

/** An organization that serves Ory's hooks, with its provider's words. */
export interface OryOrganization {
  readonly organization: ServedOrganization;
  readonly provider: string;
  readonly words: OryWords;
}

/** Those organizations; one for each provider at most, as the configuration made sure. */
export function oryOrganizations(organizations: Organizations): readonly OryOrganization[] {
  return organizations.all.flatMap(organization => {
    const { settings, provider, ory } = organization;
    return settings.ory && ory ? [{ organization, provider: provider.name, words: ory }] : [];
  });
}
