import { type Db, sql } from './db.js';

/** One change of a registration's status, as kiosks are told. */
export interface RegistrationEvent {
  readonly id: number;
  readonly status: string;
  readonly at: number;
}

export function addRegistrationEvent(db: Db, registrationId: string, status: string, now: number): void {
  db.run(sql.insertInto('registration_events').values({ registration_id: registrationId, status, at: now }));
}

/** What happened after the given event, oldest first. */
export function registrationEventsAfter(db: Db, registrationId: string, after: number): RegistrationEvent[] {
  return db.all<RegistrationEvent>(
    sql
      .selectFrom('registration_events')
      .select(['id', 'status', 'at'])
      .where('registration_id', '=', registrationId)
      .where('id', '>', after)
      .orderBy('id'),
  );
}
