/** The demo's own configuration: real files in a temporary folder, and an environment that holds nothing else. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  demoHostname,
  jumioPublicUrl,
  personaTemplate,
  personaWebhookSecret,
  type VendorName,
} from './vendors.js';

/** An organization of the demo and what it is there to show. */
export interface Preset {
  readonly id: '1' | '2' | '3' | '4' | '5' | '6';
  readonly provider: VendorName;
  readonly name: string;
  readonly about: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The organizations one can choose from. */
export const presets: readonly Preset[] = [
  {
    id: '1',
    provider: 'onfido',
    name: 'Swift Coins',
    about: 'registers clear customers automatically',
    settings: { autoRegistration: true, ory: true },
  },
  {
    id: '2',
    provider: 'onfido',
    name: 'Careful Coins',
    about: 'a person registers everybody',
    settings: { autoRegistration: false },
  },
  {
    id: '3',
    provider: 'onfido',
    name: 'Strict Coins',
    about: 'automatic; a face that does not match is fraud',
    settings: { autoRegistration: true, onfido: { strictFace: true } },
  },
  {
    id: '4',
    provider: 'onfido',
    name: 'Patient Coins',
    about: 'automatic; unreadable pictures may be taken once more',
    settings: { autoRegistration: true, policy: { resubmissions: 1 } },
  },
  {
    id: '5',
    provider: 'jumio',
    name: 'Island Coins',
    about: 'automatic; customers go on to Jumio’s page',
    settings: { autoRegistration: true, ory: true },
  },
  {
    id: '6',
    provider: 'persona',
    name: 'Harbour Coins',
    about: 'automatic; customers go on to Persona’s page',
    settings: { autoRegistration: true, ory: true },
  },
];

/** The organization whose vendor Ory's hooks use for it. */
export function organizationOfVendor(vendor: VendorName): Preset['id'] {
  return presets.find(({ provider, settings }) => provider === vendor && settings.ory === true)?.id ?? '1';
}

/** Where the simulators and the demo's front are. */
export interface Places {
  readonly front: string;
  readonly sdkUrl: string;
  readonly onfido: string;
  readonly jumio: { readonly url: string; readonly authUrl: string };
  readonly persona: string;
  readonly twilio: string;
  readonly kratos: string;
}

/** What is needed to load the configuration: nothing of the process's own environment is in `env`. */
export interface Written {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly configDir: string;
  readonly dataDir: string;
}

const twilioAccount = `AC${'de30'.repeat(8)}`;
const heading = `# The configuration of one demo. It is deleted with its folder when the demo ends.
# A real one is made by \`npx gatehouse init\`; config/gatehouse.example.yaml explains every key.
`;

/** Writes `hostname`, `onfido` and `gatehouse.yaml` below the folder. */
export function writeSettings(folder: string, places: Places): Written {
  const configDir = join(folder, 'config');
  mkdirSync(configDir, { mode: 0o700 });
  const write = (name: string, content: string) =>
    writeFileSync(join(configDir, name), content, { mode: 0o600 });
  write('hostname', `${demoHostname}\n`);
  write('onfido', `webhook.onfido=${places.front}\nwebhook.verificationSite=${places.front}\n`);
  write('gatehouse.yaml', heading + stringify(settingsOf(places)));
  const dataDir = join(folder, 'data');
  return { env: environmentOf(configDir, dataDir), cwd: folder, configDir, dataDir };
}

function settingsOf(places: Places): object {
  return {
    front: 'direct',
    site: { publicUrl: places.front },
    listeners: { public: { host: '127.0.0.1', port: 0 }, private: { host: '127.0.0.1', port: 0 } },
    limits: { shutdownTime: '3s' },
    sms: {
      vendor: 'twilio',
      twilio: { accountSid: twilioAccount, from: '+420600000000', apiBase: places.twilio },
    },
    kratos: { adminUrl: places.kratos },
    ory: { gate: 'approved' },
    allowUnofficialHosts: true,
    organizations: presets.map(preset => organizationOf(preset, places)),
  };
}

function organizationOf({ id, name, provider, settings }: Preset, places: Places): object {
  const own = settings[provider] as object | undefined;
  return {
    id,
    name,
    provider,
    countries: ['CZ'],
    ...settings,
    [provider]: { ...vendorSettings(id, provider, places), ...own },
    sms: { perNumberDaily: 100, perKioskDaily: 10_000 },
  };
}

function vendorSettings(id: string, provider: VendorName, places: Places): object {
  if (provider === 'jumio')
    return {
      clientId: { secret: 'DEMO_JUMIO_CLIENT_ID' },
      clientSecret: { secret: 'DEMO_JUMIO_CLIENT_SECRET' },
      apiBase: places.jumio.url,
      authUrl: places.jumio.authUrl,
      publicUrl: jumioPublicUrl,
    };
  if (provider === 'persona')
    return {
      apiKey: { secret: 'DEMO_PERSONA_API_KEY' },
      webhookSecrets: [{ secret: 'DEMO_PERSONA_WEBHOOK_SECRET' }],
      templateId: personaTemplate,
      apiBase: places.persona,
    };
  return { apiToken: { secret: tokenName(id) }, apiBase: places.onfido, sdkUrl: places.sdkUrl };
}

function tokenName(organization: string): string {
  return `DEMO_ONFIDO_TOKEN_${organization}`;
}

function environmentOf(configDir: string, dataDir: string): Record<string, string> {
  return {
    GATEHOUSE_CONFIG_DIR: configDir,
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_MASTER_KEY: randomBytes(32).toString('base64'),
    ORY_WEBHOOK_SECRET: randomBytes(24).toString('base64url'),
    TWILIO_AUTH_TOKEN: randomBytes(16).toString('hex'),
    DEMO_JUMIO_CLIENT_ID: 'demo',
    DEMO_JUMIO_CLIENT_SECRET: randomBytes(16).toString('hex'),
    DEMO_PERSONA_API_KEY: 'persona_production_demo',
    DEMO_PERSONA_WEBHOOK_SECRET: personaWebhookSecret,
    ...Object.fromEntries(presets.map(({ id }) => [tokenName(id), `api_live.demo-${id}`])),
  };
}
