/** Registrations with their checks: rows to what `decide` knows, and back. */
import { sql as text } from 'kysely';
import type { MediaReference } from '../domain/findings.js';
import { isFinalDecline } from '../domain/phase.js';
import type {
  Check,
  PersonAction,
  Reading,
  Registration,
  RegistrationStatus,
} from '../domain/registration.js';
import { isOpen } from '../domain/registration.js';
import { isResult } from '../domain/results.js';
import { isAnswer } from '../domain/unanswered.js';
import { type Db, sql } from './db.js';
import type { ChecksTable, RegistrationsTable } from './schema.js';

type Stored<Table, Numbers extends keyof Table> = {
  [Column in keyof Table]: Column extends Numbers ? number : Table[Column];
};

/** A row of `registrations` as read. */
export type RegistrationRow = Omit<
  Stored<
    RegistrationsTable,
    'seq' | 'link_sent' | 'opened_by_sms' | 'opened_by_kiosk' | 'failed' | 'revision' | 'earlier_declined'
  >,
  'reason_codes' | 'channel' | 'mirrored'
> & { reason_codes: string; channel: string; mirrored: number | null };

/** A row of `checks` as read. */
export type CheckRow = Omit<
  Stored<ChecksTable, 'workflow' | 'submitted'>,
  'used_media' | 'media' | 'submitted_at' | 'answered_at'
> & {
  used_media: string;
  media: string;
  submitted_at: number | null;
  answered_at: number | null;
};

/** A registration with its row: the domain's view and what the domain need not know. */
export interface StoredRegistration {
  readonly row: RegistrationRow;
  readonly checks: readonly CheckRow[];
  readonly registration: Registration;
}

/** The registration with this id, or undefined. */
export function findRegistration(db: Db, id: string): StoredRegistration | undefined {
  return load(db, db.one<RegistrationRow>(sql.selectFrom('registrations').selectAll().where('id', '=', id)));
}

/** The registration at this place in the order of creation, or undefined. */
export function findRegistrationBySeq(db: Db, seq: number): StoredRegistration | undefined {
  return load(
    db,
    db.one<RegistrationRow>(sql.selectFrom('registrations').selectAll().where('seq', '=', seq)),
  );
}

/** The newest registration of an identity, or undefined. */
export function newestRegistration(db: Db, identityId: string): StoredRegistration | undefined {
  const query = sql.selectFrom('registrations').selectAll().where('identity_id', '=', identityId);
  return load(db, db.one<RegistrationRow>(query.orderBy('seq', 'desc').limit(1)));
}

/** All registrations of an identity, oldest first, without their checks. */
export function registrationsOf(db: Db, identityId: string): RegistrationRow[] {
  const query = sql.selectFrom('registrations').selectAll().where('identity_id', '=', identityId);
  return db.all<RegistrationRow>(query.orderBy('seq'));
}

/** All registrations for a Kratos identity, whoever asked for them, without their checks. */
export function registrationsOnKratos(db: Db, kratosIdentityId: string): RegistrationRow[] {
  return db.all<RegistrationRow>(
    sql.selectFrom('registrations').selectAll().where('kratos_identity_id', '=', kratosIdentityId),
  );
}

/** The newest registration for a Kratos identity at a provider, whichever organization's it is, or undefined. */
export function newestOnKratosIdentity(
  db: Db,
  kratosIdentityId: string,
  provider: string,
): StoredRegistration | undefined {
  const query = sql
    .selectFrom('registrations')
    .selectAll()
    .where('kratos_identity_id', '=', kratosIdentityId)
    .where('provider', '=', provider);
  return load(db, db.one<RegistrationRow>(query.orderBy('seq', 'desc').limit(1)));
}

/** The newest registration for a Kratos identity in an organization, or undefined. */
export function newestOfKratosIdentity(
  db: Db,
  kratosIdentityId: string,
  organization: string,
): StoredRegistration | undefined {
  const query = sql
    .selectFrom('registrations')
    .selectAll()
    .where('kratos_identity_id', '=', kratosIdentityId)
    .where('organization', '=', organization);
  return load(db, db.one<RegistrationRow>(query.orderBy('seq', 'desc').limit(1)));
}

