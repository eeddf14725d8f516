/** Vendors that fail in every way they can, at the same time, while customers come and go; nobody kills the gateway. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { serializationConflict } from '../../src/simulators/kratos/index.js';
import type { Call, Delivery, DeliveryFault, Fault } from '../../src/simulators/onfido/index.js';
import { comeToRest, openStreets } from './campaign.js';
import { createDice, type Dice } from './dice.js';
import { createLedger } from './ledger.js';
import { type Judgement, judge } from './oracle.js';
import { type ChaosWorld, startChaosWorld } from './world.js';

export interface UpstreamOptions {
  /** how many come before the streets are closed */
  readonly customers: number;
  readonly seed: number;
  /** told what went wrong so far */
  readonly hasTime?: (faults: UpstreamResult['faults']) => boolean;
}

export interface UpstreamResult extends Judgement {
  readonly customers: number;
  /** calls and callbacks that did go wrong, by vendor and what went wrong */
  readonly faults: Readonly<Record<string, number>>;
  readonly log: string;
}

/** So that whoever comes seldom is met in a short run, too. */
const firstGuests = [
  { organization: 'external', outcomes: ['clear'] },
  { organization: 'persona', outcomes: ['approved'] },
  { organization: 'jumio', outcomes: ['passed'] },
] as const;

const modes = [
  'slow',
  'status 429',
  'status 500',
  'cut',
  'cut-amid',
  'cut-after',
  'delivery lost',
  'delivery duplicated',
  'delivery late',
  'delivery overtaken',
  'site status',
];

/** The ways to fail that never happened at any vendor: what was to be proven of them was not. */
export function modesMissed(faults: UpstreamResult['faults']): readonly string[] {
  return modes.filter(mode => !Object.keys(faults).some(name => name.endsWith(mode)));
}

/** How long the work goes on behind a connection that was cut. */
const amidMs = 1_200;
/** Slower than the simulators ever are by themselves, and than a delivery waits for the one before. */
const slowMs = 400;
const lateMs = 300;

/** Runs it in a world of its own. */
export async function runUpstream(options: UpstreamOptions): Promise<UpstreamResult> {
  const dice = createDice(options.seed);
  const world = await startChaosWorld();
  const ledger = createLedger();
  try {
    await world.begin().ready;
    const weather = makeWeather(world, dice);
    const streets = openStreets(world, dice, ledger, 0);
    for (const guest of firstGuests)
      streets.invite({ ...guest, habit: 'finishes', via: 'sms', notify: 'sms' });
    while (ledger.plans.length < options.customers && (options.hasTime?.(faultsOf(world)) ?? true))
      await pause(50);
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
const callFaults: readonly ((dice: Dice) => Fault)[] = [
  dice => ({ kind: 'slow', ms: dice.between(slowMs, 900) }),
  dice => ({ kind: 'status', status: 429, ...maybeRetryAfter(dice) }),
  dice => ({ kind: 'status', status: dice.pick([500, 502, 503]), ...maybeRetryAfter(dice) }),
  () => ({ kind: 'status', status: 500 }),
  () => ({ kind: 'cut' }),
  () => ({ kind: 'cut' }),
  () => ({ kind: 'cut-after' }),
  () => ({ kind: 'cut-after' }),
  () => ({ kind: 'cut-after' }),
];

function maybeRetryAfter(dice: Dice): { retryAfter?: number } {
  return dice.chance(0.5) ? { retryAfter: 1 } : {};
}

/** Draws all of them in any order, and then again: each has its turn before long. */
function createDeck<T>(dice: Dice, cards: readonly T[]): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = [...cards];
    const card = dice.pick(left);
    left.splice(left.indexOf(card), 1);
    return card;
  };
}

/** What can be told to fail, and keeps a record of it. */
interface Spoilable {
  readonly calls: readonly Call[];
  fail(fault: Fault): void;
}

interface Misdelivering {
  readonly deliveries: readonly Delivery[];
  failDelivery(fault: DeliveryFault): void;
}

