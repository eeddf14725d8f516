import type { Config, Organization } from '../config/config.js';
import { holdsOf, type Policy } from '../domain/policy.js';
import {
  createOrganizations,
  type Organizations,
  type ServedOrganization,
} from '../providers/organizations.js';
import { createProvider, oryWordsOf, type ProviderDeps } from '../providers/registry.js';
import type { PolicyModule } from './policy-module.js';

/** Builds every organization's provider and rules. */
export function serveOrganizations(
  config: Config,
  deps: (organization: Organization) => ProviderDeps,
  policyModules: ReadonlyMap<string, PolicyModule>,
): Organizations {
  return createOrganizations(
    config.organizations.map(settings =>
      serve(config, settings, deps(settings), policyModules.get(settings.id)),
    ),
  );
}

/** What `decide` is told of an organization's settings. */
export function policyOf(config: Pick<Config, 'times'>, settings: Organization): Policy {
  return {
    autoRegistration: settings.autoRegistration,
    resubmissions: settings.policy.resubmissions,
    linkMs: config.times.linkMs,
    silenceMs: config.times.silenceMs,
  };
}

function serve(
  config: Config,
  settings: Organization,
  deps: ProviderDeps,
  policyModule: PolicyModule | undefined,
): ServedOrganization {
  return {
    settings,
    provider: createProvider(settings.provider, deps),
    ory: oryWordsOf(settings.provider.provider),
    uploadsMs: config.times.uploadsMs,
    policy: policyOf(config, settings),
    holds(person, now) {
      const today = new Date(now).toISOString().slice(0, 10);
      const holds = holdsOf(person, settings.policy, today);
      return policyModule
        ? [...holds, ...policyModule.holds({ organization: settings.id, person, today })]
        : holds;
    },
  };
}
