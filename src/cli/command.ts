/** What every command of `gatehouse` is, and how one is run: options, help, mistakes and exit codes alike for all. */
import { parseArgs } from 'node:util';
import { listed, nearest } from '../config/nearest.js';
import { ConfigError } from '../config/problems.js';

/** Exit codes. */
export const done = 0;
export const failed = 1;
export const wrongUse = 2;

/** An option as `util.parseArgs` takes it, and what `--help` says about it. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  readonly description?: string;
  /** what stands for the value in the help, e.g. `ID` */
  readonly value?: string;
}

/** A stream for output; `isTTY` where a person may be reading. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };
/** A stream for answers; `isTTY` where a person may be typing. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** The process as a command sees it; tests give their own. */
export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
}

/** Options by name, as given; absent ones are `undefined`. */
export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** What `run` is called with. */
export interface CommandInput extends CommandIo {
  readonly values: OptionValues;
  readonly positionals: readonly string[];
}

/** One command. */
export interface Command {
  readonly name: string;
  /** one line for the list of commands */
  readonly summary: string;
  /** how it is called, without `gatehouse`; several lines where there are several ways */
  readonly usage: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** how many words beside options it takes (default: any number) */
  readonly maxPositionals?: number;
  /** gives the exit code; may throw {@link WrongUse}, ConfigError, or an Error whose message is fit for the operator */
  run(input: CommandInput): Promise<number>;
}

/** The command was called in a way it cannot be. The message says how to call it. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** Runs a command with the arguments after its name. Never throws; whatever goes wrong is said on stderr. */
export async function runCommand(command: Command, argv: readonly string[], io: CommandIo): Promise<number> {
  try {
    if (asksForHelp(argv)) {
      io.stdout.write(helpOf(command));
      return done;
    }
    const { values, positionals } = parsed(command, argv);
    return await command.run({ ...io, values, positionals });
  } catch (error) {
    return complain(command, error, io);
  }
}

/** The text behind `--help`. */
export function helpOf(command: Command): string {
  const rows = Object.entries({
    ...command.options,
    help: { type: 'boolean', description: 'show this' } as CommandOption,
  }).map(([name, option]): [string, string] => [
    `${option.short ? `-${option.short}, ` : ''}--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`,
    option.description ?? '',
  ]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const usage = command.usage.split('\n').map(line => `  gatehouse ${line.trim()}`);
  const options = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
  return `${command.summary}\n\nUsage:\n${usage.join('\n')}\n\nOptions:\n${options.join('\n')}\n`;
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).some(word => word === '--help' || word === '-h');
}

function parsed(command: Command, argv: readonly string[]): { values: OptionValues; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const shorts = new Set(Object.values(command.options).map(({ short }) => short));
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = command.options[token.name];
    if (option === undefined) throw unknownOption(command, token.rawName, shorts);
    if (
      option.type === 'string' &&
      (token.value === undefined ||
        (!token.inlineValue && token.value.startsWith('-') && token.value.length > 1))
    )
      throw new WrongUse(`--${token.name} needs a value: --${token.name}=${option.value ?? 'VALUE'}`);
    if (option.type === 'boolean' && token.value !== undefined)
      throw new WrongUse(`--${token.name} takes no value`);
  }
  const most = command.maxPositionals ?? Number.POSITIVE_INFINITY;
  if (positionals.length > most)
    throw new WrongUse(
      most === 0 ? 'takes options only' : `takes at most ${most} word${most === 1 ? '' : 's'} beside options`,
    );
  return { values, positionals };
}

function unknownOption(command: Command, rawName: string, shorts: ReadonlySet<string | undefined>): WrongUse {
  const names = Object.keys(command.options);
  const near = nearest(rawName.replace(/^-+/, ''), [...names, 'help']);
  const known = listed([
    ...names.map(name => `--${name}`),
    ...[...shorts].flatMap(short => (short ? [`-${short}`] : [])),
  ]);
  const hint =
    near === undefined
      ? known === ''
        ? 'it has no options'
        : `known are ${known}`
      : `did you mean --${near}?`;
  return new WrongUse(`${rawName} is not an option; ${hint}`);
}

function complain(command: Command, error: unknown, { stderr }: CommandIo): number {
  if (error instanceof WrongUse) {
    stderr.write(`gatehouse ${command.name}: ${error.message}\nSee: gatehouse ${command.name} --help\n`);
    return wrongUse;
  }
  if (error instanceof ConfigError) {
    const count = error.problems.length;
    stderr.write(`The configuration has ${count === 1 ? 'a problem' : `${count} problems`}:\n${error}\n`);
    return failed;
  }
  stderr.write(
    `gatehouse ${command.name} failed: ${error instanceof Error ? error.message : 'for an unknown reason'}\n`,
  );
  return failed;
}
