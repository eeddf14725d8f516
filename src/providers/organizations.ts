import type { Organization } from '../config/config.js';
import type { PersonalData } from '../domain/findings.js';
import type { Policy } from '../domain/policy.js';
import type { OryWords, Provider } from './provider.js';

/** An organization as it is served: its settings, its provider, its rules. */
export interface ServedOrganization {
  readonly settings: Organization;
  readonly provider: Provider;
  /** what the provider is called in Ory's world; null for one that has no place there */
  readonly ory: OryWords | null;
  readonly policy: Policy;
  /** silence after a session was opened until uploads are looked for, milliseconds */
  readonly uploadsMs: number;
  /** why a CLEAR of this person must wait for somebody to look; empty when content. Never throws. */
  holds(person: PersonalData | null, now: number): readonly string[];
}

/** All organizations of the box. */
export interface Organizations {
  find(id: string): ServedOrganization | undefined;
  /** whose a registration is, if that organization still has the provider it was made for: no adapter reads another's refs */
  of(row: { readonly organization: string; readonly provider: string }): ServedOrganization | undefined;
  readonly all: readonly ServedOrganization[];
}

/** Looks organizations up by id. */
export function createOrganizations(all: readonly ServedOrganization[]): Organizations {
  const byId = new Map(all.map(organization => [organization.settings.id, organization]));
  return {
    all,
    find: id => byId.get(id),
    of({ organization, provider }) {
      const found = byId.get(organization);
      return found?.provider.name === provider ? found : undefined;
    },
  };
}
