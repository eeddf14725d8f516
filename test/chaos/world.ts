/**
 * A gateway that dies again and again, and the world that goes on around it: the vendors' simulators, an external
 * verification site, kiosks. All but the gateway live in this process and never die.
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { command as kioskCommand } from '../../src/cli/kiosk.js';
import { type Clock, systemClock } from '../../src/runtime/clock.js';
import { type JumioSimulator, startJumioSimulator } from '../../src/simulators/jumio/index.js';
import { type KratosSimulator, startKratosSimulator } from '../../src/simulators/kratos/index.js';
import { type OnfidoSimulator, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { type PersonaSimulator, startPersonaSimulator } from '../../src/simulators/persona/index.js';
import { startTwilioSimulator, type TwilioSimulator } from '../../src/simulators/twilio/index.js';
import { runInTerminal } from '../cli/terminal.js';
import { secrets as jumioSecrets } from '../providers/jumio/beside.js';
import { journeyTemplate, secrets as personaSecrets } from '../providers/persona/beside.js';
import { cutPower, type ShimOptions, shimEnvironment } from '../shim/shim.js';
import { type Answer, type CallOptions, call } from '../support/call.js';
import { type ExternalSite, startExternalSite } from '../support/external-site.js';
import {
  commonPair,
  hostname,
  type Installation,
  type Section,
  secrets,
  twilioAccount,
  writeInstallation,
} from '../support/installation.js';
import { createLives, type Death, type Life } from './lives.js';
import type { Orders } from './orders.js';

/** The organizations, by what is special about them. */
export const organizations = ['1', 'manual', 'studio', 'external', 'persona', 'jumio'] as const;
export type OrganizationId = (typeof organizations)[number];

export interface ChaosOptions {
  /** the gateway's files are on the shim's disk, and every end of a life is a power cut */
  readonly power?: Pick<ShimOptions, 'early' | 'lies'>;
  /** further of the shim's settings */
  readonly shim?: (folder: string) => ShimOptions;
  readonly times?: Orders['times'];
  readonly logLevel?: 'info' | 'warn';
  /** the first organization serves Ory's hooks, to whoever has that secret */
  readonly hookSecret?: string;
}

export interface ChaosWorld {
  readonly installation: Installation;
  readonly onfido: OnfidoSimulator;
  readonly persona: PersonaSimulator;
  readonly jumio: JumioSimulator;
  readonly twilio: TwilioSimulator;
  readonly kratos: KratosSimulator;
  readonly site: ExternalSite;
  /** the gateway's own log */
  readonly logFile: string;
  /** from now on nobody is disturbed any more: whoever waits for something waits no longer than a minute */
  calmDown(): void;
  readonly outOfPatience: boolean;
  /** the time of everybody here */
  now(): number;
  /** moves everybody's clocks; the gateway's from its next life on */
  advance(ms: number): void;
  readonly life: Life | undefined;
  begin(ending?: Orders['ending']): Life;
  /** ends the life at once; as a power cut, where the world was made so */
  kill(): Promise<Death>;
  /** after an end that came by itself: what a power cut leaves */
  afterDeath(): void;
  /** a call to the public listener as from the internet. Rejects while there is none. */
  callPublic(method: string, path: string, options?: CallOptions): Promise<Answer>;
  callPrivate(method: string, path: string, options?: CallOptions): Promise<Answer>;
  kioskKey(organization: OrganizationId): string;
  /** what the organizations without a webhook of their own verify deliveries with */
  readonly sharedWebhookSecret: string;
  close(): Promise<void>;
}

const patienceMs = 60_000;
const retryDelays = [200, 400, 800, 1_600, 3_200];
const workflowId = 'c0ffee00-0000-4000-8000-0000000000aa';
const webhookSecret = 'whsec-Q2w8Zr5Tn1Yk7Vb4Xm9P';
const kratosKey = 'ory_apikey_m4Kd8Qw2Zx7Vb1Nc5Rt9';

