/** How the script's results look: one line a customer where there is room, else two. */
import type { Standing } from './cases.js';
import { type Screen, wrap } from './screen.js';
import type { CaseReport } from './script.js';
import { presets } from './settings.js';
import { vendorWords } from './vendors.js';

const legend = [
  'again: what the kiosk gets that asks for the same number once more; for Ory the login that was refused before the check',
  '!: the operator was alerted   –: Ory’s customers are texted nothing',
];

/** Rows as the cases end. */
export interface ScriptTable {
  heading(): void;
  row(report: CaseReport): void;
  summary(reports: readonly CaseReport[], elapsedMs: number): void;
}

const columns = [
  ['#', 2],
  ['asked of the vendor', 30],
  ['result', 30],
  ['status', 9],
  ['identity', 23],
  ['text messages', 20],
  ['again', 7],
  ['ok', 5],
] as const;
const lineWidth = columns.reduce((sum, [, width]) => sum + width + 2, -2);

/** Writes the table on a screen. */
export function createScriptTable(screen: Screen): ScriptTable {
  const wide = screen.fullWidth >= lineWidth;
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, place) => cell.padEnd(columns[place]?.[1] ?? 0))
      .join('  ')
      .trimEnd();
  return {
    heading() {
      if (!wide) return;
      screen.say(
        screen.tint('bold', line(columns.map(([name]) => name))),
        screen.tint('dim', line(columns.map(([, width]) => '─'.repeat(width)))),
      );
    },
    row(report) {
      const cells = cellsOf(report);
      const mark = screen.tint(report.ok ? 'green' : 'red', report.ok ? '✓ yes' : '✗ NO');
      if (wide)
        screen.say(`${line(cells)}${' '.repeat(Math.max(2, lineWidth - 5 - line(cells).length))}${mark}`);
      else screen.say(...narrow(screen, cells, mark));
      screen.say(...differencesOf(report).map(text => screen.tint('red', `     ${text}`)));
    },
    summary(reports, elapsedMs) {
      const good = reports.filter(({ ok }) => ok).length;
      const words = `${good} of ${reports.length} customers ended as the design's table says, in ${(elapsedMs / 1000).toFixed(1)} s.`;
      screen.say(
        '',
        ...legend.flatMap(text => wrap(text, screen.width)).map(text => screen.tint('dim', text)),
      );
      screen.say(screen.tint(good === reports.length ? 'green' : 'red', words));
    },
  };
}

function cellsOf({ number, asked, actual }: CaseReport): string[] {
  const start = [String(number).padStart(2), askedWords(asked)];
  if (!actual) return [...start, 'broke off', '', '', '', ''];
  const { result, status, identity, texts, again, alert } = actual;
  return [
    ...start,
    result,
    status,
    alert ? `${identity} !` : identity,
    texts.length === 0 ? '–' : texts.join(', '),
    again,
  ];
}

function askedWords({ organization, outcome, ory }: CaseReport['asked']): string {
  if (outcome === null) return '(never opens the link)';
  const provider = presets.find(({ id }) => id === organization)?.provider ?? 'onfido';
  const whose = `${vendorWords[provider].title}: ${outcome}`;
  if (ory) return `${whose}, for Ory`;
  if (provider !== 'onfido') return whose;
  return organization === '2' ? `${outcome} (not automatic)` : outcome;
}

function narrow(screen: Screen, cells: readonly string[], mark: string): string[] {
  const [number = '', asked = '', result = '', status = '', identity = '', texts = '', again = ''] = cells;
  const gap = ' '.repeat(Math.max(2, screen.width - 11 - result.length));
  const below = [`asked: ${asked}`, status, identity, `texts: ${texts}`, `again: ${again}`];
  return [`${number}  ${screen.tint('bold', result)}${gap}${mark}`, ...inPieces(screen, below)];
}

/** Pieces joined by dots, as many on a line as fit. */
function inPieces(screen: Screen, pieces: readonly string[]): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + piece.length + 3 <= screen.width - 5)
      lines[lines.length - 1] = `${last} · ${piece}`;
    else lines.push(piece);
  }
  return lines.map(text => screen.tint('dim', `     ${text}`));
}

function differencesOf({ asked, actual, differences, fault }: CaseReport): string[] {
  if (fault !== undefined) return [`it broke off: ${fault}`];
  const said = (standing: Standing | undefined, key: keyof Standing) => String(standing?.[key]);
  return differences.map(key => `${key}: expected ${said(asked.expected, key)}, was ${said(actual, key)}`);
}
