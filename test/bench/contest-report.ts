import type { Entrant } from './contest.js';
import type { Sample } from './measure.js';
import { type Name, names, titles } from './servers/contestants.js';
import { type Expectation, merged, percentile, ratioSpread, spreadOf } from './statistics.js';
import { figure, type Judged, printJudged, printTable, say, spreadText } from './table.js';

/** Prints what was measured of each. */
export function printEntrants(entrants: readonly Entrant[]): void {
  const heads = ['', 'requests/s', 'p50 ms', 'p99', 'p99.9', 'CPU µs each', 'MB', 'syncs/2xx', 'rows = 2xx'];
  printTable([...heads, 'not 2xx', 'generator'], entrants.map(rowOf));
}

function rowOf({ name, delayMs, samples, complete }: Entrant): string[] {
  const latencies = merged(samples.map(({ report }) => report.latencies));
  const median = (pick: (sample: Sample) => number) => spreadOf(samples.map(pick)).median;
  const syncs = samples.some(sample => sample.syncs === undefined) ? '' : figure(median(s => s.syncs ?? 0));
  const others = samples.reduce((sum, { report }) => sum + report.failures + refusals(report.statuses), 0);
  return [
    `${labelOf(name, delayMs)} ${titles[name]}${delayMs > 0 ? `, +${delayMs} ms a sync` : ''}`,
    spreadText(spreadOf(samples.map(sample => sample.perSecond))),
    ...[0.5, 0.99, 0.999].map(share => figure(percentile(latencies, share))),
    figure(median(sample => sample.cpuUs)),
    figure(median(sample => sample.residentMb)),
    syncs,
    complete === undefined ? '' : complete ? 'yes' : 'NO',
    String(others),
    `${Math.round(median(sample => sample.report.busy) * 100)} %`,
  ];
}

function refusals(statuses: Readonly<Record<number, number>>): number {
  return Object.entries(statuses)
    .filter(([status]) => !status.startsWith('2'))
    .reduce((sum, [, count]) => sum + count, 0);
}

function labelOf(name: Name, delayMs: number): string {
  return `(${name}${delayMs > 0 ? '+' : ''})`;
}

/** One figure of two entrants, compared. */
export interface Comparison {
  readonly what: string;
  readonly of: Name;
  readonly to: Name;
  /** milliseconds added to the syncs of both */
  readonly delayMs: number;
  readonly figure: (sample: Sample) => number;
  /** null: it is only told */
  readonly expected: Expectation | null;
}

/** Prints each ratio with what was hoped for. What was not measured is left out. */
export function printComparisons(entrants: readonly Entrant[], comparisons: readonly Comparison[]): void {
  const judged = comparisons.map(({ what, of, to, delayMs, figure: pick, expected }): Judged => {
    const samplesOf = (name: Name) =>
      entrants.find(each => each.name === name && each.delayMs === delayMs)?.samples.map(pick) ?? [];
    return { what, spread: ratioSpread(samplesOf(of), samplesOf(to)), expected };
  });
  printJudged(judged);
}

/** How many syncs there were for each answer, where they were counted. */
export function printSyncs(entrants: readonly Entrant[], expected: Expectation): void {
  const counted = entrants
    .filter(({ name }) => name === 'a')
    .map(({ name, delayMs, samples }): Judged => {
      const syncs = samples.flatMap(sample => (sample.syncs === undefined ? [] : [sample.syncs]));
      const spread = syncs.length === 0 ? undefined : spreadOf(syncs);
      return { what: `${labelOf(name, delayMs)} syncs for each 2xx`, spread, expected };
    });
  printJudged(counted);
}

export function isName(text: string): text is Name {
  return names.some(name => name === text);
}

export { say };
