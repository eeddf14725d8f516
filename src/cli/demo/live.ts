/** The demo with a person in front of it: customers are told of as things happen to them. */
import type { Log } from '../../runtime/log.js';
import { type CommandInput, done } from '../command.js';
import { untilSignal } from '../simulate/until-signal.js';
import { type Actions, createActions } from './actions.js';
import { listenToKeys } from './keyboard.js';
import { createNarrator } from './narrator.js';
import { openSandbox, type Sandbox } from './sandbox.js';
import { createScreen, type Screen, wrap } from './screen.js';
import { presets } from './settings.js';

/** How often the store and the simulators' records are looked at. What is told is what stands there. */
const lookMs = 150;
/** A person shall see that Onfido takes its time. */
const completeAfterMs = 1_500;

/** Runs until somebody presses q or Ctrl-C, or the process is told to end. */
export async function runLive(input: CommandInput, port: number, log: Log): Promise<number> {
  const screen = createScreen(input);
  const atTerminal = input.stdin.isTTY === true && input.stdout.isTTY === true;
  const ending = untilSignal();
  // nobody reads any more (a closed window, `| head`): an end like any other, so that nothing is left behind
  input.stdout.on('error', ending.end);
  const sandbox = await openSandbox({ port, completeAfterMs, log });
  const narrator = createNarrator(sandbox, screen, () => {
    if (atTerminal) screen.say('', ...keyLines(screen), '');
  });
  const actions = createActions(sandbox, screen, narrator);
  const keyboard = listenToKeys(atTerminal ? input.stdin : nobody, key => press(key, actions, ending.end));
  const timer = setInterval(narrator.look, lookMs);
  try {
    introduce(screen, sandbox, atTerminal);
    await actions.newCustomer('1');
    await ending.ended;
  } finally {
    clearInterval(timer);
    keyboard.close();
    ending.forget();
    await sandbox.close();
  }
  screen.say('', 'The demo has ended; everything it had written is deleted.');
  return done;
}

const nobody = { isTTY: false } as unknown as CommandInput['stdin'];

function press(key: string, actions: Actions, end: () => void): void {
  if (key === 'q') end();
  else if (key === 'n') void actions.newCustomer();
  else if (presets.some(({ id }) => id === key)) void actions.newCustomer(key);
  else if (key === 'o') void actions.visitOry();
  else if (key === 'p') void actions.playCustomer();
  else if (key === 't') void actions.letTimePass();
  else if (key === 'c') actions.showCommands();
}

function introduce(screen: Screen, sandbox: Sandbox, atTerminal: boolean): void {
  const { tint } = screen;
  screen.say(
    '',
    tint('bold', 'Gatehouse demo'),
    ...wrap(
      'The real gateway; Onfido, Jumio, Persona, Twilio and Ory Kratos are simulated. Nothing leaves this machine.',
      screen.width,
    ),
    '',
    ...presets.map(({ id, name, about }) => `  ${tint('green', id)}  ${name.padEnd(15)}${about}`),
    '',
    'Ask for a customer yourself, as a kiosk of the first one does:',
    '',
    ...curlLines(sandbox),
    '',
    ...(atTerminal ? keyLines(screen) : ['Ctrl-C (or SIGTERM) ends it.']),
    '',
  );
}

/** The kiosk API by hand. */
export function curlLines({ kioskUrl, keys }: Sandbox): string[] {
  return [
    `curl -s ${kioskUrl}/api/v1/registrations \\`,
    `  -H 'Authorization: Bearer ${keys.get('1')}' \\`,
    `  -H 'Content-Type: application/json' -d '{"phone": "+420602000001"}'`,
  ];
}

function keyLines(screen: Screen): string[] {
  const lines: { text: string; length: number }[] = [];
  for (const [key, words] of keys) {
    const text = `${screen.tint('green', key)} ${screen.tint('dim', words)}`;
    const length = key.length + words.length + 1;
    const last = lines.at(-1);
    if (last && last.length + length + 3 <= screen.width)
      lines.splice(-1, 1, { text: `${last.text}   ${text}`, length: last.length + length + 3 });
    else lines.push({ text, length });
  }
  return lines.map(({ text }) => text);
}

const keys = [
  ['n', 'new customer'],
  ['1-6', 'of that organization'],
  ['o', 'Ory sign-up and login'],
  ['p', 'play the customer without a browser'],
  ['t', 'let 90 minutes pass'],
  ['c', 'commands for another terminal'],
  ['q', 'quit'],
] as const;
