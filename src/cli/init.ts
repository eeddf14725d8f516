import { join, relative, resolve } from 'node:path';
import { type Command, type CommandInput, done, failed, WrongUse } from './command.js';
import { answersOf, initOptions } from './init-answers.js';
import {
  type Answers,
  dotenvText,
  filesInTheWay,
  type NewFile,
  neededNames,
  newMasterKey,
  settingsText,
  writeNewFiles,
} from './init-files.js';

/** `gatehouse init`: a configuration folder and a master key. Never overwrites anything. */
export const command: Command = {
  name: 'init',
  summary: 'Write a first configuration and a master key; asks at a terminal, never overwrites',
  usage: 'init [--hostname NAME --name TEXT --country CZ,SK …] [--yes]',
  options: {
    ...initOptions,
    dir: { type: 'string', value: 'FOLDER', description: 'project folder to write into (default: this one)' },
    credentials: {
      type: 'string',
      value: 'FOLDER',
      description: 'put the master key into this folder of credential files instead of .env',
    },
    yes: { type: 'boolean', short: 'y', description: 'ask nothing: flags and defaults only' },
  },
  maxPositionals: 0,
  async run(input) {
    const places = placesOf(input);
    // looked at before the questions too, so that nobody answers nine of them for nothing
    const early = filesInTheWay(Object.values(pathsOf(places)));
    if (early.length > 0) return refuse(input, early);
    const answers = await answersOf(input);
    const late = writeNewFiles(filesFor(answers, places));
    if (late.length > 0) return refuse(input, late);
    input.stdout.write(report(input, answers, places));
    return done;
  },
};

interface Places {
  readonly base: string;
  readonly configDir: string;
  readonly credentials: string | undefined;
}

function placesOf({ values, env, cwd }: CommandInput): Places {
  const folder = (flag: 'dir' | 'credentials') => {
    if (values[flag] === '') throw new WrongUse(`--${flag} needs the name of a folder`);
    return typeof values[flag] === 'string' ? values[flag] : undefined;
  };
  const base = resolve(cwd, folder('dir') ?? '.');
  // with --dir the folder the environment names belongs to another installation
  const named = values.dir === undefined ? env.GATEHOUSE_CONFIG_DIR : undefined;
  const credentials = folder('credentials');
  return {
    base,
    configDir: resolve(base, named || 'config'),
    credentials: credentials === undefined ? undefined : resolve(cwd, credentials),
  };
}

function pathsOf({ base, configDir, credentials }: Places) {
  return {
    settings: join(configDir, 'gatehouse.yaml'),
    hostname: join(configDir, 'hostname'),
    secret: credentials === undefined ? join(base, '.env') : join(credentials, 'GATEHOUSE_MASTER_KEY'),
  };
}

function filesFor(answers: Answers, places: Places): NewFile[] {
  const paths = pathsOf(places);
  const key = newMasterKey();
  const secret = places.credentials === undefined ? dotenvText(key, neededNames(answers)) : `${key}\n`;
  return [
    { path: paths.settings, content: settingsText(answers), mode: 0o644 },
    { path: paths.hostname, content: `${answers.hostname}\n`, mode: 0o644 },
    { path: paths.secret, content: secret, mode: 0o600 },
  ];
}

function refuse(input: CommandInput, inTheWay: readonly string[]): number {
  const shown = inTheWay.map(path => `  ${show(input, path)}\n`).join('');
  input.stderr.write(`gatehouse init: nothing was written, because this exists already:\n${shown}`);
  input.stderr.write('Move it away, or choose another folder with --dir or --credentials.\n');
  return failed;
}

function show({ cwd }: CommandInput, path: string): string {
  const inner = relative(cwd, path);
  return inner.startsWith('..') ? path : inner;
}

function report(input: CommandInput, answers: Answers, places: Places): string {
  const paths = pathsOf(places);
  const { credentials } = places;
  const where =
    credentials === undefined ? show(input, paths.secret) : `the environment or ${show(input, credentials)}`;
  const steps = [
    `Put ${neededNames(answers).join(', ')} into ${where}.`,
    'Keep a copy of the master key somewhere else: what is stored cannot be read without it.',
    `Look through ${show(input, paths.settings)}; it explains every setting. Customers are registered without a person only with autoRegistration: true.`,
    ...(answers.front === 'nginx' ? ['Install deploy/nginx in front.'] : []),
    ...(answers.front === 'cloudflared'
      ? ['Point the tunnel at the public listener, https://localhost:7743.']
      : []),
    ...(answers.front === 'direct'
      ? ['Set listeners.public.tls to the files of a certificate that phones accept.']
      : []),
    'See what is in force: npx gatehouse config',
    'Start: npm start',
    `Give a kiosk its key: npx gatehouse kiosk add NAME --organization ${answers.organization}`,
  ];
  return [
    'Written:',
    ...Object.values(paths).map(path => `  ${show(input, path)}`),
    '',
    'Next:',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    '',
  ].join('\n');
}
