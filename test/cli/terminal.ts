import { PassThrough } from 'node:stream';
import { type Command, runCommand } from '../../src/cli/command.js';

/** What a person would have seen. */
export interface Seen {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The process around one command: given lines are typed by somebody at a terminal, absent ones mean there is nobody. */
export interface Situation {
  readonly cwd: string;
  readonly env?: Record<string, string | undefined>;
  readonly typed?: readonly string[];
  readonly colours?: boolean;
}

/** Runs a command as `main` would, with streams of its own. */
export async function runInTerminal(
  command: Command,
  argv: readonly string[],
  situation: Situation,
): Promise<Seen> {
  const stdin = Object.assign(new PassThrough(), { isTTY: situation.typed !== undefined });
  const stdout = Object.assign(new PassThrough(), { isTTY: situation.colours === true });
  const stderr = new PassThrough();
  stdin.end((situation.typed ?? []).map(line => `${line}\n`).join(''));
  const { cwd, env = {} } = situation;
  const code = await runCommand(command, argv, { env, cwd, stdin, stdout, stderr });
  const text = (stream: PassThrough) => String(stream.read() ?? '');
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
