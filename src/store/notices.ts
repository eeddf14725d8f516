import type { NewJob } from '../domain/job.js';
import { type Db, sql } from './db.js';
import { addJob } from './jobs.js';
import type { NoticesTable } from './schema.js';

/**
 * What became of a message: `held` waits for something else than its turn (see {@link releaseNotices}), `skipped` was not sent for a reason of ours, `failed` and `undelivered` are the
 * vendor's.
 */
export type NoticeStatus =
  | 'held'
  | 'queued'
  | 'accepted'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'unsubscribed'
  | 'skipped';

export type NoticeRow = NoticesTable;

/** Who gets a notice, about what. */
export interface NewNotice {
  readonly id: string;
  readonly registrationId: string;
  readonly identityId: string;
  readonly organization: string;
  readonly kioskId: string | null;
  readonly kind: string;
  /** what makes it the same notice when the decision is replayed */
  readonly effectKey: string;
  /** not to be sent before {@link releaseNotices} */
  readonly held?: boolean;
}

/** Adds a notice and the job that sends it, once for its key. */
export function addNotice(db: Db, notice: NewNotice, now: number): void {
  const added = db.run(
    sql
      .insertInto('notices')
      .values({
        id: notice.id,
        registration_id: notice.registrationId,
        kiosk_id: notice.kioskId,
        organization: notice.organization,
        identity_id: notice.identityId,
        kind: notice.kind,
        effect_key: notice.effectKey,
        status: notice.held ? 'held' : 'queued',
        vendor: null,
        vendor_ref: null,
        segments: null,
        error_code: null,
        created_at: now,
        attempted_at: null,
        sending_since: null,
        settled_at: null,
      })
      .onConflict(conflict => conflict.column('effect_key').doNothing()),
  );
  if (added.changes === 0 || notice.held) return;
  addJob(db, noticeJob(notice, now), now);
}

/** Lets go the held texts of a registration that were asked for by a moment. */
export function releaseNotices(db: Db, registrationId: string, askedBy: number, now: number): void {
  db.transaction(() => {
    for (const { id, identity_id: identityId, status, created_at } of noticesOf(db, registrationId)) {
      if (status !== 'held' || created_at > askedBy) continue;
      db.run(sql.updateTable('notices').set({ status: 'queued' }).where('id', '=', id));
      addJob(db, noticeJob({ id, identityId }, now), now);
    }
  });
}

/** The job that sends a notice; the texts to one person go out one after the other. */
export function noticeJob(
  notice: { readonly id: string; readonly identityId: string },
  runAt: number,
): NewJob<'notice'> {
  return {
    kind: 'notice',
    key: `notice:${notice.id}`,
    lane: `sms:${notice.identityId}`,
    receiver: 'sms',
    payload: { noticeId: notice.id },
    runAt,
  };
}

/** The notice with this id, or undefined. */
export function findNotice(db: Db, id: string): NoticeRow | undefined {
  return db.one<NoticeRow>(sql.selectFrom('notices').selectAll().where('id', '=', id));
}

/** The notices of a registration, oldest first. */
export function noticesOf(db: Db, registrationId: string): NoticeRow[] {
  return db.all<NoticeRow>(
    sql
      .selectFrom('notices')
      .selectAll()
      .where('registration_id', '=', registrationId)
      .orderBy('created_at')
      .orderBy('id'),
  );
}

/** The attempts at a notice whose outcome is not known. */
export interface Attempts {
  /** since when the vendor may have it; null when it certainly never saw it */
  readonly since: number | null;
  /** since when the vendor may be at work on it; null when it certainly is not */
  readonly sendingSince: number | null;
}

/** Notes attempts, the first before anything is sent: after a crash the vendor is asked before another one. */
export function noteAttempts(db: Db, id: string, vendor: string, { since, sendingSince }: Attempts): void {
  const set = { vendor, attempted_at: since, sending_since: sendingSince };
  db.run(sql.updateTable('notices').set(set).where('id', '=', id));
}

/** Writes what is known of a notice now. */
export function settleNotice(
  db: Db,
  id: string,
  outcome: { status: NoticeStatus; ref?: string; segments?: number; errorCode?: string },
  now: number,
): void {
  db.run(
    sql
      .updateTable('notices')
      .set({
        status: outcome.status,
        settled_at: now,
        ...(outcome.ref === undefined ? {} : { vendor_ref: outcome.ref }),
        ...(outcome.segments === undefined ? {} : { segments: outcome.segments }),
        error_code: outcome.errorCode ?? null,
      })
      .where('id', '=', id),
  );
}

/** The notice a vendor's message belongs to, or undefined. */
export function findNoticeByRef(db: Db, ref: string): NoticeRow | undefined {
  return db.one<NoticeRow>(sql.selectFrom('notices').selectAll().where('vendor_ref', '=', ref));
}

/** How many notices were made since a moment: for a number, a kiosk, or all. Counts what may cost money. */
export function countNotices(db: Db, since: number, of: { identityId?: string; kioskId?: string }): number {
  let query = sql
    .selectFrom('notices')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('created_at', '>=', since)
    .where('status', '!=', 'skipped');
  if (of.identityId !== undefined) query = query.where('identity_id', '=', of.identityId);
  if (of.kioskId !== undefined) query = query.where('kiosk_id', '=', of.kioskId);
  return db.one<{ count: number }>(query)?.count ?? 0;
}
