/** The gateway as operators run it: `gatehouse start` in a process of its own, on the machine's own time. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type OnfidoSimulator, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { startTwilioSimulator, type TwilioSimulator } from '../../src/simulators/twilio/index.js';
import { type Answer, type CallOptions, call } from './call.js';
import { type Customer, openLink } from './customer.js';
import {
  commonPair,
  hostname,
  type Installation,
  secrets,
  twilioAccount,
  writeInstallation,
} from './installation.js';
import type { Ends } from './world.js';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
/** Generous, since it is only waited out when something is wrong. */
const patienceMs = 60_000;

/** One life of the process. */
export interface Life {
  /** resolves with the addresses once it says that it is ready; rejects when it ends before */
  readonly ready: Promise<{ readonly public: string; readonly private: string }>;
  /** resolves when it has ended */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  kill(signal: NodeJS.Signals): void;
}

export interface ProcessWorld {
  readonly installation: Installation;
  readonly onfido: OnfidoSimulator;
  readonly twilio: TwilioSimulator;
  /** starts another process; the world's calls go to the newest that is ready */
  start(env?: Readonly<Record<string, string>>): Life;
  /** starts one and waits until it is ready */
  live(): Promise<Life>;
  /** ends one without any warning */
  murder(life: Life): Promise<void>;
  privateOrigin(): string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  customer(link: string): Customer;
  /** the newest link texted */
  textedLink(): string;
}

/** Waits until something is so. Rejects with `what` when it never is. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await pause(15);
  }
}

/** Builds folders and simulators; starts nothing yet. */
export async function openProcessWorld(t: Ends): Promise<ProcessWorld> {
  let addresses = { public: 'https://127.0.0.1:9', private: 'http://127.0.0.1:9' };
  const pair = await commonPair();
  const reach = (url: string) => `${addresses.public}${new URL(url).pathname}`;
  const onfido = await startOnfidoSimulator({
    completeAfterMs: 100,
    webhookCa: pair.cert,
    rewriteWebhookUrl: reach,
    webhookRetryDelays: Array.from({ length: 50 }, () => 300),
  });
  const twilio = await startTwilioSimulator({
    stepMs: 20,
    callbackCa: pair.cert,
    rewriteCallbackUrl: reach,
    accounts: { [twilioAccount]: secrets.TWILIO_AUTH_TOKEN },
  });
  const installation = writeInstallation({ onfido, twilio }, pair, {
    settings: { limits: { shutdownTime: '3s' } },
  });
  const lives: Life[] = [];
  t.after(async () => {
    for (const life of lives) {
      life.kill('SIGKILL');
      await life.ended;
    }
    await onfido.close();
    await twilio.close();
    installation.remove();
  });

  const world: ProcessWorld = {
    installation,
    onfido,
    twilio,
    start(env = {}) {
      const child = spawn(process.execPath, [main, 'start'], {
        cwd: installation.dir,
        env: { PATH: process.env.PATH, ...installation.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const life = watch(child);
      lives.push(life);
      life.ready.then(
        found => {
          addresses = found;
        },
        () => {},
      );
      return life;
    },
    async live() {
      const life = world.start();
      await life.ready;
      return life;
    },
    async murder(life) {
      life.kill('SIGKILL');
      assert.equal((await life.ended).signal, 'SIGKILL');
    },
    privateOrigin: () => addresses.private,
    call: (method, path, options = {}) =>
      call({ origin: addresses.public, host: hostname, ca: pair.cert }, method, path, options),
    customer: link =>
      openLink({
        link,
        call: world.call,
        upload: (applicantId, wish) => void onfido.upload(applicantId, wish),
      }),
    textedLink() {
      const [link] = twilio.messages.flatMap(({ body }) => /https:\/\/\S+/.exec(body)?.[0] ?? []).reverse();
      assert.ok(link, 'a link was texted');
      return link;
    },
  };
  return world;
}

/** The log shortens every address to its origin, and says so. */
function originsOf(said: { public: string; private: string }) {
  return { public: new URL(said.public).origin, private: new URL(said.private).origin };
}

function watch(child: ChildProcess): Life {
  let stdout = '';
  let stderr = '';
  let onReady = (_found: { public: string; private: string }) => {};
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    const line = stdout.split('\n').find(each => each.includes('gatehouse is ready'));
    if (line) onReady(originsOf(JSON.parse(line)));
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<{ public: string; private: string }>((resolve, reject) => {
    onReady = resolve;
    void ended.then(() => reject(new Error(`it ended before it was ready: ${stderr}`)));
  });
  ready.catch(() => {});
  return {
    ready,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: signal => void child.kill(signal),
  };
}
