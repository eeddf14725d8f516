/** Vendors that fail in every way they can, at the same time, while customers come and go; nobody kills the gateway. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { serializationConflict } from '../../src/simulators/kratos/index.js';
import type { Fault } from '../../src/simulators/onfido/index.js';
import { comeToRest, openStreets } from './campaign.js';
import { createDice, type Dice } from './dice.js';
import { createLedger } from './ledger.js';
import { type Judgement, judge } from './oracle.js';
import { type ChaosWorld, startChaosWorld } from './world.js';

export interface UpstreamOptions {
  /** how many come before the streets are closed */
  readonly customers: number;
  readonly seed: number;
  readonly hasTime?: () => boolean;
}

export interface UpstreamResult extends Judgement {
  readonly customers: number;
  /** calls and callbacks that went wrong, by what went wrong */
  readonly faults: Readonly<Record<string, number>>;
  readonly log: string;
}

/** Runs it in a world of its own. */
export async function runUpstream(options: UpstreamOptions): Promise<UpstreamResult> {
  const dice = createDice(options.seed);
  const world = await startChaosWorld();
  const ledger = createLedger();
  try {
    await world.begin().ready;
    const weather = makeWeather(world, dice);
    const streets = openStreets(world, dice, ledger, 0);
    while (ledger.plans.length < options.customers && (options.hasTime?.() ?? true)) await pause(50);
    streets.close();
    // whoever is on their way meets the same weather for a while, and then gets home
    await pause(2_000);
    const faults = weather.clear();
    // a receiver that was closed for minutes is open after a start: nobody has so much time here
    await world.life?.close();
    await world.begin().ready;
    await streets.empty();
    await world.life?.close();
    await comeToRest(world, ledger);
    const judgement = await judge(world, ledger);
    const log = readFileSync(world.logFile, 'utf8').slice(-8_000);
    return { ...judgement, customers: ledger.plans.length, faults, log };
  } finally {
    await world.close();
  }
}

/** Every way in which a call may fail that a vendor gets over. */
function drawFault(dice: Dice): Fault {
  const retryAfter = dice.chance(0.5) ? { retryAfter: 1 } : {};
  return dice.pick<Fault>([
    { kind: 'slow', ms: dice.between(50, 900) },
    { kind: 'status', status: 429, ...retryAfter },
    { kind: 'status', status: dice.pick([500, 502, 503]), ...retryAfter },
    { kind: 'status', status: 500 },
    { kind: 'cut' },
    { kind: 'cut' },
    { kind: 'cut-after' },
    { kind: 'cut-after' },
    { kind: 'cut-after' },
  ]);
}

/** Has about every fourth call fail, sometimes many in a row, and callbacks go astray. */
function makeWeather(world: ChaosWorld, dice: Dice) {
  const faults: Record<string, number> = {};
  let bad = true;
  const count = (what: string) => {
    faults[what] = (faults[what] ?? 0) + 1;
  };
  async function spoil(vendor: string, fail: (fault: Fault) => void, own: readonly Fault[]): Promise<void> {
    while (bad) {
      const fault = own.length > 0 && dice.chance(0.15) ? dice.pick(own) : drawFault(dice);
      const times = dice.chance(0.05) ? dice.between(3, 6) : 1;
      fail({ ...fault, times, skip: dice.between(0, 6) });
      count(`${vendor} ${fault.kind}${fault.kind === 'status' ? ` ${fault.status}` : ''}`);
      await pause(dice.between(50, 400));
    }
  }
  async function misdeliver(): Promise<void> {
    while (bad) {
      const vendor = dice.pick(['onfido', 'twilio'] as const);
      const kind = dice.pick(['lost', 'duplicated', 'delayed', 'reordered'] as const);
      world[vendor].failDelivery({ kind, ms: dice.between(50, 600) });
      count(`${vendor} delivery ${kind}`);
      await pause(dice.between(20, 100));
    }
  }
  async function spoilSite(): Promise<void> {
    while (bad) {
      world.site.refuse(dice.between(1, 2), dice.pick([500, 503]));
      count('site status');
      await pause(dice.between(200, 600));
    }
  }
  // what was lost is done after all, a while before it may be asked for again
  const amid: Fault = { kind: 'cut-amid', ms: 1_200 };
  const conflict: Fault = { kind: 'status', status: 400, body: serializationConflict };
  const limited: Fault = { kind: 'status', status: 429, headers: { 'x-ratelimit-reset': '1' } };
  const going = [
    spoil('onfido', world.onfido.fail, [amid]),
    spoil('twilio', world.twilio.fail, [amid]),
    spoil('kratos', world.kratos.fail, [conflict, limited]),
    misdeliver(),
    spoilSite(),
  ];
  return {
    /** ends it; what was ordered and did not happen yet does not happen any more */
    clear() {
      bad = false;
      void Promise.all(going);
      for (const vendor of [world.onfido, world.twilio, world.kratos]) vendor.clearFaults();
      world.site.refuse(0);
      return faults;
    },
  };
}
