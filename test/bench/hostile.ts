/** How long good deliveries wait while somebody makes trouble. */
import type { Pace, Siege } from './load/orders.js';
import { createGenerator, type Generator, type Sample } from './measure.js';
import { deliveryPath, makeBox, webhookToken } from './servers/box.js';
import { startContestant } from './servers/contestants.js';
import type { RunningServer } from './servers/process.js';
import { merged, percentile, ratioSpread, spreadOf } from './statistics.js';
import { figure, printTable, say, spreadText } from './table.js';

export interface HostileOptions {
  readonly seconds: number;
  readonly rounds: number;
}

/** Trouble of one kind. Starts it; the returned function ends it. */
interface Trouble {
  readonly name: string;
  start(server: RunningServer, forMs: number): Promise<() => void>;
}

/**
 * More connections than the gateway takes unless it is told otherwise (`limits.connections`, 2,000), so that it has to
 * choose all the time who leaves: whoever does comes again, and those of the good come on top. Fewer than a hundred more,
 * beyond which newcomers are refused unseen (`http/raw-server.ts`).
 */
const many = 2_080;

const troubles: readonly Trouble[] = [
  { name: 'nobody', start: async () => () => {} },
  { name: 'a flood of bad signatures', start: startFlood },
  ...(
    [
      ['idle', `${many} connections that say nothing`],
      ['lingering', `${many} connections that asked once and stay`],
      ['slow', `${many} connections that send their headers byte by byte`],
    ] as const
  ).map(([how, name]): Trouble => ({ name, start: server => startSiege(server, how) })),
];

const warmUpMs = 1_000;
const between = 1_000;

const goods: readonly { readonly name: string; readonly pace: Pace }[] = [
  { name: '500/s', pace: { kind: 'open', connections: 16, perSecond: 500 } },
  { name: 'a connection each', pace: { kind: 'fresh', connections: 2 } },
];

/** Measures the gateway on a box of its own. */
export async function measureHostile({ seconds, rounds }: HostileOptions): Promise<void> {
  const box = await makeBox();
  const { server } = await startContestant('a', box);
  const generator = createGenerator();
  for (const { name, pace } of goods) {
    const samples = new Map<string, Sample[]>(troubles.map(trouble => [trouble.name, []]));
    for (let round = 0; round < rounds; round++)
      for (const trouble of troubles) {
        const end = await trouble.start(server, warmUpMs + seconds * 1_000 + between);
        samples.get(trouble.name)?.push(await measureGood(server, generator, pace, seconds));
        end();
        await new Promise(resolve => setTimeout(resolve, between));
      }
    report(name, samples, seconds);
  }
  generator.end();
  await server.stop();
  box.remove();
}

function measureGood(
  server: RunningServer,
  generator: Generator,
  pace: Pace,
  seconds: number,
): Promise<Sample> {
  return generator.turn(server, {
    target: { port: server.port, tls: true },
    asked: { kind: 'deliveries', path: deliveryPath, token: webhookToken },
    pace,
    warmUpMs,
    measuredMs: seconds * 1_000,
  });
}

async function startFlood(server: RunningServer, forMs: number): Promise<() => void> {
  const flood = createGenerator();
  const turn = flood.turn(server, {
    target: { port: server.port, tls: true },
    asked: { kind: 'deliveries', path: deliveryPath, token: webhookToken, forged: true },
    pace: { kind: 'closed', connections: 32 },
    warmUpMs: 0,
    measuredMs: forMs,
  });
  // it is ended before it can report
  turn.catch(() => {});
  return () => flood.end();
}

async function startSiege(server: RunningServer, how: Siege['how']): Promise<() => void> {
  const siege = createGenerator();
  await siege.besiege({ target: { port: server.port, tls: true }, how, connections: many });
  return () => siege.end();
}

function report(name: string, samples: ReadonlyMap<string, readonly Sample[]>, seconds: number): void {
  const p99 = (all: readonly Sample[]) => all.map(({ report }) => percentile(report.latencies, 0.99));
  const calm = samples.get('nobody') ?? [];
  say(`\ngood deliveries, ${name}, while there are…; ${seconds} s a round: median (least..most)`);
  const rows = [...samples].map(([trouble, all]) => {
    const latencies = merged(all.map(({ report: { latencies: each } }) => each));
    const ratio = ratioSpread(p99(all), p99(calm));
    return [
      trouble,
      figure(percentile(latencies, 0.5)),
      spreadText(spreadOf(p99(all))),
      ratio ? spreadText(ratio) : '',
      figure(spreadOf(all.map(({ perSecond }) => perSecond)).median),
      String(all.reduce((sum, sample) => sum + lost(sample), 0)),
    ];
  });
  printTable(['', 'p50 ms', 'p99', 'p99 / calm', 'answered/s', 'not 2xx'], rows);
}

/** Good deliveries that were not answered 2xx. */
function lost({ report: { statuses, failures } }: Sample): number {
  const refused = Object.entries(statuses).filter(([status]) => !status.startsWith('2'));
  return refused.reduce((sum, [, count]) => sum + count, failures);
}
