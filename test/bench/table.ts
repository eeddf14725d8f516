import { type Expectation, meets, type Spread } from './statistics.js';

/** Columns under their headings; the first is set left, the others right. */
export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map(row => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  for (const row of [heads, ...rows]) say(`  ${line(row)}`);
}

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** A number with as many digits as are worth reading. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  if (value === 0) return '0';
  return value.toFixed(value >= 10 ? 1 : value >= 0.1 ? 2 : 4);
}

export function spreadText({ min, median, max }: Spread): string {
  return `${figure(median)} (${figure(min)}..${figure(max)})`;
}

/** A figure, and what was expected of it where anything was. */
export interface Judged {
  readonly what: string;
  readonly spread: Spread | undefined;
  readonly expected: Expectation | null;
}

/** Prints each with what was expected; nothing follows from it, the reader judges. */
export function printJudged(judged: readonly Judged[]): void {
  const rows = judged
    .filter(({ spread }) => spread !== undefined)
    .map(({ what, spread, expected }) => {
      const { min, median, max } = spread ?? { min: 0, median: 0, max: 0 };
      const figures = [what, figure(median), `${figure(min)}..${figure(max)}`];
      if (!expected) return figures;
      const side = 'atLeast' in expected ? `>= ${expected.atLeast}` : `<= ${expected.atMost}`;
      const miss = 'atLeast' in expected ? 'below' : 'above';
      return [...figures, side, meets(median, expected) ? 'ok' : miss];
    });
  if (rows.length > 0) printTable(['', 'median', 'spread', 'expected', ''], rows);
}
