/**
 * What should be under way and is not: rows that wait for a job that does not exist. Every state and its job land in one
 * transaction, so there should be none; this is for what bugs, operators and restored backups leave behind. Plain SQL on
 * indexes that hold only what is under way, so that a look costs little however large the tables are.
 */
import type { JobSubject } from './commit.js';
import type { Db } from './db.js';

/**
 * So long is a provider asked for a verdict. Then a person has to look, and only a delivery has the check read again.
 */
export const mostSilenceMs = 30 * 86_400_000;

/** Organizations that are no longer served have nobody who could do their work. */
const served = 'organization IN (SELECT value FROM json_each(?))';
const subject = 'r.id, r.identity_id, r.organization, r.provider, r.kratos_identity_id';
const noJob = (key: string, states: string) =>
  `NOT EXISTS (SELECT 1 FROM jobs AS j WHERE j.key = ${key} AND j.state IN (${states}))`;
const alive = "'ready', 'running'";
/** a person has to look at what was given up; the sweep does not start it anew */
const aliveOrDead = "'ready', 'running', 'dead'";

/** A check whose verdict is due, with what a job about it is made from. */
export type DueCheck = JobSubject & {
  readonly checkId: string;
  readonly checkRef: string;
  readonly workflow: number;
};

/** That a check was withdrawn before it had a verdict is an answer too: SQL on the alias `c`. */
export const notTakenBack = `coalesce(json_extract(c.latest, '$.kind'), '') != 'final'`;

const dueCheck = `SELECT ${subject}, c.id AS checkId, c.check_ref AS checkRef, c.workflow
  FROM checks AS c JOIN registrations AS r ON r.id = c.registration_id`;
const open = `c.submitted = 1 AND c.last_final IS NULL AND ${notTakenBack} AND c.check_ref IS NOT NULL`;
const unanswered = `${open} AND c.created_at >= ?`;
/** Asked about once more, that comes before a person. An index holds the few that were never answered, and no others. */
const overdue = `${open} AND c.created_at < ? AND r.status = 'submitted'`;
const reopened = `c.submitted = 1 AND c.last_final IS NOT NULL AND json_extract(c.latest, '$.kind') = 'reopened'
  AND c.check_ref IS NOT NULL AND c.created_at >= ?`;

/** Checks of an organization the provider has everything for and has not (or no longer) decided, oldest first. */
export function dueChecks(db: Db, organization: string, since: number, limit: number): DueCheck[] {
  const mine = 'AND r.organization = ?';
  return db
    .prepare(
      `SELECT * FROM (${dueCheck} WHERE ${unanswered} ${mine} ORDER BY c.created_at)
       UNION ALL SELECT * FROM (${dueCheck} WHERE ${reopened} ${mine} ORDER BY c.created_at) LIMIT ?`,
    )
    .all(since, organization, since, organization, limit) as DueCheck[];
}

/**
 * Checks of an organization by whose CLEAR the machine let somebody in, answered since a moment, newest first. Found by
 * when they were answered, so that a look costs no more than the checks since then, however many people are registered.
 */
export function admittingChecks(db: Db, organization: string, since: number, limit: number): DueCheck[] {
  return db
    .prepare(
      `${dueCheck} JOIN identities AS i ON i.id = r.identity_id
       WHERE c.answered_at >= ? AND r.organization = ? AND c.check_ref IS NOT NULL
         AND i.status = 'registered' AND i.source_by = 'machine' AND i.source_seq = r.seq
         AND json_extract(c.latest, '$.kind') = 'final' AND json_extract(c.latest, '$.result') = 'CLEAR'
       ORDER BY c.answered_at DESC LIMIT ?`,
    )
    .all(since, organization, limit) as DueCheck[];
}

/**
 * Of the due ones, and of those that somebody waits for longer than providers are asked, those nobody will ask about. One
 * whose reading was given up got its verdict by that.
 */
export function unaskedChecks(
  db: Db,
  since: number,
  organizations: readonly string[],
  limit: number,
): DueCheck[] {
  const unasked = `${noJob("'read:' || c.id", alive)} AND r.${served}`;
  const ids = JSON.stringify(organizations);
  return db
    .prepare(
      `${[unanswered, overdue, reopened].map(due => `${dueCheck} WHERE ${due} AND ${unasked}`).join(' UNION ALL ')} LIMIT ?`,
    )
    .all(since, ids, since, ids, since, ids, limit) as DueCheck[];
}

/** Registrations that wait for the customer and will not be closed when their time is over. */
export function withoutDeadline(
  db: Db,
  organizations: readonly string[],
  limit: number,
): (JobSubject & { readonly expiresAt: number })[] {
  return db
    .prepare(
      `SELECT ${subject}, r.expires_at AS expiresAt FROM registrations AS r
       WHERE r.status IN ('created', 'link_sent', 'opened') AND r.deadline_passed IS NOT r.expires_at
         AND ${noJob("'deadline:' || r.id || ':' || r.expires_at", alive)} AND r.${served} LIMIT ?`,
    )
    .all(JSON.stringify(organizations), limit) as (JobSubject & { expiresAt: number })[];
}

/** Kiosks' registrations that wait for an applicant nobody makes. */
export function withoutApplicant(
  db: Db,
  now: number,
  organizations: readonly string[],
  limit: number,
): JobSubject[] {
  return db
    .prepare(
      `SELECT ${subject} FROM registrations AS r
       WHERE r.status IN ('created', 'link_sent', 'opened') AND r.applicant_ref IS NULL AND r.channel = 'kiosk'
         AND r.expires_at > ? AND ${noJob("'prepare:' || r.id", aliveOrDead)} AND r.${served} LIMIT ?`,
    )
    .all(now, JSON.stringify(organizations), limit) as JobSubject[];
}

/** Texts that nobody sends. */
export function unsentNotices(
  db: Db,
  organizations: readonly string[],
  limit: number,
): { readonly id: string; readonly identityId: string }[] {
  return db
    .prepare(
      `SELECT n.id, n.identity_id AS identityId FROM notices AS n
       WHERE n.status = 'queued' AND ${noJob("'notice:' || n.id", aliveOrDead)} AND n.${served} LIMIT ?`,
    )
    .all(JSON.stringify(organizations), limit) as { id: string; identityId: string }[];
}

/** Registrations whose status is to be copied to Kratos and is not. */
export function unmirrored(db: Db, organizations: readonly string[], limit: number): JobSubject[] {
  return db
    .prepare(
      `SELECT ${subject} FROM registrations AS r
       WHERE r.mirrored = 0 AND r.kratos_identity_id IS NOT NULL AND ${noJob("'mirror:' || r.id", aliveOrDead)}
         AND r.${served} LIMIT ?`,
    )
    .all(JSON.stringify(organizations), limit) as JobSubject[];
}
