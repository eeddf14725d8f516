import { createInterface } from 'node:readline/promises';
import { type CommandInput, WrongUse } from './command.js';

/**
 * Asks a person whether to go on; `--yes` answers for them.
 *
 * @throws {WrongUse} where nobody sits at a terminal and `--yes` was not given
 */
export async function confirm({ values, stdin, stdout }: CommandInput, question: string): Promise<boolean> {
  if (values.yes === true) return true;
  if (stdin.isTTY !== true) throw new WrongUse('nobody can be asked here: confirm with --yes');
  const lines = createInterface({ input: stdin, output: stdout, terminal: false });
  try {
    stdout.write(`${question} [y/N] `);
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    return false;
  } finally {
    lines.close();
  }
}
