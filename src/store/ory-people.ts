/** What the login gate and the hooks ask about a Kratos identity: few rows, found by index, nothing written. */
import { sql as text } from 'kysely';
import type { IdentityStatus } from '../domain/identity.js';
import { type KnownPerson, settledStanding, type Told } from '../domain/phase.js';
import type { PersonAction, RegistrationStatus } from '../domain/registration.js';
import { isResult } from '../domain/results.js';
import { type Db, sql } from './db.js';
import { newestDecline } from './earlier-declines.js';
import type { Store } from './store.js';

/** A person whom Ory asked about, with the newest attempt. */
export interface OryPerson {
  readonly identityId: string;
  readonly person: KnownPerson;
  readonly newest: { readonly id: string; readonly seq: number } | null;
  /** the attempt that says where the person stands, by its place in the order of creation */
  readonly decisive: number | null;
}

interface Row {
  id: string;
  status: string;
  source_seq: number | null;
  declined_seq: number | null;
  source_status: string | null;
  source_action: string | null;
  source_result: string | null;
  newest_id: string | null;
  newest_seq: number | null;
  newest_status: string | null;
  newest_action: string | null;
  newest_result: string | null;
}

// one statement, since every login waits for it
const personQuery = `
SELECT i.id, i.status, i.source_seq,
  (${newestDecline}) AS declined_seq,
  s.status AS source_status, s.person_action AS source_action, s.result AS source_result,
  n.id AS newest_id, n.seq AS newest_seq,
  n.status AS newest_status, n.person_action AS newest_action, n.result AS newest_result
FROM identities AS i
LEFT JOIN registrations AS s ON s.seq = i.source_seq
LEFT JOIN registrations AS n ON n.seq = (SELECT max(seq) FROM registrations WHERE identity_id = i.id)
WHERE i.organization = ? AND i.kratos_identity_id = ?`;

/** The person behind a Kratos identity in an organization; null for one that Ory never asked about. */
export function findOryPerson(db: Db, organization: string, kratosId: string): OryPerson | null {
  const row = db.prepare(personQuery).get(organization, kratosId) as Row | undefined;
  if (!row) return null;
  const { newest_id: id, newest_seq: seq, declined_seq: declined } = row;
  const status = row.status as IdentityStatus;
  const source = toldOf(row.source_status, row.source_action, row.source_result);
  const settled = settledStanding(status, source) === null ? null : row.source_seq;
  return {
    identityId: row.id,
    person: {
      status,
      source,
      newest: toldOf(row.newest_status, row.newest_action, row.newest_result),
      declined: declined !== null,
    },
    decisive: declined ?? settled ?? seq,
    newest: id === null || seq === null ? null : { id, seq },
  };
}

function toldOf(status: string | null, action: string | null, result: string | null): Told | null {
  if (status === null) return null;
  return {
    status: status as RegistrationStatus,
    person: action === null ? null : { action: action as PersonAction, at: 0 },
    result: result !== null && isResult(result) ? result : null,
  };
}

/** How many attempts a person began since a moment. */
export function countAttempts(db: Db, identityId: string, since: number): number {
  const query = sql
    .selectFrom('registrations')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('identity_id', '=', identityId)
    .where('created_at', '>', since);
  return db.one<{ count: number }>(query)?.count ?? 0;
}

/** Whether Ory began as many attempts in all since a moment; looks at no more of them than that. */
export function attemptsReach(db: Db, limit: number, since: number): boolean {
  const recent = sql
    .selectFrom('registrations')
    .select('seq')
    .where('channel', '=', text.lit('ory'))
    .where('created_at', '>', since)
    .limit(limit);
  return db.all(recent).length >= limit;
}

/** Keeps a Kratos identity out for good although nothing else is kept of it. */
export function blockKratosIdentity({ main, keyring }: Store, kratosId: string, now: number): void {
  const row = { kratos_index: keyring.indexOf('kratos', kratosId), blocked_at: now };
  main.run(
    sql
      .insertInto('blocked_identities')
      .values(row)
      .onConflict(conflict => conflict.doNothing()),
  );
}

/** Whether {@link blockKratosIdentity} was called for it. */
export function isKratosIdentityBlocked({ main, keyring }: Store, kratosId: string): boolean {
  const query = 'SELECT 1 FROM blocked_identities WHERE kratos_index = ?';
  return main.prepare(query).get(keyring.indexOf('kratos', kratosId)) !== undefined;
}

/** Burns a resume link. False when it was burnt before. */
export function burnResumeLink(db: Db, nonce: Buffer, now: number): boolean {
  const insert = sql.insertInto('used_resume_links').values({ nonce, used_at: now });
  return db.run(insert.onConflict(conflict => conflict.doNothing())).changes > 0;
}

/** Whether a resume link was burnt. */
export function isResumeLinkBurnt(db: Db, nonce: Buffer): boolean {
  const query = sql.selectFrom('used_resume_links').select('used_at').where('nonce', '=', nonce);
  return db.one(query) !== undefined;
}

/** Forgets burnt links that have run out long since. */
export function forgetResumeLinks(db: Db, before: number): void {
  db.run(sql.deleteFrom('used_resume_links').where('used_at', '<', before));
}
