/** `gatehouse simulate serve`: the simulated vendors in a process of their own, for a gateway run by `gatehouse start`. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { foldersOf } from '../../config/folders.js';
import { isLoopback } from '../../config/values.js';
import { silentLog } from '../../runtime/log.js';
import { createClosers } from '../../runtime/shutdown.js';
import { startKratosSimulator } from '../../simulators/kratos/index.js';
import { startOnfidoSimulator } from '../../simulators/onfido/index.js';
import { startTwilioSimulator, type TwilioMessage } from '../../simulators/twilio/index.js';
import { type CommandInput, done, WrongUse } from '../command.js';
import { untilSignal } from './until-signal.js';

/** Ports when none are given. */
export const usualPorts = { onfido: 4010, twilio: 4020, kratos: 4030 } as const;

const usualSite = 'https://127.0.0.1:7743';

/** Serves until SIGTERM or SIGINT. */
export async function serveSimulators(input: CommandInput): Promise<number> {
  const site = siteOf(input);
  const rewrite = (url: string) => `${site}${new URL(url).pathname}${new URL(url).search}`;
  const ca = () => certificateOf(input);
  const closers = createClosers(silentLog);
  const ending = untilSignal();
  try {
    const onfido = await started('onfido', input, port =>
      startOnfidoSimulator({ port, webhookCa: ca, rewriteWebhookUrl: rewrite }),
    );
    closers.add('Onfido', () => onfido.close());
    const twilio = await started('twilio', input, port =>
      startTwilioSimulator({
        port,
        callbackCa: ca,
        rewriteCallbackUrl: rewrite,
        onMessage: message => input.stdout.write(describeText(message)),
      }),
    );
    closers.add('Twilio', () => twilio.close());
    const kratos = await started('kratos', input, port =>
      startKratosSimulator({ port, publicPort: port === 0 ? 0 : port + 1 }),
    );
    closers.add('Kratos', () => kratos.close());
    input.stdout.write(introduction({ onfido, twilio, kratos, site }));
    await ending.ended;
  } finally {
    await closers.closeAll(5_000);
    ending.forget();
  }
  return done;
}

async function started<Simulator>(
  name: keyof typeof usualPorts,
  { values }: CommandInput,
  start: (port: number) => Promise<Simulator>,
): Promise<Simulator> {
  const flag = `${name}-port`;
  const port = values[flag] === undefined ? usualPorts[name] : Number(values[flag]);
  if (!Number.isInteger(port) || port < 0 || port > 65_534)
    throw new WrongUse(`--${flag} is a number up to 65534`);
  try {
    return await start(port);
  } catch (error) {
    const { code, port: taken = port } = error as NodeJS.ErrnoException & { port?: number };
    if (code !== 'EADDRINUSE') throw error;
    const both = name === 'kratos' ? '; it needs N and the next one' : '';
    throw new Error(`port ${taken} is taken: choose another one with --${flag} N${both}`, { cause: error });
  }
}

function siteOf({ values }: CommandInput): string {
  const site = typeof values.site === 'string' ? values.site : usualSite;
  if (!URL.canParse(site) || !isLoopback(new URL(site).hostname))
    throw new WrongUse(`--site is the public listener on this machine, such as ${usualSite}`);
  return new URL(site).origin;
}

/** Looked for whenever it is needed: the gateway makes it at its first start. */
function certificateOf({ values, env, cwd }: CommandInput): string | undefined {
  const file =
    typeof values.ca === 'string'
      ? resolve(cwd, values.ca)
      : join(foldersOf({ env, cwd }).dataDir, 'tls', 'self-signed.crt');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function introduction(at: {
  onfido: { url: string; sdkUrl: string };
  twilio: { url: string };
  kratos: { adminUrl: string; publicUrl: string };
  site: string;
}): string {
  return `Onfido, Twilio and Kratos are simulated here; webhooks go to ${at.site}. Ctrl-C ends it.

For the environment, or .env, of \`gatehouse start\`:

ONFIDO_API_TOKEN=api_live.simulated
ONFIDO_API_BASE=${at.onfido.url}
ONFIDO_SDK_URL=${at.onfido.sdkUrl}
TWILIO_API_BASE=${at.twilio.url}
TWILIO_ACCOUNT_SID=AC${'51'.repeat(16)}
TWILIO_AUTH_TOKEN=simulated
TWILIO_FROM=+15005550006
KRATOS_ADMIN_URL=${at.kratos.adminUrl}
KRATOS_PUBLIC_URL=${at.kratos.publicUrl}

And in its gatehouse.yaml:

allowUnofficialHosts: true
sms: {vendor: twilio}

Then: gatehouse simulate customer clear --phone NUMBER --key KEY
Text messages appear below.

`;
}

function describeText({ to, body }: TwilioMessage): string {
  return `to ${to}: ${body}\n`;
}
