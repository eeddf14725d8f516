import type { ProviderSettings } from '../config/config.js';
import type { Clock } from '../runtime/clock.js';
import type { Outbound } from '../runtime/outbound.js';
import { createOnfido } from './onfido/index.js';
import type { Provider } from './provider.js';

/** What adapters are built from. */
export interface ProviderDeps {
  readonly outbound: Outbound;
  readonly clock: Clock;
  /** webhook secrets in force besides the configured ones, asked anew for each delivery */
  readonly tokens: () => readonly string[];
}

type Name = ProviderSettings['provider'];
type SettingsOf<Provider extends Name> = Extract<ProviderSettings, { readonly provider: Provider }>;

/** Every provider there is; one that the configuration knows and this list does not would not compile. */
const providers: { [Each in Name]: (settings: SettingsOf<Each>, deps: ProviderDeps) => Provider } = {
  onfido: createOnfido,
};

/** Builds an organization's provider. Connects to nothing yet. */
export function createProvider(settings: ProviderSettings, deps: ProviderDeps): Provider {
  return providers[settings.provider](settings, deps);
}