interface Hosted {
  readonly persona: PersonaSimulator;
  readonly jumio: JumioSimulator;
}

function organizationsAt(site: ExternalSite, { persona, jumio }: Hosted, ory: boolean): Section[] {
  const apiToken = { secret: 'ONFIDO_API_TOKEN' };
  // only the first registers a webhook: the account's deliveries then come once
  const shared = { apiToken, webhookTokens: [{ secret: 'SHARED_WEBHOOK' }] };
  const common = {
    autoRegistration: true,
    countries: ['CZ'],
    policy: { resubmissions: 1 },
    sms: { perKioskDaily: 100_000, perNumberDaily: 50 },
  };
  return [
    { ...common, id: '1', name: 'Automatic Coins', ory },
    { ...common, id: 'manual', name: 'Careful Coins', autoRegistration: false, onfido: shared },
    { ...common, id: 'studio', name: 'Studio Coins', onfido: { ...shared, mode: 'studio', workflowId } },
    { ...common, id: 'external', name: 'Elsewhere Coins', verificationSite: site.url, onfido: shared },
    {
      ...common,
      id: 'persona',
      name: 'Hosted Coins',
      provider: 'persona',
      persona: { apiBase: persona.url, templateId: journeyTemplate },
    },
    {
      ...common,
      id: 'jumio',
      name: 'Linked Coins',
      provider: 'jumio',
      jumio: { apiBase: jumio.url, authUrl: jumio.authUrl },
    },
  ];
}

/** The vendors whose own page the customer is sent to. */
async function startHosted(clock: Clock, ca: string, reach: (url: string) => string): Promise<Hosted> {
  const persona = await startPersonaSimulator({
    clock,
    apiKeys: [personaSecrets.PERSONA_API_KEY],
    templateIds: [journeyTemplate],
    webhook: {
      url: `https://${hostname}/persona/callback`,
      secrets: [personaSecrets.PERSONA_WEBHOOK_SECRET],
    },
    webhookCa: ca,
    rewriteWebhookUrl: reach,
    decideAfterMs: 100,
    webhookRetryDelays: retryDelays,
  });
  const jumio = await startJumioSimulator({
    clock,
    clientId: jumioSecrets.JUMIO_CLIENT_ID,
    clientSecret: jumioSecrets.JUMIO_CLIENT_SECRET,
    callbackCa: ca,
    rewriteCallbackUrl: reach,
    processAfterMs: 100,
  });
  return { persona, jumio };
}

