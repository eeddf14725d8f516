/** Reads every source, judges it, and hands over the configuration or all that is wrong with it. */
import { join } from 'node:path';
import { buildConfig } from './build.js';
import type { Config } from './config.js';
import { masked, type ValueInForce, valuesInForce } from './explain.js';
import { contentOf, type Folders, foldersOf, type Surroundings } from './folders.js';
import { checkHostname, readHostname } from './hostname.js';
import { readMasterKey } from './master-key.js';
import { type OnfidoOverrides, readOnfidoOverrides } from './onfido-overrides.js';
import { hostnameVariable } from './ory-environment.js';
import { ownUrls } from './own-urls.js';
import { ConfigError, createLedger, type Ledger, Refusal } from './problems.js';
import type { Settings } from './schema.js';
import { readSecrets } from './secret-settings.js';
import { type FoundValue, type NamedValues, namedValues, placesOf } from './secrets.js';
import { settingsInForce } from './settings-file.js';
import { findWarnings } from './warnings.js';

/** The configuration and, for people, each value in force with its origin. */
export interface LoadedConfig {
  readonly config: Config;
  readonly origins: readonly ValueInForce[];
}

/**
 * Reads all of it. Changes nothing, not even the environment it was given.
 *
 * @throws {ConfigError} with every problem at once
 */
export function loadConfig(surroundings: Surroundings): LoadedConfig {
  const folders = foldersOf(surroundings);
  const named = namedValues(surroundings.env, surroundings.cwd);
  const ledger = createLedger();
  const {
    settings,
    warnings,
    sourceOf,
    writtenAt,
    byEnvironment = false,
  } = settingsInForce(surroundings, folders, named, ledger);
  const hostname = hostnameInForce(folders, named, byEnvironment, ledger);
  const onfidoFile = join(folders.configDir, 'onfido');
  const overrides = readOnfidoOverrides(onfidoFile, folders.shown(onfidoFile), ledger);
  const masterKey = ledger.attempt('environment', 'GATEHOUSE_MASTER_KEY', () =>
    masterKeyOf(named, byEnvironment),
  );
  const secrets = settings === undefined ? new Map() : readSecrets(settings, named, sourceOf, ledger);
  if (ledger.problems.length > 0 || !settings || !hostname || !masterKey)
    throw new ConfigError(ledger.problems);

  const config = buildConfig(settings, {
    configDir: folders.configDir,
    dataDir: folders.dataDir,
    hostname: hostname.value,
    masterKey: masterKey.bytes,
    urls: urlsOf(settings, hostname.value, overrides),
    secretAt: path => secrets.get(path)!.value,
    sourceOf,
    byEnvironment,
  });
  const around = [
    ...folderRows(folders, surroundings),
    row('hostname', hostname.value, hostname.origin),
    { ...row('GATEHOUSE_MASTER_KEY', masked(masterKey.length), masterKey.origin), secret: true },
    row('webhook.onfido', config.urls.webhook, overrides.webhook?.origin),
    row('webhook.verificationSite', config.urls.submit, overrides.submit?.origin),
  ];
  return {
    config: { ...config, warnings: [...warnings, ...findWarnings(config, named)] },
    origins: valuesInForce(settings, config, { writtenAt, secrets, around }),
  };
}

/** `config/hostname`; where the environment is all there is, its word for it, or this machine alone. */
function hostnameInForce(
  folders: Folders,
  named: NamedValues,
  byEnvironment: boolean,
  ledger: Ledger,
): FoundValue | undefined {
  const variable = ledger.attempt('environment', hostnameVariable, () => {
    const found = named.find(hostnameVariable);
    return found && { value: checkHostname(found.value), origin: found.origin };
  });
  if (byEnvironment) return variable ?? { value: 'localhost', origin: 'default' };
  const file = join(folders.configDir, 'hostname');
  const origin = folders.shown(file);
  return ledger.attempt(origin, '', () => {
    const content = contentOf(file);
    if (content === undefined) throw new Refusal('is missing', hostnameRemedy);
    return { value: readHostname(content), origin };
  });
}

const hostnameRemedy =
  'write the public name of this machine into it, alone on one line, such as kyc.example.net';

function masterKeyOf(
  named: NamedValues,
  byEnvironment: boolean,
): { bytes: Buffer; length: number; origin: string } {
  const name = 'GATEHOUSE_MASTER_KEY';
  const found = named.find(name);
  // `init` would also write a settings file, which then stands in the environment's place
  const maker = byEnvironment ? 'openssl rand -base64 32' : 'npx gatehouse init';
  if (found === undefined)
    throw new Refusal('is missing', `make one with \`${maker}\` and ${placesOf(name)}`);
  return { bytes: readMasterKey(found.value), length: found.value.length, origin: found.origin };
}

function urlsOf(
  { front, listeners, site }: Settings,
  hostname: string,
  overrides: OnfidoOverrides,
): Config['urls'] {
  return ownUrls({
    hostname,
    front,
    publicPort: listeners.public.port,
    publicUrl: site.publicUrl,
    webhook: overrides.webhook?.url,
    submit: overrides.submit?.url,
  });
}

function folderRows({ configDir, dataDir }: Folders, { env }: Surroundings): ValueInForce[] {
  const origin = (name: string) => (env[name] ? `environment ${name}` : 'default');
  return [
    row('configuration folder', configDir, origin('GATEHOUSE_CONFIG_DIR')),
    row('data folder', dataDir, origin('GATEHOUSE_DATA_DIR')),
  ];
}

function row(key: string, value: string, origin = 'follows from hostname and front'): ValueInForce {
  return { key, value, secret: false, origin };
}
