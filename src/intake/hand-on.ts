/**
 * Looks at kept deliveries and hands each on to the job it asks for. The inbox is a file of its own, so the two writes
 * are not one commit: a crash between them has the delivery looked at again, and the job it makes is the same.
 */

import type { Organizations } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import { SealError } from '../runtime/keyring.js';
import { readJob } from '../store/commit.js';
import { type DeliveryRow, settleDelivery, waitingDeliveries } from '../store/deliveries.js';
import { addJob } from '../store/jobs.js';
import { type CheckRow, findCheckByRef, findRegistration } from '../store/registrations.js';
import type { Store } from '../store/store.js';
import { openDelivery } from './open-delivery.js';

export interface HandOnOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** jobs were made */
  readonly wake: () => void;
  /** a delivery could not be handed on; it waits and is tried again */
  readonly onTrouble: (error: Error) => void;
}

const atOnce = 200;

/** Hands on what waits. Returns how many were looked at. */
export function handOn(options: HandOnOptions): number {
  const { store } = options;
  let looked = 0;
  for (;;) {
    const waiting = waitingDeliveries(store.inbox, atOnce);
    for (const delivery of waiting) handOnOne(options, delivery);
    looked += waiting.length;
    if (waiting.length < atOnce) break;
  }
  if (looked > 0) options.wake();
  return looked;
}

function handOnOne(options: HandOnOptions, delivery: DeliveryRow): void {
  const { store, clock } = options;
  const organization = options.organizations.find(delivery.organization);
  const raw = openBody(options, delivery);
  if (!organization || !raw) {
    settleDelivery(store.inbox, delivery.id, { outcome: 'ignored' });
    return;
  }
  const { action, relevant, checkRef, workflow } = organization.provider.describe(raw);
  const seen = { action, ...(checkRef === undefined ? {} : { checkRef }) };
  if (!relevant || checkRef === undefined) {
    settleDelivery(store.inbox, delivery.id, { outcome: 'ignored', ...seen });
    return;
  }
  const check = findCheckByRef(store.main, delivery.provider, checkRef);
  if (check) {
    settleDelivery(store.inbox, delivery.id, { outcome: askAgain(options, delivery, check), ...seen });
    return;
  }
  const job = {
    kind: 'resolve',
    key: `resolve:${delivery.id}:${delivery.times}`,
    lane: `resolve:${checkRef}`,
    receiver: `${delivery.provider}:${delivery.organization}`,
    payload: {
      organization: delivery.organization,
      deliveryId: delivery.id,
      checkRef,
      workflow: workflow === true,
    },
    runAt: clock.now(),
  } as const;
  addJob(store.main, job, clock.now());
  settleDelivery(store.inbox, delivery.id, { outcome: 'handed_on', ...seen });
}

/** A repetition about a check that is decided changes nothing; anything else has the provider asked. */
function askAgain(options: HandOnOptions, delivery: DeliveryRow, check: CheckRow): 'handed_on' | 'final' {
  const { store, clock } = options;
  if (delivery.times > 1 && check.last_final !== null) return 'final';
  const stored = findRegistration(store.main, check.registration_id);
  if (stored) addJob(store.main, readJob(stored.row, check.id, clock.now()), clock.now(), 'again');
  return 'handed_on';
}

function openBody(options: HandOnOptions, delivery: DeliveryRow): Buffer | null {
  try {
    return openDelivery(options.store, delivery);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    options.onTrouble(error);
    return null;
  }
}
