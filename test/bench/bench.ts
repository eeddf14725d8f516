/**
 * `npm run bench`: how fast deliveries are taken, how long they wait at fixed rates, and how long a login waits for the
 * gate. Whole servers over TLS 1.3, each a process of its own, the load from another. Compares and prints; asserts
 * nothing.
 */
import { arch, cpus, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { type Entrant, runContest } from './contest.js';
import { type Comparison, isName, printComparisons, printEntrants, printSyncs } from './contest-report.js';
import { measureHostile } from './hostile.js';
import type { Pace } from './load/orders.js';
import { createGenerator, type Sample } from './measure.js';
import { measurePace } from './pace.js';
import { makeBox } from './servers/box.js';
import { type Name, startContestant } from './servers/contestants.js';
import { countsSyncs } from './sync-counter.js';
import { medianSyncMs } from './sync-time.js';
import { figure, say } from './table.js';
import { measureValidate } from './validate.js';

const usage = `npm run bench -- [options]
  --seconds N      measured in each turn (default 4)
  --rounds N       turns of each server (default 5)
  --connections N  at a time (default 64)
  --only NAMES     of a, b, c, d, e (default: all but e); pace always asks a, c, d and e
  --part NAME      kept (connections stay open), fresh (a new one each), pace (fixed rates), validate (Ory's hook at a
                   million people), hostile (good deliveries while others make trouble) (default: all five)
  --people N       for validate (default 1000000)
TMPDIR names the folder whose disk is measured; what a sync takes there is printed first.`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    only: { type: 'string', default: 'a,b,c,d' },
    part: { type: 'string' },
    people: { type: 'string', default: '1000000' },
    help: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const connections = Number(values.connections);
const only = values.only.split(/[, ]*/).filter(isName);
const parts = values.part ? [values.part] : ['kept', 'fresh', 'pace', 'validate', 'hostile'];

const perSecond = (sample: Sample) => sample.perSecond;
const cpuUs = (sample: Sample) => sample.cpuUs;
const slowMs = 2;

const keptComparisons: readonly Comparison[] = [
  { what: 'a/b requests/s', of: 'a', to: 'b', delayMs: 0, figure: perSecond, expected: { atLeast: 0.9 } },
  { what: 'a/d requests/s', of: 'a', to: 'd', delayMs: 0, figure: perSecond, expected: { atLeast: 0.6 } },
  { what: 'a/c requests/s', of: 'a', to: 'c', delayMs: 0, figure: perSecond, expected: { atLeast: 5 } },
  {
    what: 'a/c requests/s, +2 ms a sync',
    of: 'a',
    to: 'c',
    delayMs: slowMs,
    figure: perSecond,
    expected: { atLeast: 15 },
  },
  { what: 'a/d CPU each', of: 'a', to: 'd', delayMs: 0, figure: cpuUs, expected: { atMost: 2 } },
];

const freshComparisons: readonly Comparison[] = [
  { what: 'a/d requests/s', of: 'a', to: 'd', delayMs: 0, figure: perSecond, expected: { atLeast: 0.7 } },
  { what: 'a/b requests/s', of: 'a', to: 'b', delayMs: 0, figure: perSecond, expected: null },
  { what: 'a/c requests/s', of: 'a', to: 'c', delayMs: 0, figure: perSecond, expected: null },
  { what: 'a/d CPU each', of: 'a', to: 'd', delayMs: 0, figure: cpuUs, expected: { atMost: 2 } },
];

/** Whoever syncs is measured once more with slower syncs. */
function entrantsOf(wanted: readonly Name[]): Pick<Entrant, 'name' | 'delayMs'>[] {
  const slowed = countsSyncs ? wanted.filter(name => name === 'a' || name === 'c') : [];
  return [...wanted.map(name => ({ name, delayMs: 0 })), ...slowed.map(name => ({ name, delayMs: slowMs }))];
}

async function contest(title: string, pace: Pace, comparisons: readonly Comparison[]): Promise<void> {
  say(`\n${title}; ${rounds} rounds of ${seconds} s each, in turns: median (least..most)`);
  const generator = createGenerator();
  const onRound = (round: number) => process.stderr.write(`  round ${round + 1} of ${rounds}\r`);
  const entrants = await runContest(
    { entrants: entrantsOf(only), pace, rounds, seconds, onRound },
    generator,
  );
  generator.end();
  say();
  printEntrants(entrants);
  say();
  printComparisons(entrants, comparisons);
  if (pace.kind === 'closed') printSyncs(entrants, { atMost: 0.1 });
}

/** How long deliveries wait at fixed rates; `bench:growth` asks the same of a box that has a million checks. */
async function pace(): Promise<void> {
  const box = await makeBox();
  const gateway = await startContestant('a', box);
  gateway.server.halt();
  const generator = createGenerator();
  await measurePace({ gateway, rounds, seconds }, generator);
  generator.end();
  await gateway.server.stop();
  box.remove();
}

if (values.help) {
  say(usage);
  process.exit(0);
}
say(
  `Node ${process.version}, ${arch()}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
);
say(`a sync takes ${figure(medianSyncMs())} ms (${tmpdir()})`);
if (!countsSyncs) say('cc is not installed: syncs are neither counted nor slowed down');
if (parts.includes('kept'))
  await contest(`${connections} connections kept open`, { kind: 'closed', connections }, keptComparisons);
if (parts.includes('fresh'))
  await contest(
    `a new connection for each delivery, ${connections} at a time`,
    { kind: 'fresh', connections },
    freshComparisons,
  );
if (parts.includes('pace')) await pace();
if (parts.includes('validate')) await measureValidate({ people: Number(values.people), rounds, seconds });
if (parts.includes('hostile')) await measureHostile({ seconds, rounds });
process.exit(0);
