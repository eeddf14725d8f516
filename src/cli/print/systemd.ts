import { join } from 'node:path';
import type { LoadedConfig } from '../../config/load.js';
import { filledIn, type Printed, programFolder, shippedFile } from './shipped.js';

/** Beyond `limits.shutdownTime`: what is left to do when all work has ended. */
const afterShutdownSeconds = 25;

type Environment = Readonly<Record<string, string | undefined>>;

/** deploy/systemd/gatehouse.service for this box: its folders, its secrets, and what it takes from the environment. */
export function printSystemd(loaded: LoadedConfig, env: Environment, node = process.execPath): Printed {
  const { configDir, dataDir, limits } = loaded.config;
  const state = /^\/var\/lib\/([\w.-]+(?:\/[\w.-]+)*)$/.exec(dataDir)?.[1];
  const text = filledIn(shippedFile('deploy/systemd/gatehouse.service'), {
    [shippedCredentials]: credentials(loaded),
    'StateDirectory=gatehouse\nStateDirectoryMode=0700':
      state === undefined
        ? `ReadWritePaths=${unitWord(dataDir)}`
        : `StateDirectory=${state}\nStateDirectoryMode=0700`,
    'Environment=GATEHOUSE_DATA_DIR=/var/lib/gatehouse': [
      `Environment=${unitWord(`GATEHOUSE_DATA_DIR=${dataDir}`)}`,
      ...ownVariables(loaded, env),
    ].join('\n'),
    'Environment=GATEHOUSE_CONFIG_DIR=/etc/gatehouse': `Environment=${unitWord(`GATEHOUSE_CONFIG_DIR=${configDir}`)}`,
    'ExecStart=/usr/bin/node /opt/gatehouse/dist/src/main.js start': `ExecStart=${unitWord(node)} ${unitWord(join(programFolder, 'dist/src/main.js'))} start`,
    'WorkingDirectory=/opt/gatehouse': `WorkingDirectory=${programFolder.replaceAll('%', '%%')}`,
    '/opt/gatehouse': programFolder,
    '/etc/gatehouse': configDir,
    '/var/lib/gatehouse': dataDir,
    'TimeoutStopSec=45s': `TimeoutStopSec=${Math.ceil(limits.shutdownMs / 1_000) + afterShutdownSeconds}s`,
    'ProtectHome=yes': [programFolder, configDir, dataDir, node].some(inHome)
      ? 'ProtectHome=read-only'
      : 'ProtectHome=yes',
    'CapabilityBoundingSet=\nAmbientCapabilities=': capabilities(loaded),
  });
  return { text, notes: notesOf(state === undefined, loaded, node) };
}

const shippedCredentials = [
  'LoadCredential=GATEHOUSE_MASTER_KEY:/etc/gatehouse/secrets/GATEHOUSE_MASTER_KEY',
  '#LoadCredential=ONFIDO_API_TOKEN:/etc/gatehouse/secrets/ONFIDO_API_TOKEN',
  '#LoadCredential=TWILIO_AUTH_TOKEN:/etc/gatehouse/secrets/TWILIO_AUTH_TOKEN',
  '#LoadCredential=ORY_WEBHOOK_SECRET:/etc/gatehouse/secrets/ORY_WEBHOOK_SECRET',
].join('\n');

/** One for each secret in force, under the name it was found by. */
function credentials({ config, origins }: LoadedConfig): string {
  const names = origins.flatMap(({ secret, origin }) => (secret ? (nameIn(origin) ?? []) : []));
  return [...new Set(names)]
    .map(name => `LoadCredential=${name}:${config.configDir}/secrets/${name}`)
    .join('\n');
}

function nameIn(origin: string): string | undefined {
  return /^(?:credential|environment|file named by) (\w+?)(?:_FILE)?$/.exec(origin)?.[1];
}

/** What is no secret and was set in the environment has to be set for the service too. */
function ownVariables({ origins }: LoadedConfig, env: Environment): string[] {
  const folders = ['GATEHOUSE_CONFIG_DIR', 'GATEHOUSE_DATA_DIR'];
  const names = origins.flatMap(({ secret, origin }) =>
    secret ? [] : (/^environment (\w+)$/.exec(origin)?.[1] ?? []),
  );
  return [...new Set(names)]
    .filter(name => !folders.includes(name) && env[name] !== undefined)
    .map(name => `Environment=${unitWord(`${name}=${env[name]}`)}`);
}

function capabilities({ config: { publicListener, privateListener } }: LoadedConfig): string {
  const low = [publicListener, privateListener].some(({ port }) => port > 0 && port < 1_024);
  const needed = low ? 'CAP_NET_BIND_SERVICE' : '';
  return `CapabilityBoundingSet=${needed}\nAmbientCapabilities=${needed}`;
}

function inHome(path: string): boolean {
  return /^\/(?:home|root|run\/user)(?:\/|$)/.test(path);
}

/** A word as systemd reads it: its own `%` doubled, quotes where there are spaces. */
function unitWord(word: string): string {
  const escaped = word.replaceAll('%', '%%');
  return /[\s"'\\;]/.test(escaped) ? JSON.stringify(escaped) : escaped;
}

function notesOf(outside: boolean, { config: { configDir, dataDir } }: LoadedConfig, node: string): string[] {
  const hidden = [programFolder, configDir, dataDir, node].filter(inHome);
  return [
    ...(outside
      ? [`make the data folder first: install -d -m 0700 -o gatehouse -g gatehouse ${dataDir}`]
      : []),
    ...(hidden.length === 0 ? [] : [`the user gatehouse must be able to reach ${hidden.join(', ')}`]),
  ];
}
