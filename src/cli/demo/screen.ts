/** What the demo writes on: knows how wide it is and whether colours are welcome. */
import type { CommandIo } from '../command.js';

export type Tint = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

export interface Screen {
  /** columns to write in; never more than is comfortable to read */
  readonly width: number;
  /** columns there are; without a terminal nothing limits a line */
  readonly fullWidth: number;
  tint(tint: Tint, text: string): string;
  /** writes lines; an empty text is an empty line */
  say(...lines: readonly string[]): void;
}

const codes: Readonly<Record<Tint, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};
const comfortable = 100;

/** Colours only for a terminal that has them and unless `NO_COLOR` is set; width from the terminal, then `COLUMNS`. */
export function createScreen({ stdout, env }: Pick<CommandIo, 'stdout' | 'env'>): Screen {
  const isTerminal = stdout.isTTY === true;
  const coloured = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
  const columns = columnsOf(stdout, env);
  return {
    width: Math.max(40, Math.min(comfortable, columns ?? 80)),
    fullWidth: columns ?? Number.POSITIVE_INFINITY,
    tint(tint, text) {
      const [on, off] = codes[tint];
      return coloured && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
    },
    say: (...lines) => void stdout.write(lines.map(line => `${line}\n`).join('')),
  };
}

function columnsOf(stdout: CommandIo['stdout'], env: CommandIo['env']): number | undefined {
  const told = (stdout as { columns?: unknown }).columns;
  if (typeof told === 'number' && told > 0) return told;
  const asked = Number(env.COLUMNS);
  return Number.isInteger(asked) && asked > 0 ? asked : undefined;
}

/** Breaks a text into lines at spaces; a word longer than a line is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (joined.length <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width));
  }
  return line === '' ? lines : [...lines, line];
}
