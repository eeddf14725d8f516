import type { Command } from '../../src/cli/command.js';
import { runInTerminal, type Seen } from '../cli/terminal.js';
import type { Installation } from './installation.js';

/** Runs a command beside the gateway of an installation, as an operator would. */
export function operate(
  { dir, env }: Installation,
  command: Command,
  ...argv: readonly string[]
): Promise<Seen> {
  return runInTerminal(command, argv, { cwd: dir, env });
}
