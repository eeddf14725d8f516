import type { ValueInForce } from '../config/explain.js';
import { loadConfig } from '../config/load.js';
import { ConfigError } from '../config/problems.js';
import { type Command, done, failed, type Output } from './command.js';

/** `gatehouse config`: what is in force, and where each value came from. */
export const command: Command = {
  name: 'config',
  summary: 'Show the configuration in force, secrets masked, and where each value came from',
  usage: 'config [--json]',
  options: { json: { type: 'boolean', description: 'print it as JSON' } },
  maxPositionals: 0,
  async run({ values, env, cwd, stdout, stderr }) {
    if (values.json === true) return printJson(env, cwd, stdout);
    const { config, origins } = loadConfig({ env, cwd });
    stdout.write(table(origins, stdout.isTTY === true && !env.NO_COLOR));
    for (const warning of config.warnings) stderr.write(`warning: ${warning}\n`);
    return done;
  },
};

function printJson(env: Readonly<Record<string, string | undefined>>, cwd: string, stdout: Output): number {
  try {
    const { config, origins } = loadConfig({ env, cwd });
    stdout.write(`${JSON.stringify({ values: origins, warnings: config.warnings }, null, 2)}\n`);
    return done;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    stdout.write(`${JSON.stringify({ problems: error.problems }, null, 2)}\n`);
    return failed;
  }
}

const bold = '\u001b[1m';
const dim = '\u001b[2m';
const plain = '\u001b[0m';

/** Long values (texts, paths) would push the last column out of every terminal. */
const widestValue = 48;

function table(rows: readonly ValueInForce[], colour: boolean): string {
  const paint = (style: string, text: string) => (colour ? `${style}${text}${plain}` : text);
  const keyWidth = Math.max(...rows.map(row => row.key.length));
  const valueWidth = Math.min(widestValue, Math.max(...rows.map(row => row.value.length)));
  return rows
    .map(({ key, value, origin }) => {
      const cells = [paint(bold, key.padEnd(keyWidth)), value.padEnd(valueWidth)];
      return `${cells.join('  ')}  ${paint(origin === 'default' ? dim : '', origin)}\n`;
    })
    .join('');
}
