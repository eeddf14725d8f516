/**
 * A decision, committed: the event is decided upon and the next state lands together with everything that must follow,
 * in one transaction. Nothing else writes the status of a registration or an identity.
 */
import { checkIdOf, type Decision, decide } from '../domain/decide.js';
import type { Effect } from '../domain/effects.js';
import type { Event } from '../domain/events.js';
import { hasFallen, inherit } from '../domain/heir.js';
import type { NewJob } from '../domain/job.js';
import { isFinalDecline } from '../domain/phase.js';
import type { Policy } from '../domain/policy.js';
import type { Registration } from '../domain/registration.js';
import { newId } from '../runtime/ids.js';
import { addAlert } from './alerts.js';
import type { Db } from './db.js';
import { laterMistaken } from './earlier-declines.js';
import { findIdentity, type StoredIdentity, saveIdentity } from './identities.js';
import { addJob } from './jobs.js';
import { onOtherKratosIdentities } from './mirrored.js';
import { addNotice } from './notices.js';
import { addRegistrationEvent } from './registration-events.js';
import {
  addCheck,
  findRegistration,
  noteMirrored,
  registrationsOf,
  type StoredRegistration,
  saveRegistration,
} from './registrations.js';
import { closeCase, noteDecision, openCase } from './review-cases.js';

/** An event and who reports it. */
export interface Happening {
  readonly registrationId: string;
  readonly event: Event;
  readonly policy: Policy;
  readonly now: number;
  /** the person behind a `person` event, as they named themselves, and why */
  readonly person?: { readonly by: string; readonly reason: string };
  /** further rows that must land in the same transaction, e.g. what was read from a document */
  readonly alongside?: (db: Db) => void;
}

/** Decides and commits. Undefined when there is no such registration. */
export function commitEvent(db: Db, happening: Happening): Decision | undefined {
  return db.transaction(() => {
    const stored = findRegistration(db, happening.registrationId);
    const owner = stored && findIdentity(db, stored.row.identity_id);
    if (!stored || !owner) return undefined;
    const { event, policy, now } = happening;
    const decided = decide(owner.identity, stored.registration, event, policy, now);
    const identity = hasFallen(owner.identity, decided.identity, stored.registration)
      ? inherit(owner.identity, decided.identity, heirOf(db, stored), now)
      : decided.identity;
    const decision = { ...decided, identity };
    happening.alongside?.(db);
    if (!decision.changed) return decision;
    for (const effect of decision.effects)
      if (effect.kind === 'begin_attempt') beginAttempt(db, stored, effect, now);
    saveRegistration(db, stored.registration, decision.registration, now);
    if (decision.identity !== owner.identity) saveIdentity(db, decision.identity);
    for (const effect of decision.effects) put(db, effect, { stored, owner, decision, happening });
    // Kratos is told of a run and of whose word counts, and no status need change with either
    if (event.kind === 'run_opened' || event.kind === 'person')
      putMirror(db, { stored, owner, decision, happening });
    if (isDeclinedNow(stored, decision)) addJob(db, restrictJob(stored.row, now), now, 'again');
    tellLaterOnes(db, stored, decision, happening);
    return decision;
  });
}

/** The newest other registration of the same person that is decided or waits for a person, or null. */
function heirOf(db: Db, { row }: StoredRegistration): Registration | null {
  const heir = registrationsOf(db, row.identity_id).findLast(
    ({ id, status }) => id !== row.id && (status === 'decided' || status === 'in_review'),
  );
  return (heir && findRegistration(db, heir.id)?.registration) ?? null;
}

/** What is clear now waits for a person all the same when an earlier registration turns out to be a refusal. */
function tellLaterOnes(db: Db, stored: StoredRegistration, decision: Decision, happening: Happening): void {
  const { event, policy, now } = happening;
  const moved = isFinalDecline(stored.registration) !== isFinalDecline(decision.registration);
  if (!moved && event.kind !== 'person') return;
  const { identity_id: identityId, seq } = stored.row;
  for (const { id, declined } of laterMistaken(db, identityId, seq))
    commitEvent(db, { registrationId: id, event: { kind: 'earlier_declined', declined }, policy, now });
}

