/** Measures servers in turns, round by round, so that whatever else the machine does meets them all alike. */
import type { Installation } from '../support/installation.js';
import type { Pace } from './load/orders.js';
import { answered2xx, type Generator, type Sample } from './measure.js';
import { deliveryPath, makeBox, webhookToken } from './servers/box.js';
import { type Contestant, type Name, startContestant } from './servers/contestants.js';
import { createSyncCounter, type SyncCounter } from './sync-counter.js';

/** Somebody in the contest, and what was measured of them. */
export interface Entrant {
  readonly name: Name;
  /** milliseconds added to every sync */
  readonly delayMs: number;
  readonly samples: Sample[];
  /** whether every delivery answered 2xx is stored; undefined for those who store none */
  complete?: boolean;
}

export interface ContestOptions {
  readonly entrants: readonly Pick<Entrant, 'name' | 'delayMs'>[];
  readonly pace: Pace;
  readonly rounds: number;
  readonly seconds: number;
  readonly onRound: (round: number) => void;
}

interface Seat {
  readonly entrant: Entrant;
  readonly contestant: Contestant;
  readonly counter: SyncCounter | undefined;
  readonly box: Installation;
}

const warmUpMs = 1_000;

/** Runs a contest. Whoever is not measured is halted meanwhile. */
export async function runContest(options: ContestOptions, generator: Generator): Promise<Entrant[]> {
  const seats: Seat[] = [];
  try {
    for (const { name, delayMs } of options.entrants) seats.push(await seat(name, delayMs));
    for (let round = 0; round < options.rounds; round++) {
      options.onRound(round);
      // every other round in the opposite order, so that nobody is always measured after the same neighbour
      for (const each of round % 2 === 0 ? seats : [...seats].reverse())
        await takeTurn(each, options, generator);
    }
    return seats.map(({ entrant }) => entrant);
  } finally {
    for (const { contestant, counter, box } of seats) {
      await contestant.server.stop();
      counter?.remove();
      box.remove();
    }
  }
}

async function seat(name: Name, delayMs: number): Promise<Seat> {
  const box = await makeBox();
  const counter = createSyncCounter(delayMs * 1000);
  const contestant = await startContestant(name, box, counter?.env);
  contestant.server.halt();
  return { entrant: { name, delayMs, samples: [] }, contestant, counter, box };
}

async function takeTurn(
  { entrant, contestant, counter }: Seat,
  { pace, seconds }: ContestOptions,
  generator: Generator,
): Promise<void> {
  const { server } = contestant;
  const before = contestant.rows();
  server.goOn();
  const asked = { kind: 'deliveries', path: deliveryPath, token: webhookToken } as const;
  const turn = {
    target: { port: server.port, tls: true },
    asked,
    pace,
    warmUpMs,
    measuredMs: seconds * 1000,
  };
  const sample = await generator.turn(server, turn, counter?.count);
  server.halt();
  entrant.samples.push(sample);
  const after = contestant.rows();
  if (before === undefined || after === undefined) return;
  const kept = after - before === answered2xx(sample.report);
  entrant.complete = kept && entrant.complete !== false;
}
