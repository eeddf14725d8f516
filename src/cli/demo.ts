import { createLog, type Log, silentLog } from '../runtime/log.js';
import { type Command, type CommandInput, done, failed, WrongUse } from './command.js';
import { cases } from './demo/cases.js';
import { runLive } from './demo/live.js';
import { openSandbox } from './demo/sandbox.js';
import { createScreen, type Screen } from './demo/screen.js';
import { type CaseReport, runCases } from './demo/script.js';
import { createScriptTable } from './demo/script-table.js';

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
      ? await runScript(input)
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

async function runScript(input: CommandInput): Promise<number> {
  const screen = createScreen(input);
  const table = createScriptTable(screen);
  const begun = Date.now();
  const json = input.values.json === true;
  if (!json) introduce(screen);
  const sandbox = await openSandbox({ port: 0, completeAfterMs: 50, log: logOf(input) });
  let reports: CaseReport[];
  try {
    if (!json) table.heading();
    reports = await runCases(sandbox, cases, report => {
      if (!json) table.row(report);
    });
  } finally {
    await sandbox.close();
  }
  if (json) input.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  else table.summary(reports, Date.now() - begun);
  return reports.every(({ ok }) => ok) ? done : failed;
}

function introduce(screen: Screen): void {
  screen.say(
    screen.tint('bold', 'Gatehouse demo: one customer of each kind, without a browser'),
    'Kiosk API, verification site over TLS, simulated Onfido, Twilio and Kratos; all on this machine.',
    '',
  );
}