interface Landing {
  readonly stored: StoredRegistration;
  readonly owner: StoredIdentity;
  readonly decision: Decision;
  readonly happening: Happening;
}

function put(db: Db, effect: Effect, landing: Landing): void {
  const { row } = landing.stored;
  const { now } = landing.happening;
  switch (effect.kind) {
    case 'notice':
      putNotice(db, effect, landing);
      break;
    case 'announce':
      addRegistrationEvent(db, row.id, effect.status, now);
      break;
    case 'mirror':
      putMirror(db, landing);
      break;
    case 'documents':
      addJob(db, documentsJob(row, effect.checkId, now), now, 'again');
      break;
    case 'open_case':
      openCase(db, newId('case', now), row.id, effect.cause, now);
      break;
    case 'close_case':
      putClosing(db, landing);
      break;
    case 'alert':
      addAlert(db, { code: effect.code, subject: row.id }, now);
      break;
    case 'deadline':
      addJob(db, deadlineJob(row, effect.at), now);
      break;
    case 'ask_provider':
      addJob(db, { ...readJob(row, effect.checkId, effect.at), background: true }, now, 'again');
      break;
    // its row is made before the registration is saved
    case 'begin_attempt':
      tellSite(db, row, now);
      break;
  }
}

function putNotice(db: Db, effect: Extract<Effect, { kind: 'notice' }>, landing: Landing): void {
  const { row } = landing.stored;
  if (row.notifies === 0) return;
  const { now } = landing.happening;
  const held = effect.notice === 'resubmission' && tellSite(db, row, now);
  addNotice(
    db,
    {
      id: newId('ntc', now),
      registrationId: row.id,
      identityId: row.identity_id,
      organization: row.organization,
      kioskId: row.kiosk_id,
      kind: effect.notice,
      effectKey: `${row.id}:${landing.decision.registration.revision}:${effect.notice}`,
      held,
    },
    now,
  );
}

/** Has an external site told of the customer anew, where there is one: texts of a link to it wait for that. */
function tellSite(db: Db, row: JobSubject & { readonly external_site: number }, now: number): boolean {
  if (row.external_site === 0) return false;
  addJob(db, siteTokenJob(row, now), now, 'again');
  return true;
}

function putMirror(db: Db, landing: Landing): void {
  const { row } = landing.stored;
  const { now } = landing.happening;
  if (row.kratos_identity_id !== null) askForMirror(db, row, now);
  // whoever is known by a phone may have named another Kratos identity before, which is told of the same person
  if (row.channel === 'kiosk')
    for (const other of onOtherKratosIdentities(db, row)) askForMirror(db, other, now);
}

function beginAttempt(db: Db, stored: StoredRegistration, effect: { attempt: number }, now: number): void {
  const { id, provider } = stored.row;
  addCheck(
    db,
    { id: checkIdOf(id, effect.attempt), registrationId: id, provider, attempt: effect.attempt },
    now,
  );
}

/** A person's decision is kept even where no case was open. */
function putClosing(db: Db, { stored, happening }: Landing): void {
  const { event, now } = happening;
  const closing = closingOf(happening);
  const closed = closeCase(db, stored.row.id, closing, now);
  if (!closed && event.kind === 'person') noteDecision(db, newId('case', now), stored.row.id, closing, now);
}

function closingOf(happening: Happening): { by: string; action: string; reason: string | null } {
  const { event, person } = happening;
  if (event.kind !== 'person') return { by: 'machine', action: 'superseded', reason: null };
  return { by: person?.by ?? 'unnamed', action: event.action, reason: person?.reason ?? null };
}

/** What jobs about a registration are made from. */
export interface JobSubject {
  readonly id: string;
  readonly identity_id: string;
  readonly organization: string;
  readonly provider: string;
  readonly kratos_identity_id: string | null;
}

/** Asking the provider about a check; asked for again while it waits, it is the same job. */
export function readJob(subject: JobSubject, checkId: string, runAt: number): NewJob<'read'> {
  return {
    kind: 'read',
    key: `read:${checkId}`,
    ...providerLane(subject),
    payload: { registrationId: subject.id, checkId },
    runAt,
  };
}

