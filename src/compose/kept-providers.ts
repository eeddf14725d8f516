/**
 * Whoever is known in an organization was checked by its provider. So an organization keeps its provider for good: with
 * another one its people would count as approved by somebody who never saw them, and its declines would be forgotten.
 */
import type { Config, Organization } from '../config/config.js';
import { ConfigError, type Problem } from '../config/problems.js';
import type { Db } from '../store/db.js';
import { type KnownOrganization, knownOrganizations } from '../store/known-organizations.js';

/**
 * The configuration with the organizations that the database knows. Where only the environment says which providers there
 * are, each has the organization it always had; a new one gets the next free number.
 *
 * @throws {ConfigError} where a settings file gives an organization another provider than its people were checked by
 */
export function keepProviders(config: Config, db: Db): Config {
  const known = knownOrganizations(db);
  if (config.byEnvironment) return { ...config, organizations: renumbered(config.organizations, known) };
  const problems = config.organizations.flatMap((organization, index) => {
    const before = known.find(({ id }) => id === organization.id);
    return before ? problemOf(organization, index, before) : [];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function problemOf(
  { id, provider, providerAt }: Organization,
  index: number,
  before: KnownOrganization,
): Problem[] {
  if (provider.provider === before.provider) return [];
  return [
    {
      source: providerAt,
      key: `organizations[${index}].provider`,
      problem: `is ${provider.provider}, but the people of organization ${id} were checked by ${before.provider}`,
      remedy: `write ${before.provider} again, and give ${provider.provider} an organization with an id of its own`,
    },
  ];
}

function renumbered(
  organizations: readonly Organization[],
  known: readonly KnownOrganization[],
): readonly Organization[] {
  const taken = new Set(known.map(({ id }) => id));
  return organizations.map(organization => {
    const own = known.filter(({ provider }) => provider === organization.provider.provider);
    const id = (own.find(({ ory }) => ory) ?? own[0])?.id ?? nextFree(taken);
    taken.add(id);
    return { ...organization, id };
  });
}

function nextFree(taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(String(number))) number += 1;
  return String(number);
}