/** Builds everything but the gateway's first life. */
export async function startChaosWorld(options: ChaosOptions = {}): Promise<ChaosWorld> {
  const closes: (() => Promise<void>)[] = [];
  let aheadMs = 0;
  let at = { public: '', private: '' };
  let life: Life | undefined;
  let calmSince = Number.POSITIVE_INFINITY;
  const clock: Clock = { now: () => Date.now() + aheadMs, after: systemClock.after };

  const reach = (url: string) => {
    const { pathname, search } = new URL(url);
    return `${at.public || 'https://127.0.0.1:9'}${pathname}${search}`;
  };
  const pair = await commonPair();
  const callPublic: ChaosWorld['callPublic'] = (method, path, request = {}) =>
    at.public === ''
      ? Promise.reject(new Error('the gateway is down'))
      : call({ origin: at.public, host: hostname, ca: pair.cert }, method, path, request);
  const onfido = await startOnfidoSimulator({
    clock,
    webhookCa: pair.cert,
    rewriteWebhookUrl: reach,
    completeAfterMs: 100,
    webhookRetryDelays: retryDelays,
  });
  const twilio = await startTwilioSimulator({
    clock,
    callbackCa: pair.cert,
    rewriteCallbackUrl: reach,
    stepMs: 40,
    accounts: { [twilioAccount]: secrets.TWILIO_AUTH_TOKEN },
  });
  const hosted = await startHosted(clock, pair.cert, reach);
  const kratos = await startKratosSimulator({ clock, apiKey: kratosKey, limitInFlight: true });
  closes.push(
    () => onfido.close(),
    () => hosted.persona.close(),
    () => hosted.jumio.close(),
    () => twilio.close(),
    () => kratos.close(),
  );
  const site = await startExternalSite({ after: close => void closes.push(close) }, url =>
    callPublic('POST', new URL(url).pathname),
  );
  const installation = writeInstallation({ onfido, twilio, kratos: { url: kratos.adminUrl } }, pair, {
    organizations: organizationsAt(site, hosted, options.hookSecret !== undefined),
    secrets: {
      SHARED_WEBHOOK: webhookSecret,
      ...personaSecrets,
      ...jumioSecrets,
      ORY_API_KEY: kratosKey,
      ...(options.hookSecret === undefined ? {} : { ORY_WEBHOOK_SECRET: options.hookSecret }),
    },
    settings: {
      kratos: { adminUrl: kratos.adminUrl, apiKey: { secret: 'ORY_API_KEY' } },
      limits: { shutdownTime: '1s', perLinkMinute: 10_000 },
      sms: {
        vendor: 'twilio',
        totalDaily: 1_000_000,
        twilio: { accountSid: twilioAccount, from: '+15005550006', apiBase: twilio.url },
      },
      log: { level: options.logLevel ?? 'warn' },
    },
  });
  const { dir, dataDir, env } = installation;
  mkdirSync(dataDir, { mode: 0o700 });
  const keys = new Map<string, string>();
  for (const id of organizations) {
    const argv = ['add', 'Lobby', '--organization', id, '--json'];
    const { stdout, stderr, code } = await runInTerminal(kioskCommand, argv, { cwd: dir, env });
    if (code !== 0) throw new Error(`no kiosk: ${stderr}`);
    keys.set(id, (JSON.parse(stdout) as { key: string }).key);
  }

  const disk = join(dir, 'disk');
  const shim = (): ShimOptions | undefined => {
    const further = options.shim?.(dir);
    if (!options.power && !further) return undefined;
    const power = options.power && { ...options.power, disk, skipSync: true };
    return { dir: realpathSync(dataDir), ...power, ...further };
  };
  const logFile = join(dir, 'gateway.log');
  const lives = createLives({
    log: logFile,
    environment: () => {
      const wanted = shim();
      return wanted ? shimEnvironment(wanted) : {};
    },
    standby: options.power === undefined,
  });

  const world: ChaosWorld = {
    installation,
    onfido,
    ...hosted,
    twilio,
    kratos,
    site,
    logFile,
    calmDown() {
      calmSince = Date.now();
    },
    get outOfPatience() {
      return Date.now() - calmSince > patienceMs;
    },
    now: clock.now,
    advance(ms) {
      aheadMs += ms;
    },
    get life() {
      return life;
    },
    begin(ending) {
      const times = options.times ?? { uploadsMs: 1_500, silenceMs: 1_500, lostAnswerMs: 2_000 };
      const fresh = lives.begin({ cwd: dir, env, aheadMs, times, ...(ending ? { ending } : {}) });
      life = fresh;
      void fresh.ready.then(
        ready => {
          if (ready) at = { public: ready.public, private: ready.private };
        },
        () => {},
      );
      void fresh.dead.then(() => {
        if (life === fresh) at = { public: '', private: '' };
      });
      return fresh;
    },
    async kill() {
      const death = await life!.kill();
      world.afterDeath();
      return death;
    },
    afterDeath() {
      if (options.power) cutPower(disk, dataDir);
    },
    callPublic,
    callPrivate: (method, path, request = {}) =>
      at.private === ''
        ? Promise.reject(new Error('the gateway is down'))
        : call({ origin: at.private }, method, path, request),
    kioskKey: organization => keys.get(organization) ?? '',
    sharedWebhookSecret: webhookSecret,
    async close() {
      calmSince = Number.NEGATIVE_INFINITY;
      await lives.close();
      for (const close of closes.reverse()) await close();
      installation.remove();
    },
  };
  return world;
}