/** Turning uploads into a check, because a page said that they are there. */
export function submitJob(subject: JobSubject, checkId: string, runAt: number): NewJob<'submit'> {
  return {
    kind: 'submit',
    key: `submit:${checkId}`,
    ...providerLane(subject),
    payload: { registrationId: subject.id, checkId },
    runAt,
  };
}

/** The same, because no page ever said so. */
export function lookForUploadsJob(
  subject: JobSubject,
  checkId: string,
  runAt: number,
): NewJob<'look_for_uploads'> {
  return {
    ...submitJob(subject, checkId, runAt),
    kind: 'look_for_uploads',
    key: `look_for_uploads:${checkId}`,
    background: true,
  };
}

/** The end of a link's time. A moved time makes another job; the earlier one then finds nothing to do. */
export function deadlineJob(subject: JobSubject, expiresAt: number): NewJob<'deadline'> {
  return {
    kind: 'deadline',
    key: `deadline:${subject.id}:${expiresAt}`,
    ...providerLane(subject),
    payload: { registrationId: subject.id, expiresAt },
    runAt: expiresAt,
    background: true,
  };
}

/** Has the status copied to Kratos. */
export function askForMirror(db: Db, subject: JobSubject, now: number): void {
  noteMirrored(db, subject.id, false);
  addJob(db, mirrorJob(subject, now), now, 'again');
}

/** Whether this decision turned down for good somebody whom Ory asked about. */
function isDeclinedNow(
  { row, registration: before }: StoredRegistration,
  { registration }: Decision,
): boolean {
  return row.channel === 'ory' && isFinalDecline(registration) && !isFinalDecline(before);
}

/** What a final decline does in Kratos beyond the next login. */
export function restrictJob(subject: JobSubject, runAt: number): NewJob<'restrict'> {
  return { ...mirrorJob(subject, runAt), kind: 'restrict', key: `restrict:${subject.id}` };
}

/** Copying the status to Kratos; one lane for each identity there, because a write replaces all its metadata. */
export function mirrorJob(subject: JobSubject, runAt: number): NewJob<'mirror'> {
  return {
    kind: 'mirror',
    key: `mirror:${subject.id}`,
    lane: `kratos:${subject.kratos_identity_id}`,
    receiver: 'kratos',
    payload: { registrationId: subject.id },
    runAt,
  };
}

/** Looking whether Kratos still has what it was told, when nothing else is to be said to it. */
export function compareJob(subject: JobSubject, runAt: number): NewJob<'compare'> {
  return {
    ...mirrorJob(subject, runAt),
    kind: 'compare',
    key: `compare:${subject.id}`,
    background: true,
  };
}

/** The lane and receiver of everything said to a provider about one identity. */
export function providerLane(subject: JobSubject): { lane: string; receiver: string } {
  return { lane: `provider:${subject.identity_id}`, receiver: `${subject.provider}:${subject.organization}` };
}

/**
 * Having the provider make a token for an external site, for a registration whose applicant exists. The site is told when
 * it is there, and what waits for that is let go then.
 */
export function siteTokenJob(subject: JobSubject, runAt: number): NewJob<'site_token'> {
  return {
    kind: 'site_token',
    key: `site_token:${subject.id}`,
    ...providerLane(subject),
    payload: { registrationId: subject.id },
    runAt,
  };
}

/** Telling the site. Made when there is something to tell it: whoever wants it told anew asks for {@link siteTokenJob}. */
export function tellSiteJob(
  subject: Pick<JobSubject, 'id' | 'organization'>,
  runAt: number,
): NewJob<'tell_site'> {
  return {
    kind: 'tell_site',
    key: `tell_site:${subject.id}`,
    lane: `site:${subject.id}`,
    receiver: `site:${subject.organization}`,
    payload: { registrationId: subject.id },
    runAt,
  };
}

/** Bringing the pictures of a check into the vault. */
function documentsJob(subject: JobSubject, checkId: string, runAt: number): NewJob<'documents'> {
  return {
    kind: 'documents',
    key: `documents:${checkId}`,
    ...providerLane(subject),
    payload: { checkId },
    runAt,
    background: true,
  };
}
