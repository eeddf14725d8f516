import type { Config, Organization } from '../config/config.js';
import { holdsOf, type Policy } from '../domain/policy.js';
import {
  createOrganizations,
  type Organizations,
  type ServedOrganization,
} from '../providers/organizations.js';
import type { Provider } from '../providers/provider.js';
import { oryWordsOf } from '../providers/registry.js';
import type { PolicyModule } from './policy-module.js';

/** Builds every organization's rules, around its provider. */
export function serveOrganizations(
  config: Config,
  providerOf: (organization: Organization) => Provider,
  policyModules: ReadonlyMap<string, PolicyModule>,
): Organizations {
  return createOrganizations(
    config.organizations.map(settings =>
      serve(config, settings, providerOf(settings), policyModules.get(settings.id)),
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
  provider: Provider,
  policyModule: PolicyModule | undefined,
): ServedOrganization {
  return {
    settings,
    provider,
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
