/**
 * The one decision: what a registration and its identity become through an event, and what is to be done about it.
 * Pure. First the event is absorbed into the registration's facts; then the verdict is drawn from the facts anew; then
 * what differs from before turns into effects. An event that adds no fact changes nothing.
 */
import type { AlertCode, Effect } from './effects.js';
import type { Event } from './events.js';
import type { Identity } from './identity.js';
import { phaseOf } from './phase.js';
import type { Policy } from './policy.js';
import type { Check, Reading, Registration } from './registration.js';
import { currentCheck, isOpen, vendorVerdictOf } from './registration.js';
import { familyOf, severityOf } from './results.js';
import type { Verdict } from './verdict.js';
import { asksAgain, machineVerdictOf, saysNothing, standingReading, verdictOf } from './verdict.js';

/** The next state and the effects it asks for, to be committed together. `changed` is false when nothing is to be stored. */
export interface Decision {
  readonly changed: boolean;
  readonly identity: Identity;
  readonly registration: Registration;
  readonly effects: readonly Effect[];
}

/** The id of an attempt's check. It follows from the registration, so that no replay can make a second one. */
export function checkIdOf(registrationId: string, attempt: number): string {
  return `${registrationId.replace(/^reg_/, 'chk_')}-${attempt}`;
}

/** Decides. `now` is epoch milliseconds; deterministic for equal arguments. */
export function decide(
  identity: Identity,
  registration: Registration,
  event: Event,
  policy: Policy,
  now: number,
): Decision {
  const absorbed = absorb(registration, event, now);
  // which run is read from now on is no verdict yet
  if (event.kind === 'run_outdone' || sameWords(absorbed, registration))
    return { changed: absorbed !== registration, identity, registration: absorbed, effects: [] };
  const facts = beginNextAttempt(absorbed, policy, now);
  const verdict = verdictOf(facts, policy);
  const nextIdentity = standingOf(identity, facts, verdict, now);
  const notice = noticeOf(registration, facts, verdict, identity);
  const next: Registration = {
    ...facts,
    status: verdict.status,
    result: verdict.result,
    reason: verdict.reason,
    reasonCodes: verdict.reasonCodes,
    told: notice ? toldKey(verdict, facts) : registration.told,
    revision: registration.revision + 1,
  };
  const effects = [
    ...(notice ? [notice] : []),
    ...effectsOfStatus(registration, next, identity, nextIdentity),
    ...effectsOfAttempt(registration, next),
    ...effectsOfReadings(registration, next, policy, now),
    ...effectsOfCase(registration, next, identity, event, policy),
    ...alertsOf(registration, next, identity, event, policy).map(code => ({ kind: 'alert', code }) as const),
  ];
  return { changed: true, identity: nextIdentity, registration: next, effects };
}

/** The registration with the event's fact added, or the very same object when it adds none. */
function absorb(registration: Registration, event: Event, now: number): Registration {
  switch (event.kind) {
    case 'link_taken':
      return registration.linkSent || !waitsForCustomer(registration)
        ? registration
        : { ...registration, linkSent: true };
    case 'opened':
      return absorbOpened(registration, event.via);
    case 'run_opened':
    case 'submitted':
      return withCheck(registration, event.checkId, check =>
        absorbSubmission(check, event.checkRef, event.kind === 'submitted'),
      );
    case 'run_outdone':
      return withCheck(registration, event.checkId, check =>
        check.checkRef === event.checkRef ? check : { ...check, checkRef: event.checkRef },
      );
    case 'read':
      return withCheck(registration, event.checkId, check => absorbReading(check, event.reading));
    case 'deadline':
      return event.expiresAt === registration.expiresAt &&
        registration.deadlinePassed !== event.expiresAt &&
        waitsForCustomer(registration)
        ? { ...registration, deadlinePassed: event.expiresAt }
        : registration;
    case 'failed':
      return registration.failed ? registration : { ...registration, failed: true };
    case 'earlier_declined':
      return registration.earlierDeclined === event.declined
        ? registration
        : { ...registration, earlierDeclined: event.declined };
    case 'person':
      return { ...registration, person: { action: event.action, at: now } };
  }
}

/**
 * What only tells how far the customer is says nothing any more once the provider has the pictures: as a fact it would
 * have a verdict drawn anew, by settings that may be others by now.
 */
function waitsForCustomer(registration: Registration): boolean {
  const { submitted, latest } = currentCheck(registration);
  return !submitted && latest === null;
}

function absorbOpened(registration: Registration, via: 'sms' | 'kiosk'): Registration {
  if (via === 'sms') return registration.openedBySms ? registration : { ...registration, openedBySms: true };
  return registration.openedByKiosk ? registration : { ...registration, openedByKiosk: true };
}

