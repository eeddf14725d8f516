import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { CertificatePair } from '../../src/tls/tls-source.js';
import { makePair } from '../tls/pairs.js';

/** The public name of every box in tests; it is in the certificate. */
export const hostname = 'kyc.example.net';

/** Secrets that look like the real ones and are unlike anything else, so that a leak is seen. */
export const secrets = {
  GATEHOUSE_MASTER_KEY: '5d0a1f6be27c48934e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5',
  ONFIDO_API_TOKEN: 'api_live.Zk4wQxV7cNe.aB3cD5eF7gH9jK1mN2pQ4rS6tU8vW0xY',
  TWILIO_AUTH_TOKEN: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
} as const;

export const twilioAccount = `AC${'7e'.repeat(16)}`;

/** A YAML section as written by an operator. */
export type Section = Readonly<Record<string, unknown>>;

/** Where the vendors are, as the settings file names them. */
export interface Vendors {
  readonly onfido: { readonly url: string; readonly sdkUrl: string };
  readonly twilio?: { readonly url: string };
  readonly kratos?: { readonly url: string; readonly publicUrl?: string };
}

/** What a test wants otherwise than the usual. */
export interface InstallationOptions {
  /** organizations; what is not said follows from {@link usualOrganization} */
  readonly organizations?: readonly Section[];
  /** further top-level sections, laid over the usual ones */
  readonly settings?: Section;
  readonly secrets?: Readonly<Record<string, string>>;
  /** files beside the settings, by name */
  readonly files?: Readonly<Record<string, string>>;
}

/** A configuration folder, a data folder, and the environment that leads to them. */
export interface Installation {
  readonly dir: string;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly pair: CertificatePair;
  remove(): void;
}

const usualOrganization = { id: '1', name: 'Example Coins', autoRegistration: true, countries: ['CZ'] };

let madeOnce: Promise<CertificatePair> | undefined;

/** One pair for each test file: making it is slow, and nothing depends on its being fresh. */
export function commonPair(): Promise<CertificatePair> {
  madeOnce ??= makePair(hostname, 'localhost');
  return madeOnce;
}

/** Writes a whole installation into a temporary folder. */
export function writeInstallation(
  vendors: Vendors,
  pair: CertificatePair,
  options: InstallationOptions = {},
): Installation {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-journey-'));
  const config = join(dir, 'config');
  mkdirSync(config);
  const files = {
    hostname: `${hostname}\n`,
    onfido: `webhook.onfido=https://${hostname}:7743\nwebhook.verificationSite=https://${hostname}:7743\n`,
    'gatehouse.yaml': stringify(settingsOf(vendors, options)),
    'cert.pem': pair.cert,
    'key.pem': pair.key,
    ...options.files,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(config, name), content);
  return {
    dir,
    dataDir: join(dir, 'data'),
    env: { ...secrets, ...options.secrets },
    pair,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function settingsOf(vendors: Vendors, options: InstallationOptions): Section {
  const onfido = { apiBase: vendors.onfido.url, sdkUrl: vendors.onfido.sdkUrl };
  const organizations = (options.organizations ?? [{}]).map(organization => ({
    ...usualOrganization,
    ...organization,
    onfido: { ...onfido, ...(organization.onfido as Section | undefined) },
  }));
  return {
    listeners: {
      public: {
        host: '127.0.0.1',
        port: 0,
        tls: { mode: 'files', certificate: 'cert.pem', key: 'key.pem' },
      },
      private: { port: 0 },
    },
    allowUnofficialHosts: true,
    // by the common clock for jobs; by the machine's for connections, which on a busy machine must not be cut off
    limits: { shutdownTime: '10s' },
    sms: smsOf(vendors),
    ...(vendors.kratos ? { kratos: kratosOf(vendors.kratos) } : {}),
    ...options.settings,
    organizations,
  };
}

function kratosOf({ url, publicUrl }: { url: string; publicUrl?: string }): Section {
  return { adminUrl: url, ...(publicUrl === undefined ? {} : { publicUrl }) };
}

function smsOf({ twilio }: Vendors): Section {
  if (!twilio) return { vendor: 'console' };
  return {
    vendor: 'twilio',
    twilio: { accountSid: twilioAccount, from: '+15005550006', apiBase: twilio.url },
  };
}
