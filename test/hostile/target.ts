/** A whole gateway on the machine's own clock, with simulated vendors, for those who mean it no good. */
import { command as kioskCommand } from '../../src/cli/kiosk.js';
import { type Appliance, compose } from '../../src/compose.js';
import { loadConfig } from '../../src/config/load.js';
import { createLog } from '../../src/runtime/log.js';
import { startKratosSimulator } from '../../src/simulators/kratos/index.js';
import { type OnfidoSimulator, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { runInTerminal } from '../cli/terminal.js';
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
  /** a customer's link, and a registration's id */
  readonly link: string;
  readonly registrationId: string;
  /** lines of the log at `error`, the newest last, at most a hundred */
  readonly errors: readonly string[];
  sign(body: string | Buffer): string;
  /** a genuine delivery, unlike any other */
  deliver(options?: { readonly size?: number }): Promise<Answer>;
  public(method: string, path: string, options?: CallOptions): Promise<Answer>;
  private(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** deliveries kept so far */
  kept(): number;
  close(): Promise<void>;
}

let nth = 0;

/** Starts it. `limits` are laid over those of the settings. */
export async function startTarget(limits: Readonly<Record<string, unknown>> = {}): Promise<Target> {
  const pair = await commonPair();
  const onfido = await startOnfidoSimulator({ autoComplete: false });
  const kratos = await startKratosSimulator({});
  const vendors = { onfido, kratos: { url: kratos.adminUrl, publicUrl: kratos.publicUrl } };
  const installation = writeInstallation(vendors, pair, {
    organizations: [{ ory: true, onfido: { webhookTokens: [{ secret: 'HOSTILE_TOKEN' }] } }],
    settings: {
      limits: { shutdownTime: '5s', deliverySize: '64KiB', headersTime: '2s', requestTime: '4s', ...limits },
      ory: { origins: ['https://app.example.net'] },
    },
    secrets: { HOSTILE_TOKEN: token, ORY_WEBHOOK_SECRET: hookSecret },
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
  const argv = ['add', 'Hostile', '--organization', '1', '--json'];
  const { stdout } = await runInTerminal(kioskCommand, argv, { cwd: dir, env });
  const { key: kioskKey } = JSON.parse(stdout) as { key: string };
  const publicCall: Target['public'] = (method, path, options) =>
    call({ origin: gateway.addresses.public, host: hostname, ca: pair.cert }, method, path, options);
  const privateCall: Target['private'] = (method, path, options) =>
    call({ origin: gateway.addresses.private }, method, path, options);
  const made = await privateCall('POST', '/api/v1/registrations', {
    headers: { authorization: `Bearer ${kioskKey}` },
    body: { phone: '+420777123456', notify: 'none' },
  });
  const { id, verificationUrl } = made.json<{ id: string; verificationUrl: string }>();
  const sign = (body: string | Buffer) => onfido.sign(body, token);
  return {
    gateway,
    onfido,
    ca: pair.cert,
    kioskKey,
    link: new URL(verificationUrl).pathname,
    registrationId: id,
    errors,
    sign,
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
      installation.remove();
    },
  };
}