/** The registration a link leads to, and which of its two links it was. */
export function findRegistrationByLink(
  db: Db,
  linkHash: Buffer,
): { stored: StoredRegistration; via: 'sms' | 'kiosk' } | undefined {
  const bySms = db.one<RegistrationRow>(
    sql.selectFrom('registrations').selectAll().where('sms_link_hash', '=', linkHash),
  );
  const row =
    bySms ??
    db.one<RegistrationRow>(
      sql.selectFrom('registrations').selectAll().where('kiosk_link_hash', '=', linkHash),
    );
  const stored = load(db, row);
  return stored && { stored, via: bySms ? 'sms' : 'kiosk' };
}

/** The registration an applicant of a provider was made for, whichever organization's it is. */
export function findRegistrationByApplicant(
  db: Db,
  provider: string,
  applicantRef: string,
): StoredRegistration | undefined {
  return load(
    db,
    db.one<RegistrationRow>(
      sql
        .selectFrom('registrations')
        .selectAll()
        .where('provider', '=', provider)
        .where('applicant_ref', '=', applicantRef),
    ),
  );
}

/** The check of ours with this id, or undefined. */
export function findCheck(db: Db, id: string): CheckRow | undefined {
  return db.one<CheckRow>(sql.selectFrom('checks').selectAll().where('id', '=', id));
}

/** The check of ours that a provider's check or run belongs to, or undefined. */
export function findCheckByRef(db: Db, provider: string, checkRef: string): CheckRow | undefined {
  return db.one<CheckRow>(
    sql.selectFrom('checks').selectAll().where('provider', '=', provider).where('check_ref', '=', checkRef),
  );
}

/** Remembers the applicant made for a registration. Throws when another one has it: no two may share one. */
export function setApplicant(db: Db, registrationId: string, applicantRef: string): void {
  db.run(
    sql.updateTable('registrations').set({ applicant_ref: applicantRef }).where('id', '=', registrationId),
  );
}

/** Remembers when the customer agreed to the provider's notice. */
export function noteConsent(db: Db, registrationId: string, at: number): void {
  db.run(sql.updateTable('registrations').set({ consent_at: at }).where('id', '=', registrationId));
}

/** What is remembered of a check besides what is decided upon. Only what is given is written. */
export interface CheckNote {
  /** the customer went on to the capture */
  readonly startedAt?: number;
  /** a page said that the capture ended; null when the provider turned out to have nothing */
  readonly hintedAt?: number | null;
  /** the provider may be making it; null when it certainly is not */
  readonly makingSince?: number | null;
  /** the provider's reference is a workflow run's */
  readonly workflow?: boolean;
  /** the uploads the check was made from */
  readonly usedMedia?: readonly string[];
  /** the pictures its reports name */
  readonly media?: readonly MediaReference[];
  readonly personSealed?: Buffer;
}

/** Writes a note on a check. */
export function noteCheck(db: Db, checkId: string, note: CheckNote): void {
  const set = {
    ...(note.startedAt === undefined ? {} : { started_at: note.startedAt }),
    ...(note.hintedAt === undefined ? {} : { hinted_at: note.hintedAt }),
    ...(note.makingSince === undefined ? {} : { making_since: note.makingSince }),
    ...(note.workflow === undefined ? {} : { workflow: Number(note.workflow) }),
    ...(note.usedMedia === undefined ? {} : { used_media: JSON.stringify(note.usedMedia) }),
    ...(note.media === undefined ? {} : { media: JSON.stringify(note.media) }),
    ...(note.personSealed === undefined ? {} : { person_sealed: note.personSealed }),
  };
  if (Object.keys(set).length > 0) db.run(sql.updateTable('checks').set(set).where('id', '=', checkId));
}

/** Remembers whether Kratos was told what it is to be told of a registration. */
export function noteMirrored(db: Db, registrationId: string, told: boolean): void {
  db.run(
    sql
      .updateTable('registrations')
      .set({ mirrored: Number(told) })
      .where('id', '=', registrationId),
  );
}

/** Takes back that the customer was told the outcome: the text was never sent. */
export function forgetTold(db: Db, registrationId: string): void {
  db.run(sql.updateTable('registrations').set({ told: null }).where('id', '=', registrationId));
}

/** Moves the time limit of a link. */
export function setExpiry(db: Db, registrationId: string, expiresAt: number): void {
  db.run(sql.updateTable('registrations').set({ expires_at: expiresAt }).where('id', '=', registrationId));
}

