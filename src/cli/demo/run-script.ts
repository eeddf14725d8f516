import type { Log } from '../../runtime/log.js';
import { type CommandInput, done, failed } from '../command.js';
import { untilSignal } from '../simulate/until-signal.js';
import type { Case } from './cases.js';
import { openSandbox } from './sandbox.js';
import { createScreen, type Screen, wrap } from './screen.js';
import { type CaseReport, runCases } from './script.js';
import { createScriptTable } from './script-table.js';

/** Runs the cases in a sandbox of their own and prints what became of them. The exit code says whether all is as expected. */
export async function runScript(input: CommandInput, cases: readonly Case[], log: Log): Promise<number> {
  const screen = createScreen(input);
  const table = createScriptTable(screen);
  const begun = Date.now();
  const json = input.values.json === true;
  if (!json) introduce(screen);
  const ending = untilSignal();
  // nobody reads any more (a closed window, `| head`): an end like any other, so that nothing is left behind
  input.stdout.on('error', ending.end);
  const interrupted = new AbortController();
  void ending.ended.then(() => interrupted.abort());
  const sandbox = await openSandbox({ port: 0, completeAfterMs: 50, log });
  let reports: CaseReport[];
  try {
    if (!json) table.heading();
    const tell = (report: CaseReport) => (json ? undefined : table.row(report));
    reports = await runCases(sandbox, cases, tell, interrupted.signal);
  } finally {
    await sandbox.close();
    ending.forget();
  }
  if (json) input.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  else table.summary(reports, Date.now() - begun);
  if (reports.length < cases.length) input.stderr.write('Interrupted: the other customers never came.\n');
  return reports.length === cases.length && reports.every(({ ok }) => ok) ? done : failed;
}

function introduce(screen: Screen): void {
  screen.say(
    screen.tint('bold', 'Gatehouse demo: one customer of each kind, without a browser'),
    ...wrap(
      'Kiosk API, verification site over TLS; Onfido, Jumio, Persona, Twilio and Kratos are simulated; all on this machine.',
      screen.width,
    ),
    '',
  );
}