function withCheck(
  registration: Registration,
  checkId: string,
  change: (check: Check) => Check,
): Registration {
  const checks = registration.checks.map(check => (check.id === checkId ? change(check) : check));
  return checks.every((check, place) => check === registration.checks[place])
    ? registration
    : { ...registration, checks };
}

/** Vendors' links run out and are made anew: until the customer is done, the run that was heard of last is the check's. */
function absorbSubmission(check: Check, checkRef: string, submitted: boolean): Check {
  const known = check.submitted ? (check.checkRef ?? checkRef) : checkRef;
  if (known === check.checkRef && (check.submitted || !submitted)) return check;
  return { ...check, checkRef: known, submitted: check.submitted || submitted };
}

/** "Still running" is no fact: it undoes neither a final word nor that one was taken back. */
function absorbReading(check: Check, heard: Reading): Check {
  if (heard.kind === 'pending') return check;
  const reading = withHoldsOf(check.latest, heard);
  const latest = newer(check.latest, reading);
  const final = reading.kind === 'final' && !reading.withdrawn;
  const lastFinal = final ? lastWord(check.lastFinal, reading) : check.lastFinal;
  if (latest === check.latest && lastFinal === check.lastFinal && check.submitted) return check;
  return { ...check, latest, lastFinal, submitted: true };
}

/**
 * A word that is only repeated is not judged again by the day's date and settings: whoever was held back by them is let in
 * by a person, and whoever was let in is not put out because the document has expired since.
 */
function withHoldsOf(known: Reading | null, reading: Reading): Reading {
  if (known?.kind !== 'final' || !sameWords(resultOf(known), resultOf(reading))) return reading;
  const { holds: _todays, ...said } = reading;
  return { ...known, ...said };
}

function resultOf({ result, reasonCodes, withdrawn }: Reading): object {
  return { result, reasonCodes, withdrawn };
}

/** What says nothing about the customer is the last word only where there is no other. */
function lastWord(known: Reading | null, reading: Reading): Reading {
  if (known && saysNothing(known) !== saysNothing(reading)) return saysNothing(known) ? reading : known;
  return newer(known, reading);
}

/** The later of two readings; of the same moment, the one that promises less, so that a tie never registers anyone. */
function newer(known: Reading | null, reading: Reading): Reading {
  if (!known || reading.asOf > known.asOf) return reading;
  if (reading.asOf < known.asOf || sameWords(reading, known)) return known;
  return weight(reading) > weight(known) ? reading : known;
}

function weight(reading: Reading): string {
  const kind = reading.kind === 'reopened' || reading.withdrawn ? 1 : 0;
  return `${kind}${severityOf(reading.result ?? 'UNKNOWN')}${JSON.stringify(reading)}`;
}

/**
 * Whether two states say the same, whenever the provider was asked: repeating what is known is not news. A verdict is
 * not drawn again for it either, so a setting changed meanwhile registers nobody who waits for a person.
 */
function sameWords(a: object | null, b: object | null): boolean {
  return a === b || wordsOf(a) === wordsOf(b);
}

function wordsOf(state: object | null): string {
  return JSON.stringify(state, (key, value: unknown) => (key === 'asOf' ? 0 : value));
}

/** Unreadable pictures open the next attempt while the policy allows one: same link, a new time limit. */
function beginNextAttempt(registration: Registration, policy: Policy, now: number): Registration {
  const check = currentCheck(registration);
  if (registration.person || !asksAgain(standingReading(check), check.attempt, policy)) return registration;
  const attempt = check.attempt + 1;
  const next: Check = {
    id: checkIdOf(registration.id, attempt),
    attempt,
    checkRef: null,
    submitted: false,
    latest: null,
    lastFinal: null,
  };
  return {
    ...registration,
    checks: [...registration.checks, next],
    // what Ory asked for lives longer than a link does
    expiresAt: Math.max(registration.expiresAt, now + policy.linkMs),
    deadlinePassed: null,
  };
}

/**
 * Whether somebody's status comes from a newer registration, or from what a person decided about another one: this one
 * then no longer moves it. `again` decides nothing but that the customer may start over.
 */
function isOutranked(identity: Identity, registration: Registration): boolean {
  const { source, status } = identity;
  if (isOlder(identity, registration)) return true;
  if (source?.by !== 'person' || source.seq === registration.seq) return false;
  return status === 'registered' || status === 'rejected';
}

/** Whether somebody's status comes from a newer registration. */
function isOlder({ source }: Identity, { seq }: Registration): boolean {
  return source !== null && source.seq > seq;
}

