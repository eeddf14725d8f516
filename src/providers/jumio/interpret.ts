/** A snapshot in our words. Pure, and total for whatever JSON a snapshot may hold. */
import type { Concern, Findings, FindingsState, Report, Verdict } from '../../domain/findings.js';
import { asList, asRecord, asText, field, type JsonRecord } from '../json.js';
import type { Snapshot } from '../provider.js';
import { kindOf, meaningOf, weightOf } from './labels.js';
import { mediaOf } from './parts.js';
import { hasExpired, readPerson } from './person.js';
import { checkIdOf, type Mark } from './reference.js';
import { stageOf } from './runs.js';

const decisions = ['PASSED', 'WARNING', 'REJECTED', 'NOT_EXECUTED'] as const;

type Decision = (typeof decisions)[number];

/** One entry of a capability: a report in our words. */
interface Part {
  readonly capability: string;
  readonly decision: Decision | null;
  /** as it may stand in a path; `UNNAMED` where it is none */
  readonly label: string;
}

const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,79}$/;

function safeName(value: unknown, otherwise: string): string {
  return typeof value === 'string' && namePattern.test(value) ? value : otherwise;
}

function decisionOf(holder: JsonRecord): { decision: Decision | null; label: string } {
  const said = asRecord(field(holder, 'decision'));
  const decision = decisions.find(known => known === field(said, 'type')) ?? null;
  const label = safeName(field(asRecord(field(said, 'details')), 'label'), 'UNNAMED');
  return { decision, label };
}

function partsOf(details: JsonRecord): Part[] {
  return Object.entries(asRecord(field(details, 'capabilities'))).flatMap(([name, entries]) =>
    asList(entries).map(entry => ({ capability: safeName(name, 'unnamed'), ...decisionOf(asRecord(entry)) })),
  );
}

const consequence = 'PRECONDITION_NOT_FULFILLED';

/** What the whole rests on: the rejected parts, or, where nothing was rejected, those with a warning. */
function isGround(part: Part, parts: readonly Part[]): boolean {
  if (part.decision === 'REJECTED') return true;
  return part.decision === 'WARNING' && !parts.some(({ decision }) => decision === 'REJECTED');
}

function pathOf(part: Part): string {
  return `${part.capability}:${part.label}`;
}

/**
 * How bad a part is depends on the whole: only in a rejected run it weighs what its label means. In one that passed it
 * is a contradiction for a person to look at; in one with a warning it is what the warning is about.
 */
function concernOf(part: Part, whole: Decision | null, parts: readonly Part[]): Concern {
  const paths = [pathOf(part)];
  if (whole === 'PASSED') return { subject: 'other', level: 'caution', paths };
  const { subject, level } = weightOf(meaningOf(part.capability, part.label));
  return whole === 'REJECTED' && isGround(part, parts)
    ? { subject, level, paths }
    : { subject, level: 'caution', paths };
}

function reportOf(part: Part, whole: Decision | null, parts: readonly Part[]): Report {
  const { capability: name, decision } = part;
  const kind = kindOf(name);
  if (decision === 'PASSED') return { name, kind, outcome: 'clear', concerns: [] };
  if (decision === 'WARNING' || decision === 'REJECTED')
    return { name, kind, outcome: 'not_clear', concerns: [concernOf(part, whole, parts)] };
  return { name, kind, outcome: 'none', concerns: [] };
}

/** In a run that did not pass, what could not be done because of an earlier part says nothing by itself. */
function counts(part: Part, whole: Decision | null): boolean {
  return whole === 'PASSED' || part.decision !== 'NOT_EXECUTED' || part.label !== consequence;
}

/** An expired document has no label: its date is compared with the day the run ended. */
function expiryReport(details: JsonRecord): Report[] {
  if (!hasExpired(details)) return [];
  const paths = ['extraction:expiryDate'];
  const concerns = [{ subject: 'data_validation', level: 'caution', paths }] as const;
  return [{ name: 'extraction', kind: 'other', outcome: 'not_clear', concerns }];
}

/** A rejection for nothing but what a person has to weigh is no refusal. */
function verdictOf(whole: Decision | null, reports: readonly Report[]): Verdict {
  if (whole === 'PASSED') return 'clear';
  if (whole === 'WARNING') return 'review';
  if (whole !== 'REJECTED') return 'none';
  const concerns = reports.flatMap(report => report.concerns);
  return concerns.length > 0 && concerns.every(({ level }) => level === 'caution') ? 'review' : 'declined';
}

/**
 * The status first: an abandoned run has been seen with a decision of REJECTED. A word we do not know is no verdict; it
 * waits while there is no decision, and is UNKNOWN once there is one.
 */
function stateOf(body: JsonRecord, details: JsonRecord, whole: Decision | null): FindingsState {
  const statuses = [field(body, 'status'), field(asRecord(field(details, 'workflow')), 'status')];
  const said = statuses.filter(status => status !== undefined && status !== null);
  if (said.some(status => stageOf(status) === 'dead')) return 'abandoned';
  if (said.length > 0 && said.every(status => status === 'PROCESSED'))
    return whole === 'NOT_EXECUTED' ? 'error' : 'complete';
  return said.some(status => stageOf(status) === 'unknown') && whole !== null ? 'error' : 'pending';
}

function sortedReports(reports: readonly Report[]): Report[] {
  const keyed = reports.map(report => [JSON.stringify(report), report] as const);
  return keyed.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, report]) => report);
}

/** See `Provider.interpret`. */
export function interpretSnapshot(snapshot: Snapshot): Findings {
  const body = asRecord(snapshot.body);
  const details = asRecord(field(body, 'details'));
  const { decision: whole, label } = decisionOf(details);
  const parts = partsOf(details);
  const judged = parts.filter(part => counts(part, whole)).map(part => reportOf(part, whole, parts));
  const reports = sortedReports([...judged, ...expiryReport(details)]);
  const state = stateOf(body, details, whole);
  return {
    state,
    ...(state === 'pending' && stageOf(field(body, 'status')) === 'finished' ? { captured: true } : {}),
    verdict: verdictOf(whole, judged),
    ...wordOf(state, whole),
    sandbox: false,
    // thresholds and rules are the operator's own at Jumio, so that PASSED alone proves nothing
    workflow: true,
    reports,
    missingReports: [],
    remarks: remarksOf(whole, label),
    media: mediaOf(details),
    person: readPerson(details),
  };
}

/** Jumio's word as its Ory setup stores it. A run that ran out has been seen with a word nobody gave it. */
function wordOf(state: FindingsState, whole: Decision | null): Pick<Findings, 'vendorVerdict'> {
  if (state !== 'complete' || whole === null || whole === 'NOT_EXECUTED') return {};
  return { vendorVerdict: whole === 'REJECTED' ? 'FAILED' : whole };
}

/** Jumio's own words for the whole; a label repeats the decision unless the operator's rules at Jumio named it. */
function remarksOf(whole: Decision | null, label: string): string[] {
  if (whole === null) return [];
  const words = (text: string) => text.replaceAll('_', ' ').toLowerCase();
  return label === whole || label === 'UNNAMED' || /\d/.test(label)
    ? [`Jumio says: ${words(whole)}`]
    : [`Jumio says: ${words(whole)} (${words(label)})`];
}

/** See `Provider.owner`: the check whose reference we signed; nobody else can have made it. */
export function ownerOfSnapshot(mark: Mark, snapshot: Snapshot): string | null {
  const details = asRecord(field(asRecord(snapshot.body), 'details'));
  return checkIdOf(mark, asText(field(asRecord(field(details, 'workflow')), 'userReference')));
}
