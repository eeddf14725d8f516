import { environmentWithDotenv } from '../config/dotenv.js';
import { nearest } from '../config/nearest.js';
import { ConfigError } from '../config/problems.js';
import { type Command, type CommandIo, done, failed, runCommand, wrongUse } from './command.js';

/** Every command, in the order of the list. Loaded when called, so that none pays for another's libraries. */
const commands: readonly { name: string; summary: string; load: () => Promise<{ command: Command }> }[] = [
  {
    name: 'demo',
    summary: 'Watch customers get verified, with nothing configured',
    load: () => import('./demo.js'),
  },
  { name: 'init', summary: 'Write a first configuration', load: () => import('./init.js') },
  { name: 'config', summary: 'Show the configuration in force', load: () => import('./config.js') },
  { name: 'start', summary: 'Run the gateway', load: () => import('./start.js') },
  { name: 'kiosk', summary: 'Add, list and revoke kiosks', load: () => import('./kiosk.js') },
  { name: 'review', summary: 'Decide waiting cases', load: () => import('./review.js') },
  { name: 'jobs', summary: 'Look at jobs and retry those given up', load: () => import('./jobs.js') },
  {
    name: 'deliveries',
    summary: 'Look at provider deliveries and replay them',
    load: () => import('./deliveries.js'),
  },
  { name: 'import', summary: 'Take over an older Ory setup’s decisions', load: () => import('./import.js') },
  { name: 'erase', summary: 'Erase a person for good', load: () => import('./erase.js') },
  {
    name: 'print',
    summary: 'Print configuration for NGINX, cloudflared, systemd or Ory Kratos',
    load: () => import('./print.js'),
  },
  {
    name: 'simulate',
    summary: 'Drive one case against a sandbox of simulators',
    load: () => import('./simulate.js'),
  },
  { name: 'version', summary: 'Show the version', load: () => import('./version.js') },
];

function list(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Gatehouse, a self-hosted identity-verification gateway\n\nUsage:\n  gatehouse COMMAND [options]\n\nCommands:\n${rows.join('\n')}\n\n\`gatehouse COMMAND --help\` tells more.\n`;
}

/** Runs the command that the first word names. Never throws. */
export async function runMain(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.stdout.write(list());
    return name === undefined ? wrongUse : done;
  }
  const known = commands.find(command => command.name === (name === '--version' ? 'version' : name));
  if (!known) {
    const meant = nearest(
      name,
      commands.map(command => command.name),
    );
    io.stderr.write(`gatehouse: there is no command "${name}"${meant ? `; did you mean "${meant}"?` : ''}\n`);
    return wrongUse;
  }
  const { command } = await known.load();
  // the demo makes its own surroundings and must not see an installation's
  if (name === 'demo') return await runCommand(command, rest, io);
  try {
    return await runCommand(command, rest, { ...io, env: environmentWithDotenv(io) });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    io.stderr.write(`${error}\n`);
    return failed;
  }
}
