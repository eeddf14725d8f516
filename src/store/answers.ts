/** How providers answer: what took how long, and what still waits. */
import type { Db } from './db.js';
import { mostSilenceMs, notTakenBack } from './lost-work.js';

/** A check that was answered. */
export interface Answering {
  readonly organization: string;
  readonly answeredAt: number;
  readonly tookMs: number;
}

/**
 * The newest answers of all organizations together, newest first. Not those dated later than now: they came before the
 * clock was set back, nobody knows how long ago.
 */
export function recentAnswers(db: Db, now: number, limit = 500): Answering[] {
  return db
    .prepare(
      `SELECT r.organization, c.answered_at AS answeredAt, c.answered_at - coalesce(c.submitted_at, c.answered_at) AS tookMs
       FROM checks AS c JOIN registrations AS r ON r.id = c.registration_id
       WHERE c.answered_at <= ? ORDER BY c.answered_at DESC LIMIT ?`,
    )
    .all(now, limit) as Answering[];
}

/** Checks the provider has everything for and has never answered, with when it got it. */
export function waitingChecks(
  db: Db,
  now: number,
): { readonly organization: string; readonly since: number }[] {
  return db
    .prepare(
      `SELECT r.organization, coalesce(c.submitted_at, c.created_at) AS since
       FROM checks AS c JOIN registrations AS r ON r.id = c.registration_id
       WHERE c.submitted = 1 AND c.last_final IS NULL AND ${notTakenBack} AND c.created_at >= ?`,
    )
    .all(now - mostSilenceMs) as { organization: string; since: number }[];
}