/** The identity's status follows its newest decided registration, and what people decided. */
function standingOf(identity: Identity, registration: Registration, verdict: Verdict, now: number): Identity {
  const by = registration.person ? 'person' : 'machine';
  const outranked = registration.person ? isOlder : isOutranked;
  if (outranked(identity, registration)) return identity;
  if (verdict.standing === null || verdict.standing === 'pending') {
    const since = identity.status === 'pending' ? identity.since : now;
    // what this very registration had given is no longer so: see heir.ts for whose word holds then
    if (identity.source?.seq === registration.seq)
      return { ...identity, status: 'pending', since, source: null };
    // a new attempt decides nothing yet: what another registration gave stays, and may still change
    const begins =
      verdict.standing === null
        ? identity.status === 'unknown' && isOpen(verdict.status)
        : identity.source === null;
    return begins ? { ...identity, status: 'pending', since } : identity;
  }
  const since = verdict.standing === identity.status ? identity.since : now;
  return { ...identity, status: verdict.standing, since, source: { seq: registration.seq, by } };
}

function toldKey(verdict: Verdict, registration: Registration): string {
  return `${verdict.notice}:${currentCheck(registration).attempt}`;
}

function noticeOf(
  before: Registration,
  facts: Registration,
  verdict: Verdict,
  identity: Identity,
): Effect | null {
  if (!verdict.notice || before.told === toldKey(verdict, facts)) return null;
  const outranked = facts.person ? isOlder : isOutranked;
  if (outranked(identity, facts)) return null;
  return { kind: 'notice', notice: verdict.notice, attempt: currentCheck(facts).attempt };
}

function effectsOfStatus(before: Registration, next: Registration, was: Identity, is: Identity): Effect[] {
  const effects: Effect[] = [];
  const attempts = next.checks.length !== before.checks.length;
  if (before.status !== next.status || attempts) effects.push({ kind: 'announce', status: next.status });
  // a refusal may become final, or be so no more, while every status stays
  const says = vendorVerdictOf(before) !== vendorVerdictOf(next) || phaseOf(before) !== phaseOf(next);
  if (before.status !== next.status || was.status !== is.status || says) effects.push({ kind: 'mirror' });
  return effects;
}

function effectsOfAttempt(before: Registration, next: Registration): Effect[] {
  if (next.checks.length === before.checks.length) return [];
  return [
    { kind: 'begin_attempt', attempt: next.checks.length },
    { kind: 'deadline', at: next.expiresAt },
  ];
}

function effectsOfReadings(before: Registration, next: Registration, policy: Policy, now: number): Effect[] {
  const effects: Effect[] = [];
  next.checks.forEach((check, place) => {
    const was = before.checks[place];
    const news = !sameWords(check.lastFinal, was?.lastFinal ?? null);
    if (news) effects.push({ kind: 'documents', checkId: check.id });
    if (check.submitted && !was?.submitted && !check.lastFinal)
      effects.push({ kind: 'ask_provider', checkId: check.id, at: now + policy.silenceMs });
  });
  return effects;
}

function effectsOfCase(
  before: Registration,
  next: Registration,
  identity: Identity,
  event: Event,
  policy: Policy,
): Effect[] {
  if (event.kind === 'person') return [{ kind: 'close_case' }];
  const was = machineVerdictOf(before, policy);
  const is = machineVerdictOf(next, policy);
  const afterPerson = next.person !== null || (isOutranked(identity, next) && !isOlder(identity, next));
  if (afterPerson && event.kind === 'read' && newsIn(was, is))
    return [{ kind: 'open_case', cause: 'after_person' }];
  if (next.person) {
    const doubted = event.kind === 'earlier_declined' && event.declined && next.person.action === 'register';
    return doubted ? [{ kind: 'open_case', cause: 'older_registration' }] : [];
  }
  if (is.cause && is.cause !== was.cause) return [{ kind: 'open_case', cause: is.cause }];
  return was.cause && !is.cause ? [{ kind: 'close_case' }] : [];
}

function newsIn(was: Verdict, is: Verdict): boolean {
  return was.status !== is.status || was.result !== is.result;
}

function alertsOf(
  before: Registration,
  next: Registration,
  identity: Identity,
  event: Event,
  policy: Policy,
): AlertCode[] {
  if (event.kind === 'failed') return ['registration_failed'];
  if (event.kind !== 'read') return [];
  const was = machineVerdictOf(before, policy);
  const is = machineVerdictOf(next, policy);
  if (!newsIn(was, is)) return [];
  if (next.person) return ['result_after_person'];
  const suspected = is.result !== null && familyOf(is.result) === 'suspected';
  if (isOlder(identity, next)) return suspected ? ['older_registration_suspected'] : [];
  if (isOutranked(identity, next)) return ['result_after_person'];
  if (is.cause === 'older_registration') return ['older_registration_suspected'];
  if (is.cause === 'reopened' && identity.status === 'registered') return ['registered_check_reopened'];
  return is.result === 'UNKNOWN' || event.reading.alert ? ['result_unknown'] : [];
}
