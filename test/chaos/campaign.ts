/** A run of kills against one world, and the verdict when all has come to rest. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { type FailpointName, failpoints } from '../../src/runtime/failpoint.js';
import { createDice, type Dice } from './dice.js';
import { createLedger, type Ledger } from './ledger.js';
import { type Judgement, judge } from './oracle.js';
import { drawPlan, type Plan } from './plan.js';
import { deliverOne } from './postman.js';
import { walk } from './walk.js';
import { type ChaosOptions, type ChaosWorld, startChaosWorld } from './world.js';

export interface CampaignOptions extends ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  /** first customer's number, so that several worlds are told apart */
  readonly from?: number;
  /** told now and then how far it is */
  readonly onProgress?: (kills: number) => void;
  readonly hasTime?: () => boolean;
}

export interface CampaignResult extends Judgement {
  readonly kills: number;
  readonly customers: number;
  readonly deliveries: number;
  /** how often the gateway died at each place */
  readonly died: Readonly<Partial<Record<FailpointName | 'anywhere', number>>>;
  /** the end of the gateway's own log */
  readonly log: string;
}

/** Customers under way at a time. */
const crowd = 10;
/** How long a life may last that is to end at a place nothing happens to pass. */
const longestLifeMs = 8_000;
/** How long a job waits at most that was interrupted again and again. */
const hesitationMs = 10 * 60_000;
/** Beyond every deadline and every pause before a retry. */
const laterMs = 3 * 3_600_000;

/** Runs it in a world of its own. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const dice = createDice(options.seed);
  const world = await startChaosWorld(options);
  const ledger = createLedger();
  try {
    const streets = openStreets(world, dice, ledger, options.from ?? 0);
    const died = await killAgainAndAgain(world, dice, streets, options);
    streets.close();
    // whoever is on their way needs a gateway to get to their end, with nothing put off after so many deaths
    world.advance(hesitationMs);
    await world.begin().ready;
    await streets.empty();
    await world.kill();
    await comeToRest(world, ledger);
    const sent = [world.onfido, world.persona, world.jumio].flatMap(({ deliveries }) => deliveries);
    return {
      ...(await judge(world, ledger)),
      kills: Object.values(died).reduce((sum, count) => sum + count, 0),
      customers: ledger.plans.length,
      deliveries: ledger.deliveries.length + sent.length,
      died,
      log: endOfLog(world),
    };
  } finally {
    await world.close();
  }
}

/** Whoever announces results, Onfido the most often. */
export function senders({ onfido, persona, jumio }: ChaosWorld) {
  return [onfido, onfido, onfido, persona, jumio];
}

/** Customers come as others leave, and deliveries go wrong in every way, until the streets are closed. */
export function openStreets(world: ChaosWorld, dice: Dice, ledger: Ledger, from: number) {
  let open = true;
  let number = from;
  const underWay = new Set<Promise<void>>();
  async function comeOnce(wish: Partial<Plan> = {}): Promise<void> {
    const plan = { ...drawPlan(++number, dice), ...wish };
    await walk(world, plan, ledger).catch(error =>
      ledger.troubles.push(error instanceof Error ? error.message : String(error)),
    );
  }
  async function come(): Promise<void> {
    while (open) {
      await comeOnce();
      await pause(dice.between(0, 200));
    }
  }
  async function deliver(): Promise<void> {
    while (open) {
      await deliverOne(world, dice, ledger);
      if (dice.chance(0.3)) {
        const kind = dice.pick(['lost', 'duplicated', 'delayed', 'reordered'] as const);
        dice.pick(senders(world)).failDelivery({ kind, ms: dice.between(50, 600) });
      }
      await pause(dice.between(5, 60));
    }
  }
  function follow(going: Promise<void>): void {
    underWay.add(going);
    void going.finally(() => underWay.delete(going));
  }
  for (const work of [...Array.from({ length: crowd }, () => come), deliver]) follow(work());
  return {
    /** one more customer, of that kind */
    invite(wish: Partial<Plan>) {
      follow(comeOnce(wish));
    },
    close() {
      open = false;
    },
    /** resolves when everybody who had come has gone as far as they meant to */
    async empty() {
      world.calmDown();
      await Promise.all(underWay);
      for (const vendor of senders(world)) vendor.clearFaults();
    },
  };
}

type Streets = ReturnType<typeof openStreets>;
type Way = FailpointName | 'anywhere';

