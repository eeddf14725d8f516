import { createLog, type Log, silentLog } from '../runtime/log.js';
import { type Command, type CommandInput, WrongUse } from './command.js';
import { cases } from './demo/cases.js';
import { runLive } from './demo/live.js';
import { runScript } from './demo/run-script.js';

/** Where the front listens when nobody says otherwise: the gateway's own public port, so that links look familiar. */
const usualPort = 7743;

/** `gatehouse demo`: the whole main job on this machine, with nothing configured and nothing left behind. */
export const command: Command = {
  name: 'demo',
  summary: 'Watch customers get verified: gateway and simulated vendors on this machine, nothing configured',
  usage: 'demo [--port NUMBER] [--log]\ndemo --script [--json] [--log]',
  options: {
    script: {
      type: 'boolean',
      description: 'without a browser: one customer of each kind; exits 0 only if each ends as it should',
    },
    json: { type: 'boolean', description: 'with --script: print JSON' },
    port: {
      type: 'string',
      value: 'NUMBER',
      description: `port of the page for customers (default ${usualPort}, or any if it is taken)`,
    },
    log: { type: 'boolean', description: 'show the gateway’s own log too, on standard error' },
  },
  maxPositionals: 0,
  async run(input) {
    if (input.values.script !== true && input.values.json === true)
      throw new WrongUse('--json goes with --script');
    return input.values.script === true
      ? await runScript(input, cases, logOf(input))
      : await runLive(input, portOf(input), logOf(input));
  },
};

function portOf({ values }: CommandInput): number {
  if (values.port === undefined) return usualPort;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new WrongUse('--port is a number up to 65535');
  return port;
}

function logOf({ values, stderr }: CommandInput): Log {
  return values.log === true
    ? createLog({ level: 'info', format: 'pretty', destination: stderr })
    : silentLog;
}
