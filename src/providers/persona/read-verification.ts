/** Verifications and Persona's own reports in our words. Pure and total. */
import type { Concern, ConcernLevel, MediaReference, Report } from '../../domain/findings.js';
import { asList, asRecord, asText, field, type JsonRecord } from '../json.js';
import { meaningOf } from './checks.js';
import { isVerificationId, photoRef } from './ids.js';

const namePattern = /^[a-z0-9_]{1,80}$/;

/** A name out of Persona's vocabulary as it may stand in a path; anything else is not repeated. */
function safeName(value: unknown): string {
  const name = (asText(value) ?? '').toLowerCase().replaceAll('-', '_');
  return namePattern.test(name) ? name : 'unnamed';
}

/** `government_id` of `verification/government-id`, `report_watchlist` of `report/watchlist`. */
export function nameOfType(type: unknown): string {
  const [family = '', kind = ''] = (asText(type) ?? '').split('/');
  return family === 'verification' ? safeName(kind) : safeName(`${family}_${kind}`);
}

function kindOf(name: string): Report['kind'] {
  if (name === 'government_id') return 'document';
  return name === 'selfie' ? 'facial' : 'other';
}

const outcomes = new Map<unknown, Report['outcome']>([
  ['passed', 'clear'],
  ['confirmed', 'clear'],
  ['failed', 'not_clear'],
  ['requires_retry', 'not_clear'],
  ['requires-retry', 'not_clear'],
]);

/** Words for a verification that the customer has not (yet) handed in. */
const unused = new Set<unknown>(['initiated', 'skipped', 'canceled']);

function statusOf(raw: unknown): unknown {
  return field(asRecord(field(asRecord(raw), 'attributes')), 'status');
}

/**
 * A failed check counts unless Persona says that it was not required. What the whole was decided in spite of is a reason
 * to look, and no longer one to refuse.
 */
function concernsOf(name: string, checks: unknown, overruled: boolean): Concern[] {
  const failed = asList(checks)
    .map(asRecord)
    .filter(check => {
      const status = field(check, 'status');
      const passes = status === 'passed' || status === 'not_applicable';
      return !passes && field(check, 'requirement') !== 'not_required';
    });
  return failed.map(check => {
    const checkName = safeName(field(check, 'name'));
    const { subject, level } = meaningOf(checkName);
    const lowered: ConcernLevel = overruled ? 'caution' : level;
    return { subject, level: lowered, paths: [`${name}.${checkName}`] };
  });
}

/** @param overruled the inquiry was approved, or left to a person, whatever its checks say */
export function readVerification(raw: unknown, overruled: boolean): Report {
  const record = asRecord(raw);
  const name = nameOfType(field(record, 'type'));
  const attributes = asRecord(field(record, 'attributes'));
  return {
    name,
    kind: kindOf(name),
    outcome: outcomes.get(field(attributes, 'status')) ?? 'none',
    concerns: concernsOf(name, field(attributes, 'checks'), overruled),
  };
}

/** A report of Persona's own, e.g. on watch lists: a match is for a person to look at. */
export function readPersonaReport(raw: unknown): Report {
  const record = asRecord(raw);
  const name = nameOfType(field(record, 'type'));
  const attributes = asRecord(field(record, 'attributes'));
  const ready = field(attributes, 'status') === 'ready';
  const match = field(attributes, 'has-match');
  const concerns: Concern[] =
    match === true ? [{ subject: 'other', level: 'caution', paths: [`${name}.match`] }] : [];
  const outcome = match === true ? 'not_clear' : ready && match === false ? 'clear' : 'none';
  return { name, kind: 'other', outcome, concerns };
}

function createdAt(raw: JsonRecord): string {
  return asText(field(asRecord(field(raw, 'attributes')), 'created-at')) ?? '';
}

/** ISO moments of one form sort as texts; the id decides between equals, so that the order of arrival does not matter. */
function byAge(one: JsonRecord, other: JsonRecord): number {
  const key = (raw: JsonRecord) => `${createdAt(raw)}\n${String(field(raw, 'id'))}`;
  return key(one) < key(other) ? -1 : 1;
}

/**
 * The verifications that count: of the attempts at one (the customer may be asked to try again) the newest that was
 * handed in, else the newest. Ones beside document and face that nobody ever handed in were not asked for.
 */
export function countingVerifications(all: readonly unknown[]): JsonRecord[] {
  const attempts = new Map<string, JsonRecord[]>();
  for (const raw of all.map(asRecord).sort(byAge)) {
    const key = JSON.stringify([field(raw, 'type'), field(raw, 'template')]);
    attempts.set(key, [...(attempts.get(key) ?? []), raw]);
  }
  const newest = [...attempts.values()]
    .map(each => each.findLast(raw => !unused.has(statusOf(raw))) ?? each.at(-1))
    .filter(raw => raw !== undefined);
  return newest.filter(
    raw => !unused.has(statusOf(raw)) || kindOf(nameOfType(field(raw, 'type'))) !== 'other',
  );
}

/** Which page of which verification is kept, and as what. Of a selfie one picture is enough, the one from the front. */
const pageKinds: Readonly<Record<string, readonly (readonly [string, MediaReference['kind']])[]>> = {
  government_id: [
    ['front', 'document'],
    ['back', 'document_back'],
  ],
  selfie: [['center', 'selfie']],
};

/** The photos of a verification. */
export function mediaOfVerification(raw: JsonRecord): MediaReference[] {
  const id = field(raw, 'id');
  if (!isVerificationId(id)) return [];
  const pages = asList(field(raw, 'pages'));
  const wanted = pageKinds[nameOfType(field(raw, 'type'))] ?? [];
  return wanted
    .filter(([page]) => pages.includes(page))
    .map(([page, kind]) => ({ kind, ref: photoRef({ verificationId: id, page }) }));
}