/** Has about every fourth call fail, sometimes many in a row, and callbacks go astray. */
function makeWeather(world: ChaosWorld, dice: Dice) {
  const { onfido, persona, jumio, twilio, kratos, site } = world;
  let bad = true;
  /** the next fault is only ordered when the one before has had its turn: with a pile of them every call would fail */
  async function turn(list: readonly unknown[], length: number): Promise<void> {
    const until = list.length + length;
    while (bad && list.length < until) await pause(20);
  }
  async function spoil(
    vendor: Spoilable,
    own: readonly Fault[],
    paths: readonly string[] = ['*'],
  ): Promise<void> {
    const draw = createDeck(dice, [...callFaults, ...own.map(fault => () => fault)]);
    while (bad) {
      const fault = draw()(dice);
      const times = dice.chance(0.05) ? dice.between(3, 6) : 1;
      const skip = dice.between(0, 6);
      const path = dice.pick(paths);
      vendor.fail({ ...fault, path, times, skip });
      await turn(vendor.calls, skip + times);
    }
  }
  async function misdeliver(vendor: Misdelivering): Promise<void> {
    const draw = createDeck(dice, ['lost', 'duplicated', 'delayed', 'reordered'] as const);
    while (bad) {
      const kind = draw();
      vendor.failDelivery({ kind, ms: dice.between(lateMs, 600) });
      await turn(vendor.deliveries, dice.between(1, 3));
    }
  }
  async function spoilSite(): Promise<void> {
    while (bad) {
      site.refuse(dice.between(1, 2), dice.pick([500, 503]));
      // one that never takes any is given up in the end, and rightly
      await turn(site.registered, dice.between(1, 3));
    }
  }
  // what was lost is done after all, a while before it may be asked for again
  const amid: Fault = { kind: 'cut-amid', ms: amidMs };
  const conflict: Fault = { kind: 'status', status: 400, body: serializationConflict };
  const limited: Fault = { kind: 'status', status: 429, headers: { 'x-ratelimit-reset': '1' } };
  const going = [
    spoil(onfido, [amid]),
    // the interfaces only: on the pages it is the customer's browser that calls
    spoil(persona, [amid], ['/inquiries*', '/verifications/*', '/files/*']),
    spoil(jumio, [amid], ['/accounts*', '/accounts/*', '/oauth2/token']),
    spoil(twilio, [amid]),
    spoil(kratos, [conflict, limited]),
    ...[onfido, persona, jumio, twilio].map(misdeliver),
    spoilSite(),
  ];
  return {
    /** ends it; what was ordered and did not happen yet does not happen any more */
    clear() {
      bad = false;
      void Promise.all(going);
      for (const vendor of [onfido, persona, jumio, twilio, kratos]) vendor.clearFaults();
      site.refuse(0);
      return faultsOf(world);
    },
  };
}

/** What went wrong in a world so far, by vendor and kind: read from what came of the calls, not from what was ordered. */
function faultsOf({ onfido, persona, jumio, twilio, kratos, site }: ChaosWorld): Record<string, number> {
  const faults: Record<string, number> = {};
  const count = (what: string, times = 1) => {
    if (times > 0) faults[what] = (faults[what] ?? 0) + times;
  };
  for (const [name, { calls }] of Object.entries({ onfido, persona, jumio, twilio, kratos }))
    for (const kind of calls.map(faultOf)) if (kind !== null) count(`${name} ${kind}`);
  for (const [name, { deliveries }] of Object.entries({ onfido, persona, jumio, twilio }))
    for (const [kind, times] of Object.entries(strayed(deliveries))) count(`${name} delivery ${kind}`, times);
  count('site status', site.refused);
  return faults;
}

/** How a call went wrong, if it did. */
function faultOf({ at, doneAt, status, lost }: Call): string | null {
  const took = doneAt === null ? null : doneAt - at;
  if (lost) return took === null || took >= amidMs ? 'cut-amid' : 'cut-after';
  if (status === null || took === null) return 'cut';
  if (status === 429 || status >= 500) return `status ${status}`;
  return took >= slowMs ? 'slow' : null;
}

/** How often deliveries went astray, by how. Repetitions of what was not taken are none of it. */
function strayed(deliveries: readonly Delivery[]): Record<string, number> {
  const first = deliveries.filter(({ attempt }) => attempt === 1);
  const carried = first.filter(({ error }) => error !== 'lost');
  const bodies = carried.map(({ body }) => body);
  const isOvertaken = ({ url, since }: Delivery, place: number) =>
    carried.slice(0, place).some(other => other.url === url && other.since > since);
  return {
    lost: first.length - carried.length,
    duplicated: bodies.length - new Set(bodies).size,
    late: carried.filter(({ since, at }) => at - since >= lateMs).length,
    overtaken: carried.filter(isOvertaken).length,
  };
}
