/** A Kratos in a process of its own, with the smallest configuration for native sign-up and login. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { call } from '../support/call.js';
import { freePort } from '../support/free-port.js';
import type { OryActions } from '../support/kratos-schema.js';

/** Where it will be; known before it runs, because the gateway has to be told first. */
export interface KratosPlace {
  readonly publicUrl: string;
  readonly adminUrl: string;
}

/** Two ports that nobody has. */
export async function chooseKratosPlace(): Promise<KratosPlace> {
  const [open, admin] = [await freePort(), await freePort()];
  return { publicUrl: `http://127.0.0.1:${open}`, adminUrl: `http://127.0.0.1:${admin}` };
}

export interface KratosProcess {
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;

/** Starts the program, with hooks as `gatehouse print ory` prints them; it answers when the promise resolves. */
export async function startKratosProcess(
  command: readonly string[],
  place: KratosPlace,
  hooks: string,
): Promise<KratosProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-kratos-'));
  const schema = join(folder, 'identity.schema.json');
  const file = join(folder, 'kratos.yml');
  writeFileSync(schema, JSON.stringify(identitySchema));
  writeFileSync(file, stringify(kratosConfiguration(place, `file://${schema}`, parse(hooks) as OryActions)));
  const [program = '', ...words] = command;
  const argv = [...words, 'serve', '-c', file, '--dev', '--sqa-opt-out'];
  const child = spawn(program, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', chunk => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await once(child, 'spawn');
    for (const url of [place.publicUrl, place.adminUrl]) await ready(url, child);
    return { stop };
  } catch (error) {
    await stop();
    throw new Error(`Kratos did not start: ${said}`, { cause: error });
  }
}

const identitySchema = {
  $id: 'https://example.net/gatehouse/identity.schema.json',
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Person',
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          'ory.sh/kratos': { credentials: { password: { identifier: true } } },
        },
      },
      required: ['email'],
      additionalProperties: false,
    },
  },
};

/** `kratos.yml`. Recovery stays off: it wants a mail server. */
export function kratosConfiguration(
  { publicUrl, adminUrl }: KratosPlace,
  schemaUrl: string,
  hooks: OryActions,
): object {
  const { registration, login } = hooks.selfservice.flows;
  const page = (name: string) => `http://127.0.0.1:4455/${name}`;
  return {
    dsn: 'memory',
    serve: { public: listenerAt(publicUrl), admin: listenerAt(adminUrl) },
    identity: { default_schema_id: 'default', schemas: [{ id: 'default', url: schemaUrl }] },
    secrets: {
      cookie: ['a-cookie-secret-for-this-test-only'],
      cipher: ['0123456789abcdef0123456789abcdef'],
    },
    hashers: { algorithm: 'bcrypt', bcrypt: { cost: 4 } },
    selfservice: {
      default_browser_return_url: page(''),
      // asking whether a password was leaked would be a call to the outside
      methods: { password: { enabled: true, config: { haveibeenpwned_enabled: false } } },
      flows: {
        error: { ui_url: page('error') },
        registration: { ui_url: page('registration'), after: registration.after },
        login: { ui_url: page('login'), after: login.after },
        recovery: { enabled: false },
        verification: { enabled: false },
      },
    },
  };
}

function listenerAt(url: string): object {
  const { hostname, port } = new URL(url);
  return { base_url: `${url}/`, host: hostname, port: Number(port) };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + readyWithinMs; Date.now() < end; await pause(50)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answer = await call({ origin: url }, 'GET', '/health/ready').catch(() => undefined);
    if (answer?.status === 200) return;
  }
  throw new Error('it is not ready');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