/** Writes what a decision changed. */
export function saveRegistration(db: Db, before: Registration, next: Registration, now: number): void {
  const decided = next.status === 'decided' || next.status === 'in_review' || next.status === 'expired';
  db.run(
    sql
      .updateTable('registrations')
      .set({
        status: next.status,
        expires_at: next.expiresAt,
        link_sent: Number(next.linkSent),
        opened_by_sms: Number(next.openedBySms),
        opened_by_kiosk: Number(next.openedByKiosk),
        deadline_passed: next.deadlinePassed,
        failed: Number(next.failed),
        earlier_declined: Number(next.earlierDeclined),
        person_action: next.person?.action ?? null,
        person_at: next.person?.at ?? null,
        result: next.result,
        reason: next.reason,
        reason_codes: JSON.stringify(next.reasonCodes),
        told: next.told,
        revision: next.revision,
        ...(decided && next.status !== before.status ? { decided_at: now } : {}),
        ...(isFinalDecline(next) === isFinalDecline(before)
          ? {}
          : { declined_at: isFinalDecline(next) ? now : null }),
        ...(isOpen(next.status) ? {} : { open_key: null }),
      })
      .where('id', '=', next.id),
  );
  next.checks.forEach((check, place) => {
    const was = before.checks[place];
    if (check !== was) saveCheck(db, check, was, now);
  });
}

function saveCheck(db: Db, check: Check, was: Check | undefined, now: number): void {
  const answered = isAnswer(check.lastFinal) && !isAnswer(was?.lastFinal ?? null);
  db.run(
    sql
      .updateTable('checks')
      .set({
        check_ref: check.checkRef,
        submitted: Number(check.submitted),
        latest: check.latest && JSON.stringify(check.latest),
        last_final: check.lastFinal && JSON.stringify(check.lastFinal),
        ...(check.submitted && !was?.submitted ? { submitted_at: now } : {}),
        ...(answered ? { answered_at: text`coalesce(answered_at, ${now})` } : {}),
      })
      .where('id', '=', check.id),
  );
}

/** Makes the row of an attempt's check, if it is not there yet. */
export function addCheck(
  db: Db,
  check: { id: string; registrationId: string; provider: string; attempt: number },
  now: number,
): void {
  db.run(
    sql
      .insertInto('checks')
      .values({
        id: check.id,
        registration_id: check.registrationId,
        provider: check.provider,
        attempt: check.attempt,
        check_ref: null,
        created_at: now,
        started_at: null,
        hinted_at: null,
        making_since: null,
        latest: null,
        last_final: null,
        person_sealed: null,
      })
      .onConflict(conflict => conflict.column('id').doNothing()),
  );
}

function load(db: Db, row: RegistrationRow | undefined): StoredRegistration | undefined {
  if (!row) return undefined;
  const checks = db.all<CheckRow>(
    sql.selectFrom('checks').selectAll().where('registration_id', '=', row.id).orderBy('attempt'),
  );
  return { row, checks, registration: toRegistration(row, checks) };
}

function toRegistration(row: RegistrationRow, checks: readonly CheckRow[]): Registration {
  return {
    id: row.id,
    seq: row.seq,
    status: row.status as RegistrationStatus,
    expiresAt: row.expires_at,
    linkSent: row.link_sent === 1,
    openedBySms: row.opened_by_sms === 1,
    openedByKiosk: row.opened_by_kiosk === 1,
    phoneVerified: row.phone_verified === 1,
    externalSite: row.external_site === 1,
    notifies: row.notifies === 1,
    deadlinePassed: row.deadline_passed,
    failed: row.failed === 1,
    earlierDeclined: row.earlier_declined === 1,
    person: row.person_action ? { action: row.person_action as PersonAction, at: row.person_at ?? 0 } : null,
    checks: checks.map(toCheck),
    result: row.result !== null && isResult(row.result) ? row.result : null,
    reason: row.reason,
    reasonCodes: JSON.parse(row.reason_codes) as string[],
    told: row.told,
    revision: row.revision,
  };
}

function toCheck(row: CheckRow): Check {
  return {
    id: row.id,
    attempt: row.attempt,
    checkRef: row.check_ref,
    submitted: row.submitted === 1,
    latest: row.latest === null ? null : (JSON.parse(row.latest) as Reading),
    lastFinal: row.last_final === null ? null : (JSON.parse(row.last_final) as Reading),
  };
}
