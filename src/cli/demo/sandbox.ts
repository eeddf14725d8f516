/** The whole world of the demo in one process: the gateway from a real configuration, and simulators of the vendors. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Appliance, compose } from '../../compose.js';
import { loadConfig } from '../../config/load.js';
import { kioskKeyPrefix } from '../../registration/kiosk-key.js';
import { newId } from '../../runtime/ids.js';
import { hashSecret } from '../../runtime/keyring.js';
import { type Log, silentLog } from '../../runtime/log.js';
import { createClosers } from '../../runtime/shutdown.js';
import { type KratosSimulator, startKratosSimulator } from '../../simulators/kratos/index.js';
import {
  startTwilioSimulator,
  type TwilioMessage,
  type TwilioSimulator,
} from '../../simulators/twilio/index.js';
import { addKiosk } from '../../store/kiosks.js';
import { orySnippet } from '../print/ory.js';
import { createFront, type Front } from './front.js';
import { createMovableClock, type MovableClock } from './movable-clock.js';
import { presets, writeSettings } from './settings.js';
import { startVendors, type VendorName, type Vendors } from './vendors.js';

/** What the two ways of running the demo want to be different. */
export interface SandboxOptions {
  /** port of the one address a browser needs; another one when it is taken */
  readonly port: number;
  /** how long the simulated vendors take over a check */
  readonly completeAfterMs: number;
  readonly log?: Log;
  readonly onMessage?: (message: TwilioMessage) => void;
}

export interface Sandbox extends Vendors {
  readonly appliance: Appliance;
  readonly clock: MovableClock;
  readonly twilio: TwilioSimulator;
  readonly kratos: KratosSimulator;
  readonly front: Front;
  /** has Kratos ask for checks at this vendor from now on */
  checkWith(vendor: VendorName): void;
  /** base of the kiosk API */
  readonly kioskUrl: string;
  /** the kiosk's key, by organization */
  readonly keys: ReadonlyMap<string, string>;
  /** the certificate that the front and the gateway show */
  readonly certificate: string;
  /** the folder with its configuration and data; gone after `close` */
  readonly folder: string;
  close(): Promise<void>;
}

/** Builds and starts it on free ports of this machine alone. Leaves nothing behind when that fails, or after `close`. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const log = options.log ?? silentLog;
  const closers = createClosers(log);
  const close = async () => void (await closers.closeAll(10_000));
  try {
    return { ...(await build(options, log, closers.add)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type AddCloser = (what: string, close: () => Promise<void> | void) => void;

async function build(options: SandboxOptions, log: Log, add: AddCloser): Promise<Omit<Sandbox, 'close'>> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-demo-'));
  add('folder', () => rmSync(folder, { recursive: true, force: true }));
  const clock = createMovableClock();
  const front = await createFront(options.port);
  add('front', () => front.close());
  const certificate = join(folder, 'data', 'tls', 'self-signed.crt');
  const { completeAfterMs } = options;
  const ca = () => readFileSync(certificate, 'utf8');
  const vendors = await startVendors({ clock, ca, front: front.origin, completeAfterMs, add });
  const others = await startOthers(options, clock, ca, add);
  const simulators = { ...vendors, ...others };
  const written = writeSettings(folder, {
    front: front.origin,
    sdkUrl: front.sdkUrl,
    onfido: simulators.onfido.url,
    jumio: simulators.jumio,
    persona: simulators.persona.url,
    twilio: simulators.twilio.url,
    kratos: simulators.kratos.adminUrl,
  });
  const { config } = loadConfig(written);
  const appliance = await compose(config, { clock, log });
  add('gateway', async () => void (await appliance.close()));
  const keys = addKiosks(appliance);
  await appliance.start();
  const checkWith = (provider: VendorName) => {
    const [secret = null] = config.ory.webhookSecrets;
    const snippet = orySnippet({ hooks: appliance.addresses.private, provider, secret });
    simulators.kratos.useActions(parse(snippet));
  };
  checkWith('onfido');
  front.open({
    gateway: appliance.addresses.public,
    vendor: simulators.onfido.origin,
    cert: readFileSync(certificate, 'utf8'),
    key: readFileSync(join(folder, 'data', 'tls', 'self-signed.key'), 'utf8'),
  });
  const kioskUrl = appliance.addresses.private;
  return { ...simulators, appliance, clock, front, checkWith, kioskUrl, keys, certificate, folder };
}

async function startOthers(
  { onMessage }: SandboxOptions,
  clock: MovableClock,
  ca: () => string,
  add: AddCloser,
): Promise<Pick<Sandbox, 'twilio' | 'kratos'>> {
  const twilio = await startTwilioSimulator({
    clock,
    callbackCa: ca,
    ...(onMessage === undefined ? {} : { onMessage }),
  });
  add('Twilio', () => twilio.close());
  const kratos = await startKratosSimulator({ clock });
  add('Kratos', () => kratos.close());
  return { twilio, kratos };
}

/** One kiosk for every organization, as `gatehouse kiosk add` would make it. */
function addKiosks({ store }: Appliance): Map<string, string> {
  const now = Date.now();
  return new Map(
    presets.map(({ id }) => {
      const key = `${kioskKeyPrefix}${randomBytes(24).toString('base64url')}`;
      const kiosk = { id: newId('ksk', now), organization: id, name: 'demo', keyHash: hashSecret(key) };
      addKiosk(store.main, kiosk, now);
      return [id, key];
    }),
  );
}
