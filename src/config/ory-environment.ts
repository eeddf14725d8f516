/**
 * A start from the Ory setups' environment alone: what a settings file would have said. Everything else has its default,
 * and the plain names are laid over it as over any file.
 */
import { type OrganizationSettings, settingsProviders } from './schema.js';
import type { NamedValues } from './secrets.js';
import { isLoopback } from './values.js';

type ProviderName = OrganizationSettings['provider'];

/** The name without which a provider's setup is none, in the order in which organizations are made. */
const keys: Readonly<Record<string, string>> = {
  onfido: 'ONFIDO_API_TOKEN',
  jumio: 'JUMIO_CLIENT_ID',
  persona: 'PERSONA_API_KEY',
};

/** The public name of a machine without `config/hostname`. */
export const hostnameVariable = 'GATEHOUSE_HOSTNAME';

/** The names one of which has to be set. */
export const providerKeys: readonly string[] = settingsProviders.flatMap(provider => keys[provider] ?? []);

/** Variables that lead to another machine than the vendor's. */
const bases = [
  'ONFIDO_API_BASE',
  'ONFIDO_SDK_URL',
  'JUMIO_AUTH_URL',
  'JUMIO_API_BASE_URL',
  'PERSONA_API_BASE',
  'TWILIO_API_BASE',
];

/** What stands for the file's data. */
export interface EnvironmentSettings {
  readonly allowUnofficialHosts: boolean;
  readonly organizations: readonly object[];
}

/** Whether every base that is given is a stand-in on this very machine; for any other a settings file has to say so. */
function standInsOnly(find: NamedValues['find']): boolean {
  const given = bases.flatMap(name => find(name)?.value ?? []);
  return given.length > 0 && given.every(base => URL.canParse(base) && isLoopback(new URL(base).hostname));
}

/**
 * The data of a settings file: one organization for each provider whose key is set, the first with the id `1`: numbers of
 * a new box, which give way to the ones that the database knows (`compose/kept-providers.ts`). Customers whose check is
 * clear are registered without a person looking, as Ory's users expect of "approved".
 */
export function settingsOfEnvironment(find: NamedValues['find']): EnvironmentSettings {
  const served = settingsProviders.filter(provider => find(keys[provider] ?? '') !== undefined);
  const name = find(hostnameVariable)?.value ?? 'localhost';
  const organizations = served.map((provider, index) => ({
    id: String(index + 1),
    name,
    provider,
    autoRegistration: true,
    ory: true,
    ...partsOf(provider, find),
  }));
  return { allowUnofficialHosts: standInsOnly(find), organizations };
}

/** Onfido's setup starts a workflow wherever it names one. */
function partsOf(provider: ProviderName, find: NamedValues['find']): object {
  return provider === 'onfido' && find('ONFIDO_WORKFLOW_ID') ? { onfido: { mode: 'studio' } } : {};
}
