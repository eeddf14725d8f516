import type { Turn } from './load/orders.js';
import type { Generator, Sample } from './measure.js';
import { deliveryPath, makeBox, webhookToken } from './servers/box.js';
import { type Contestant, type Name, startContestant, titles } from './servers/contestants.js';
import { merged, percentile, ratioSpread, spreadOf } from './statistics.js';
import { figure, printJudged, printTable, say, spreadText } from './table.js';

export interface PaceOptions {
  /** the gateway to measure, halted */
  readonly gateway: Contestant;
  readonly rounds: number;
  readonly seconds: number;
}

const rates = [500, 1_500];
const connections = 64;
/** what a process does in its first seconds is compiling */
const warmUpMs = 4_000;
const warmUp = { kind: 'closed', connections } as const;

/** How long deliveries wait when they come at a fixed rate that everybody can keep up with. */
export async function measurePace(options: PaceOptions, generator: Generator): Promise<void> {
  const box = await makeBox();
  const others: Contestant[] = [];
  for (const name of ['c', 'd', 'e'] as const) {
    const started = await startContestant(name, box);
    started.server.halt();
    others.push(started);
  }
  const all = [options.gateway, ...others];
  for (const { server } of all) {
    server.goOn();
    await generator.turn(server, {
      ...deliveriesTo(server),
      pace: warmUp,
      warmUpMs: 0,
      measuredMs: warmUpMs,
    });
    server.halt();
  }
  for (const perSecond of rates) {
    const samples = new Map<Name, Sample[]>(all.map(({ name }) => [name, []]));
    for (let round = 0; round < options.rounds; round++)
      for (const { name, server } of round % 2 === 0 ? all : [...all].reverse()) {
        server.goOn();
        samples.get(name)?.push(
          await generator.turn(server, {
            ...deliveriesTo(server),
            pace: { kind: 'open', connections, perSecond },
            warmUpMs: 1_000,
            measuredMs: options.seconds * 1_000,
          }),
        );
        server.halt();
      }
    report(perSecond, samples);
  }
  for (const { server } of others) await server.stop();
  box.remove();
}

function deliveriesTo({ port }: Contestant['server']): Pick<Turn, 'target' | 'asked'> {
  return {
    target: { port, tls: true },
    asked: { kind: 'deliveries', path: deliveryPath, token: webhookToken },
  };
}

function report(perSecond: number, samples: ReadonlyMap<Name, readonly Sample[]>): void {
  const p99 = (name: Name) =>
    (samples.get(name) ?? []).map(({ report: { latencies } }) => percentile(latencies, 0.99));
  say(`\n${figure(perSecond)} deliveries a second, counted from when each was due: median (least..most)`);
  const rows = [...samples].map(([name, all]) => {
    const latencies = merged(all.map(({ report: { latencies: each } }) => each));
    return [
      `(${name}) ${titles[name]}`,
      figure(percentile(latencies, 0.5)),
      spreadText(spreadOf(p99(name))),
      figure(percentile(latencies, 0.999)),
      figure(spreadOf(all.map(({ cpuUs }) => cpuUs)).median),
      figure(spreadOf(all.map(sample => sample.perSecond)).median),
    ];
  });
  printTable(['', 'p50 ms', 'p99', 'p99.9', 'CPU µs each', 'answered/s'], rows);
  printJudged([
    { what: 'a/d p99', spread: ratioSpread(p99('a'), p99('d')), expected: { atMost: 2.5 } },
    { what: 'e/d p99', spread: ratioSpread(p99('e'), p99('d')), expected: { atMost: 2.5 } },
  ]);
}
