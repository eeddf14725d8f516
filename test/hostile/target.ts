/** A whole gateway on the machine's own clock, with simulated vendors, for those who mean it no good. */
import { createHmac } from 'node:crypto';
import { command as kioskCommand } from '../../src/cli/kiosk.js';
import { type Appliance, compose } from '../../src/compose.js';
import { loadConfig } from '../../src/config/load.js';
import { createLog } from '../../src/runtime/log.js';
import { startJumioSimulator } from '../../src/simulators/jumio/index.js';
import { startKratosSimulator } from '../../src/simulators/kratos/index.js';
import { type OnfidoSimulator, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { signatureHeader, startPersonaSimulator } from '../../src/simulators/persona/index.js';
import { runInTerminal } from '../cli/terminal.js';
import { secrets as jumioSecrets } from '../providers/jumio/beside.js';
import { journeyTemplate, secrets as personaSecrets } from '../providers/persona/beside.js';
import { type Answer, type CallOptions, call } from '../support/call.js';
import { commonPair, hostname, writeInstallation } from '../support/installation.js';
import { countKept } from '../support/records.js';

/** What everything in here is signed or proven with, so that hostile input gets past the door too. */
export const token = 'hostile-0123456789abcdefABCDEF_-';
export const hookSecret = 'whsec-hostile-0f1e2d3c4b5a6978';
export const deliveryPath = '/serverapi/apiv1/identity-check/onfidowh/1';
export const largestDelivery = 65_536;

export interface Target {
  readonly gateway: Appliance;
  readonly onfido: OnfidoSimulator;
  readonly ca: string;
  readonly kioskKey: string;
  /** a customer's link at each provider, and a registration's id */
  readonly links: readonly string[];
  /** what Jumio sends along with news of a run of ours */
  readonly runReference: string;
  readonly registrationId: string;
  /** lines of the log at `error`, the newest last, at most a hundred */
  readonly errors: readonly string[];
  sign(body: string | Buffer): string;
  /** the header that has a body taken for one of that provider's */
  signAs(provider: 'jumio' | 'persona', body: string | Buffer): string;
  /** a genuine delivery, unlike any other */
  deliver(options?: { readonly size?: number }): Promise<Answer>;
  public(method: string, path: string, options?: CallOptions): Promise<Answer>;
  private(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** deliveries kept so far */
  kept(): number;
  close(): Promise<void>;
}

const callbackSecret = 'jumio-hostile-9d8c7b6a5f4e';
const organizations = ['1', 'persona', 'jumio'] as const;

let nth = 0;

/** Starts it. `limits` are laid over those of the settings. */
export async function startTarget(limits: Readonly<Record<string, unknown>> = {}): Promise<Target> {
  const pair = await commonPair();
  const onfido = await startOnfidoSimulator({ autoComplete: false });
  const kratos = await startKratosSimulator({});
  const persona = await startPersonaSimulator({ templateIds: [journeyTemplate] });
  const jumio = await startJumioSimulator({});
  const vendors = { onfido, kratos: { url: kratos.adminUrl, publicUrl: kratos.publicUrl } };
  const installation = writeInstallation(vendors, pair, {
    organizations: [
      { id: '1', ory: true, onfido: { webhookTokens: [{ secret: 'HOSTILE_TOKEN' }] } },
      { id: 'persona', provider: 'persona', persona: { apiBase: persona.url, templateId: journeyTemplate } },
      { id: 'jumio', provider: 'jumio', jumio: { apiBase: jumio.url, authUrl: jumio.authUrl } },
    ],
    settings: {
      limits: { shutdownTime: '5s', deliverySize: '64KiB', headersTime: '2s', requestTime: '4s', ...limits },
      ory: { origins: ['https://app.example.net'] },
    },
    secrets: {
      HOSTILE_TOKEN: token,
      ORY_WEBHOOK_SECRET: hookSecret,
      ...personaSecrets,
      ...jumioSecrets,
      JUMIO_CALLBACK_SECRET: callbackSecret,
    },
  });
  const { env, dir } = installation;
  const errors: string[] = [];
  const write = (line: string) => {
    if (!line.includes('"level":"error"')) return;
    errors.push(line);
    if (errors.length > 100) errors.shift();
  };
  const { config } = loadConfig({ env, cwd: dir });
  const gateway = await compose(config, {
    log: createLog({ level: 'warn', format: 'json', destination: { write } }),
    stream: { write: () => true },
  });
  await gateway.start();
  const publicCall: Target['public'] = (method, path, options) =>
    call({ origin: gateway.addresses.public, host: hostname, ca: pair.cert }, method, path, options);
  const privateCall: Target['private'] = (method, path, options) =>
    call({ origin: gateway.addresses.private }, method, path, options);
  const guests = [];
  for (const id of organizations) {
    const argv = ['add', 'Hostile', '--organization', id, '--json'];
    const { stdout } = await runInTerminal(kioskCommand, argv, { cwd: dir, env });
    const { key } = JSON.parse(stdout) as { key: string };
    const made = await privateCall('POST', '/api/v1/registrations', {
      headers: { authorization: `Bearer ${key}` },
      body: { phone: '+420777123456', notify: 'none' },
    });
    const { id: registration, verificationUrl } = made.json<{ id: string; verificationUrl: string }>();
    guests.push({ key, registration, link: new URL(verificationUrl).pathname });
  }
  const [first, , last] = guests;
  // Jumio is told a reference of ours when a run is made
  const headers = { origin: `https://${hostname}`, 'sec-fetch-site': 'same-origin' };
  await publicCall('POST', `${last?.link}/start`, { headers, body: new URLSearchParams() });
  const [run] = jumio.state().workflows;
  if (!first || !run) throw new Error('the target has no customer at Jumio');
  const sign = (body: string | Buffer) => onfido.sign(body, token);
  return {
    gateway,
    onfido,
    ca: pair.cert,
    kioskKey: first.key,
    links: guests.map(({ link }) => link),
    runReference: run.userReference ?? '',
    registrationId: first.registration,
    errors,
    sign,
    signAs: (provider, body) =>
      provider === 'jumio'
        ? createHmac('sha256', callbackSecret).update(body).digest('hex')
        : signatureHeader(body, [personaSecrets.PERSONA_WEBHOOK_SECRET], Math.floor(Date.now() / 1000)),
    deliver({ size = 0 } = {}) {
      nth += 1;
      const filling = 'x'.repeat(size);
      const body = JSON.stringify({
        payload: { action: 'report.completed', nth, filling, pid: process.pid },
      });
      return publicCall('POST', deliveryPath, { headers: { 'x-sha2-signature': sign(body) }, body });
    },
    public: publicCall,
    private: privateCall,
    kept: () => countKept(gateway.store.inbox),
    async close() {
      await gateway.close();
      await onfido.close();
      await kratos.close();
      await persona.close();
      await jumio.close();
      installation.remove();
    },
  };
}