/** What the lives are to die of, one after the other: each failpoint in turn, and in between anything at any time. */
const waysToDie: readonly Way[] = failpoints.flatMap((name): Way[] =>
  // the look-up only happens in the life after one that ended around the sending
  name.startsWith('sms.') && name !== 'sms.looked_up' ? [name] : [name, 'anywhere'],
);

/** The places at which nothing died although each had two turns or more: what was to be proven of them was not. */
export function placesMissed(kills: number, died: CampaignResult['died']): readonly FailpointName[] {
  return kills < 2 * waysToDie.length ? [] : failpoints.filter(name => died[name] === undefined);
}

async function killAgainAndAgain(world: ChaosWorld, dice: Dice, streets: Streets, options: CampaignOptions) {
  const died: Partial<Record<Way, number>> = {};
  for (let kills = 0; kills < options.kills && (options.hasTime?.() ?? true); kills++) {
    const way = waysToDie[kills % waysToDie.length] ?? 'anywhere';
    if (way !== 'anywhere') streets.invite(whoPasses(way));
    const isNew = died[way] === undefined;
    const death = way === 'anywhere' ? await dieAnywhere(world, dice) : await dieAt(world, dice, way, isNew);
    if (death.unexpected) throw new Error(`the gateway ended by itself:\n${endOfLog(world)}`);
    const at = death.at ?? 'anywhere';
    died[at] = (died[at] ?? 0) + 1;
    if ((kills + 1) % 50 === 0) options.onProgress?.(kills + 1);
  }
  return died;
}

/** A customer whose way leads past a place, so that its turn does not wait for chance. */
function whoPasses(place: FailpointName): Partial<Plan> {
  const organization = place === 'site.told' ? 'external' : '1';
  return { organization, habit: 'finishes', outcomes: ['clear'], via: 'sms', notify: 'sms', kratos: true };
}

function endOfLog(world: ChaosWorld): string {
  return readFileSync(world.logFile, 'utf8').slice(-8_000);
}

/** Now and then before it listens. */
async function dieAnywhere(world: ChaosWorld, dice: Dice) {
  const life = world.begin();
  if (dice.chance(0.8)) await life.ready;
  await Promise.race([pause(dice.between(0, 700)), life.dead]);
  return await world.kill();
}

/** At the first pass where it never did before, so that none is left out. */
async function dieAt(world: ChaosWorld, dice: Dice, at: FailpointName, isNew: boolean) {
  const isRare = isNew || at === 'sms.looked_up' || at === 'webhook.kept';
  const skip = isRare || dice.chance(0.7) ? 0 : dice.between(1, 3);
  const epitaph = join(world.installation.dir, 'epitaph');
  const life = world.begin({ at, skip, epitaph });
  await life.ready;
  await Promise.race([life.dead, pause(isNew ? 1.5 * longestLifeMs : longestLifeMs)]);
  return await world.kill();
}

/** The last life, in which everything that is still due is done and nobody disturbs. */
export async function comeToRest(world: ChaosWorld, ledger: Ledger): Promise<void> {
  world.advance(laterMs);
  const life = world.begin();
  await life.ready;
  const giveUpAt = Date.now() + 60_000;
  for (let quiet = 0; quiet < 4; quiet = isAtRest(world) ? quiet + 1 : 0) {
    if (Date.now() > giveUpAt) {
      ledger.troubles.push('the gateway never came to rest');
      break;
    }
    await pause(100);
    for (const vendor of [world.onfido, world.persona, world.jumio, world.twilio]) await vendor.settled();
  }
  await life.close();
}

function isAtRest(world: ChaosWorld): boolean {
  const { dataDir } = world.installation;
  const main = new Database(join(dataDir, 'gatehouse.db'), { readonly: true });
  const inbox = new Database(join(dataDir, 'inbox.db'), { readonly: true });
  try {
    const busy = main
      .prepare("SELECT count(*) FROM jobs WHERE state = 'running' OR (state = 'ready' AND run_at <= ?)")
      .pluck()
      .get(world.now() + 5_000);
    const waiting = inbox
      .prepare(
        'SELECT (SELECT count(*) FROM deliveries WHERE outcome IS NULL) + (SELECT count(*) FROM arrivals)',
      )
      .pluck()
      .get();
    return busy === 0 && waiting === 0;
  } finally {
    main.close();
    inbox.close();
  }
}
