/** Finds out where the sandbox is, from flags or the installation's configuration, and refuses what is no sandbox. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { loadConfig } from '../../config/load.js';
import { ConfigError } from '../../config/problems.js';
import { isLoopback } from '../../config/values.js';
import { type CommandInput, WrongUse } from '../command.js';
import type { Parties } from './parties.js';

/** Where everybody is, and the certificate to trust. */
export type SandboxPlaces = Omit<Parties, 'outbound' | 'key'> & { readonly caFile?: string };

type Wanted = Pick<CommandInput, 'values' | 'env' | 'cwd'>;

/**
 * The places of the sandbox. With both `--gateway` and `--onfido` no configuration is looked at.
 *
 * @throws {WrongUse} when a provider, or anything else that would be called, is not on this machine
 */
export function findSandbox(input: Wanted): SandboxPlaces {
  const { values, cwd } = input;
  const given = {
    gateway: urlOf(values, 'gateway'),
    onfido: urlOf(values, 'onfido'),
    twilio: urlOf(values, 'twilio'),
    site: urlOf(values, 'site'),
    caFile: typeof values.ca === 'string' ? resolve(cwd, values.ca) : undefined,
  };
  const known = given.gateway && given.onfido ? {} : fromConfig(input, given.onfido);
  const { gateway, onfido, ...rest } = { ...known, ...present(given) };
  if (gateway === undefined || onfido === undefined) throw new WrongUse(missing);
  return { gateway, onfido, ...rest };
}

const missing =
  'say where the sandbox is with --gateway URL and --onfido URL, or call it in the folder of an installation whose provider is simulated';

function urlOf(values: Wanted['values'], name: string): string | undefined {
  const value = values[name];
  if (typeof value !== 'string') return undefined;
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new WrongUse(`--${name} needs a URL, such as http://127.0.0.1:3000`);
  const { origin, hostname } = new URL(value);
  if (!isLoopback(hostname))
    throw new WrongUse(
      `--${name} leads to ${hostname}, which is not this machine: simulate never touches anything real`,
    );
  return origin;
}

function fromConfig(input: Wanted, onfido: string | undefined): Partial<SandboxPlaces> {
  const config = loaded(input);
  const bases = config.organizations.map(({ provider }) => new URL(provider.apiBase));
  const real = bases.find(({ hostname }) => !isLoopback(hostname));
  if (real)
    throw new WrongUse(
      `the provider of this installation is ${real.hostname}, which is not simulated: simulate never touches anything real`,
    );
  const [base, ...others] = new Set(bases.map(({ origin }) => origin));
  if (others.length > 0 && onfido === undefined)
    throw new WrongUse('the organizations have different simulators: say with --onfido URL which one to use');
  const { privateListener, publicListener } = config;
  const caFile = certificateOf(config);
  return {
    gateway: `${privateListener.tls ? 'https' : 'http'}://${own(privateListener.host)}:${privateListener.port}`,
    site: `https://${own(publicListener.host)}:${publicListener.port}`,
    ...(base === undefined ? {} : { onfido: base }),
    ...(caFile === undefined ? {} : { caFile }),
    ...twilioOf(config),
  };
}

function loaded({ env, cwd }: Wanted): Config {
  try {
    return loadConfig({ env, cwd }).config;
  } catch (error) {
    if (error instanceof ConfigError)
      throw new WrongUse(`${missing}. Its configuration cannot be used:\n${error}`);
    throw error;
  }
}

/** A listener on every address is on this one too. */
function own(host: string): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return name.includes(':') ? `[${name}]` : name;
}

function certificateOf({ dataDir, publicListener: { tls } }: Config): string | undefined {
  if (tls.mode === 'files') return tls.certificate;
  const file = join(dataDir, 'tls', 'self-signed.crt');
  return existsSync(file) ? file : undefined;
}

/** A real Twilio is left alone: no text is then sent. */
function twilioOf({ sms }: Config): Pick<SandboxPlaces, 'twilio'> {
  if (sms.vendor !== 'twilio') return {};
  const { origin, hostname } = new URL(sms.twilio.apiBase);
  return isLoopback(hostname) ? { twilio: origin } : {};
}

function present<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
