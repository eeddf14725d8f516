/**
 * `npm run bench:growth`: whether a box that has served for years is as quick as a new one. Asks boxes of several sizes
 * the same, in turns; then measures how long deliveries wait at fixed rates, and how long a start takes. Prints; asserts
 * nothing.
 */
import { parseArgs } from 'node:util';
import type { Installation } from '../support/installation.js';
import { questions } from './growth-questions.js';
import { createGenerator, type Generator, type Sample } from './measure.js';
import { measurePace } from './pace.js';
import { type Seeded, seed } from './seed/seed.js';
import { makeBox } from './servers/box.js';
import { type Contestant, startContestant } from './servers/contestants.js';
import { untilCalm } from './servers/process.js';
import { measureStarts } from './starts.js';
import { type Expectation, merged, percentile, ratioSpread, spreadOf } from './statistics.js';
import { figure, type Judged, printJudged, printTable, say, spreadText } from './table.js';

const usage = `npm run bench:growth -- [options]
  --million N      checks of the largest box, in millions (default 1; 5 takes about ten minutes and 15 GB to fill)
  --seconds N      measured in each turn (default 4)
  --rounds N       turns of each box (default 5)
  --connections N  at a time (default 64)
TMPDIR names the folder whose disk is measured.`;

const { values } = parseArgs({
  options: {
    million: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    help: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const connections = Number(values.connections);
const million = Number(values.million);
const sizes = [10_000, ...(million > 1 ? [1_000_000] : []), million * 1_000_000];

/** A gateway on a box of a size. */
interface Grown {
  readonly size: number;
  readonly box: Installation;
  readonly seeded: Seeded;
  readonly gateway: Contestant;
}

async function grow(size: number): Promise<Grown> {
  const box = await makeBox();
  const seeded = seed(box, size, done => process.stderr.write(`  filling: ${figure(done)} checks \r`));
  const gateway = await startContestant('a', box);
  // after its start it looks through both files once, which takes the longer the larger they are
  await untilCalm(gateway.server);
  gateway.server.halt();
  return { size, box, seeded, gateway };
}

async function measureQuestions(grown: readonly Grown[], generator: Generator): Promise<void> {
  for (const question of questions) {
    const samples = new Map<Grown, Sample[]>(grown.map(each => [each, []]));
    for (let round = 0; round < rounds; round++)
      for (const each of round % 2 === 0 ? grown : [...grown].reverse()) {
        const { server } = each.gateway;
        const { privately } = question;
        server.goOn();
        const target = { port: privately ? server.privatePort : server.port, tls: !privately };
        const pace = { kind: 'closed', connections } as const;
        const turn = { target, asked: question.ask(each.seeded), pace };
        samples
          .get(each)
          ?.push(await generator.turn(server, { ...turn, warmUpMs: 1_000, measuredMs: seconds * 1_000 }));
        server.halt();
      }
    report(question.name, samples);
  }
}

const flat: Expectation = { atMost: 1.2 };

/** Time for each request of the larger boxes against the smallest one's. */
function report(name: string, samples: ReadonlyMap<Grown, readonly Sample[]>): void {
  say(`\n${name}, ${connections} connections; ${rounds} rounds of ${seconds} s: median (least..most)`);
  const rows = [...samples].map(([{ size }, all]) => {
    const latencies = merged(all.map(({ report: { latencies: each } }) => each));
    return [
      `${figure(size)} checks`,
      spreadText(spreadOf(all.map(({ perSecond }) => perSecond))),
      ...[0.5, 0.99, 0.999].map(share => figure(percentile(latencies, share))),
      figure(spreadOf(all.map(({ cpuUs }) => cpuUs)).median),
      figure(spreadOf(all.map(({ residentMb }) => residentMb)).median),
    ];
  });
  printTable(['', 'requests/s', 'p50 ms', 'p99', 'p99.9', 'CPU µs each', 'MB'], rows);
  const [[, smallest = []] = [], ...larger] = [...samples];
  const judged = larger.flatMap(([{ size }, all]): Judged[] => [
    {
      what: `${figure(size)} / ${figure(sizes[0] ?? 0)}: time for each`,
      spread: ratioSpread(
        smallest.map(({ perSecond }) => perSecond),
        all.map(({ perSecond }) => perSecond),
      ),
      expected: flat,
    },
    {
      what: `${figure(size)} / ${figure(sizes[0] ?? 0)}: CPU for each`,
      spread: ratioSpread(
        all.map(({ cpuUs }) => cpuUs),
        smallest.map(({ cpuUs }) => cpuUs),
      ),
      expected: flat,
    },
  ]);
  printJudged(judged);
}

if (values.help) {
  say(usage);
  process.exit(0);
}
const grown: Grown[] = [];
for (const size of sizes) grown.push(await grow(size));
const generator = createGenerator();
await measureQuestions(grown, generator);
const [, second] = grown;
if (second) await measurePace({ gateway: second.gateway, rounds, seconds }, generator);
for (const { gateway } of grown) await gateway.server.stop();
if (second) await measureStarts({ box: second.box, checks: second.size }, rounds, generator);
generator.end();
for (const { box } of grown) box.remove();
process.exit(0);
