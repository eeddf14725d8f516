import { countArrived } from '../../src/store/arrivals.js';
import { type Db, sql } from '../../src/store/db.js';
import { listDeliveries } from '../../src/store/deliveries.js';
import { listJobs } from '../../src/store/jobs.js';
import { registrationEventsAfter } from '../../src/store/registration-events.js';
import type { World } from './world.js';

/** Why a person has to look at a registration now. */
export function openCauses(world: World, registrationId: string): string[] {
  const { main } = world.gateway.store;
  const query = sql.selectFrom('review_cases').select('cause').where('registration_id', '=', registrationId);
  return main.all(query.where('closed_at', 'is', null)).map(({ cause }) => cause);
}

/** Alerts about something, oldest first. */
export function alertsAbout(world: World, subject: string): string[] {
  const { main } = world.gateway.store;
  const query = sql.selectFrom('alerts').select('code').where('subject', '=', subject).orderBy('id');
  return main.all(query).map(({ code }) => code);
}

/** What the kiosk is told of a registration, in order. */
export function announced(world: World, registrationId: string): string[] {
  return registrationEventsAfter(world.gateway.store.main, registrationId, 0).map(({ status }) => status);
}

/** What came in and what became of it, oldest first. */
export function deliveries(world: World) {
  return listDeliveries(world.gateway.store.inbox, { limit: 1000 })
    .reverse()
    .map(({ id, organization, action, outcome, times, check_ref, body_sealed, content_key }) => ({
      id,
      organization,
      action,
      outcome,
      times,
      checkRef: check_ref,
      hasBody: body_sealed !== null,
      contentKey: content_key.toString('hex'),
    }));
}

/** How many deliveries are in the inbox, whether anybody looked at them or not. */
export function countKept(inbox: Db): number {
  const rows = inbox.raw.prepare('SELECT count(*) FROM deliveries').pluck().get();
  return Number(rows) + countArrived(inbox);
}

/** Jobs that are not done, as `kind state`. */
export function unfinishedJobs(world: World): string[] {
  return listJobs(world.gateway.store.main, { except: 'done', limit: 1000 }).map(
    ({ kind, state }) => `${kind} ${state}`,
  );
}
