/**
 * Looks at kept deliveries and hands each on to the job it asks for. The inbox is a file of its own, so the two writes
 * are not one commit: a crash between them has the delivery looked at again, and the job it makes is the same.
 *
 * What comes in is kept as fast as the disk allows, but looked at in measured portions with a rest after each: providers
 * answer a few hundred questions a minute, so nothing is gained by turning a flood into jobs at once, and intake keeps
 * its thread. Thirty a second are far more than anybody answers, and take one percent of it, commits included.
 */
import { setImmediate as giveWay } from 'node:timers/promises';
import type { NewJob } from '../domain/job.js';
import type { Reading } from '../domain/registration.js';
import { isAnswer } from '../domain/unanswered.js';
import type { Organizations } from '../providers/organizations.js';
import type { DeliverySubject } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { SealError } from '../runtime/keyring.js';
import { readJob } from '../store/commit.js';
import { type DeliveryRow, waitingDeliveries } from '../store/deliveries.js';
import { addJob } from '../store/jobs.js';
import { type CheckRow, findCheckByRef, findRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';
import type { Settlement } from '../store/threads/inbox-messages.js';
import type { InboxWriter } from '../store/threads/inbox-writer.js';
import { openDelivery } from './open-delivery.js';

export interface HandOnOptions {
  readonly store: Store;
  readonly inbox: Pick<InboxWriter, 'settle' | 'unpack'>;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** jobs were made */
  readonly wake: () => void;
  /** deliveries could not be handed on: they wait and are tried again; null whenever they could, or none waits */
  readonly onTrouble: (error: Error | null) => void;
  /** a delivery's body cannot be opened: it is kept, and ignored */
  readonly onUnreadable: (delivery: number, error: SealError) => void;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** Hands on what waits, a portion at a time. */
export interface HandOn {
  /** deliveries were kept */
  wake(): void;
  /** resolves when nothing waits */
  idle(): Promise<void>;
  /** lets the portion under way end and takes no more */
  stop(): Promise<void>;
}

const portion = 10;
const restMs = 50;
/** after a full portion: more is coming than anybody can be asked about */
const floodRestMs = 300;

/** Builds it; nothing happens before the first `wake`. */
export function createHandOn(options: HandOnOptions): HandOn {
  const { clock } = options;
  let underWay: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  /** somebody waits for the end: no rests */
  let hurried = 0;
  let endRest = () => {};

  async function work(): Promise<void> {
    try {
      do {
        again = false;
        const more = await handOnPortion(options);
        options.onTrouble(null);
        if (more) again = true;
        await rest(more ? floodRestMs : restMs);
      } while (again && !stopped);
    } catch (error) {
      // what waits stays where it is; the next delivery or the next look finds it again
      options.onTrouble(error instanceof Error ? error : new Error(String(error)));
    } finally {
      underWay = null;
    }
  }

  function rest(ms: number): Promise<void> {
    return new Promise(resolve => {
      const cancel = clock.after(ms, resolve);
      endRest = () => {
        cancel();
        resolve();
      };
      if (hurried > 0 || stopped) endRest();
    });
  }

  function wake(): void {
    again = true;
    if (!underWay && !stopped) underWay = work();
  }

  return {
    wake,
    async idle() {
      hurried += 1;
      wake();
      endRest();
      while (underWay) await underWay;
      hurried -= 1;
    },
    async stop() {
      stopped = true;
      endRest();
      await underWay;
    },
  };
}

/** Tells whether more is waiting. */
async function handOnPortion(options: HandOnOptions): Promise<boolean> {
  const { store } = options;
  const { waiting, more } = await nextPortion(options);
  if (waiting.length === 0) return more;
  const portionRead: ReadDelivery[] = [];
  for (const delivery of waiting) {
    portionRead.push(readDelivery(options, delivery));
    await giveWay();
  }
  const settlements = store.main.transaction(() => portionRead.map(read => handOnOne(options, read)));
  options.failpoint?.('delivery.handed_on');
  options.wake();
  await options.inbox.settle(settlements);
  return more;
}

async function nextPortion(options: HandOnOptions): Promise<{ waiting: DeliveryRow[]; more: boolean }> {
  const { store, inbox, failpoint } = options;
  const waiting = waitingDeliveries(store.inbox, portion);
  if (waiting.length === portion) return { waiting, more: true };
  const { left } = await inbox.unpack(portion);
  failpoint?.('delivery.unpacked');
  const now = waitingDeliveries(store.inbox, portion);
  return { waiting: now, more: left || now.length === portion };
}

/** A delivery and what it is about; null when it cannot be read or belongs to nobody here. */
interface ReadDelivery {
  readonly delivery: DeliveryRow;
  readonly about: DeliverySubject | null;
}

function readDelivery(options: HandOnOptions, delivery: DeliveryRow): ReadDelivery {
  const organization = options.organizations.find(delivery.organization);
  const raw = openBody(options, delivery);
  return { delivery, about: organization && raw ? organization.provider.describe(raw) : null };
}

/** Makes the job it asks for. To be called in a transaction: whom it is about may have been erased since it was read. */
function handOnOne({ store, clock }: HandOnOptions, { delivery, about }: ReadDelivery): Settlement {
  const { id } = delivery;
  if (!about) return { id, outcome: 'ignored' };
  const { action, relevant, checkRef, workflow } = about;
  const seen = { id, action, ...(checkRef === undefined ? {} : { checkRef }) };
  if (!relevant || checkRef === undefined) return { ...seen, outcome: 'ignored' };
  const check = findCheckByRef(store.main, delivery.provider, checkRef);
  // a repetition about a check that is decided changes nothing; anything else has the provider asked
  if (check && delivery.times > 1 && isFinal(check)) return { ...seen, outcome: 'final' };
  const now = clock.now();
  const job = check
    ? askAgain(store, check, now)
    : resolveJob(delivery, { checkRef, workflow: workflow === true }, now);
  if (job) addJob(store.main, job, now, 'again');
  return { ...seen, outcome: 'handed_on' };
}

function askAgain(store: Store, check: CheckRow, now: number): NewJob | null {
  const stored = findRegistration(store.main, check.registration_id);
  return stored ? readJob(stored.row, check.id, now) : null;
}

/** One that was opened again, taken back or never answered is not: what comes about it now may be what ends it. */
function isFinal(check: CheckRow): boolean {
  if (check.last_final === null || check.latest === null) return false;
  const latest = JSON.parse(check.latest) as Reading;
  return latest.kind === 'final' && latest.withdrawn !== true && isAnswer(latest);
}

/** Each delivery is resolved by itself, because what is not ours is dropped by delivery; one check at a time. */
function resolveJob(
  delivery: DeliveryRow,
  found: { checkRef: string; workflow: boolean },
  runAt: number,
): NewJob<'resolve'> {
  return {
    kind: 'resolve',
    key: `resolve:${delivery.id}`,
    lane: `resolve:${found.checkRef}`,
    receiver: `${delivery.provider}:${delivery.organization}`,
    payload: { organization: delivery.organization, deliveryId: delivery.id, ...found },
    runAt,
  };
}

function openBody(options: HandOnOptions, delivery: DeliveryRow): Buffer | null {
  try {
    return openDelivery(options.store, delivery);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    options.onUnreadable(delivery.id, error);
    return null;
  }
}
