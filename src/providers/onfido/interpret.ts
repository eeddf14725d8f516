/** A snapshot in our words. Pure, and total for whatever JSON a snapshot may hold. */
import type { Findings, FindingsState, Verdict } from '../../domain/findings.js';
import { asList, asRecord, asText, field, type JsonRecord } from '../json.js';
import type { Snapshot } from '../provider.js';
import { safeName } from './breakdowns.js';
import { ownerOf } from './ids.js';
import { readPerson } from './person.js';
import { kindOfName, mediaOfReport, readReport, sortedMedia, sortedReports } from './read-report.js';
import { mediaOfRun, reportsOfRun } from './read-workflow.js';

/** An unknown status ends as "no verdict that we know", which is UNKNOWN and alerts; it never waits for ever. */
const checkStates = new Map<unknown, FindingsState>([
  ['in_progress', 'pending'],
  ['awaiting_applicant', 'pending'],
  ['paused', 'pending'],
  ['reopened', 'reopened'],
  ['withdrawn', 'withdrawn'],
  ['complete', 'complete'],
]);

const runStates = new Map<unknown, FindingsState>([
  ['processing', 'pending'],
  ['awaiting_input', 'pending'],
  ['awaiting_client_input', 'pending'],
  ['abandoned', 'abandoned'],
  ['error', 'error'],
]);

const runVerdicts = new Map<unknown, Verdict>([
  ['approved', 'clear'],
  ['declined', 'declined'],
  ['review', 'review'],
]);

/** What the object says of itself; where it says nothing, what the token's prefix says. */
function isSandbox(said: unknown, token: unknown): boolean {
  return typeof said === 'boolean' ? said : token === true;
}

function missingOf(body: JsonRecord): string[] {
  return asList(field(body, 'missing')).map(safeName).sort();
}

function checkVerdict(check: JsonRecord): Verdict {
  if (field(check, 'status') !== 'complete') return 'none';
  const result = field(check, 'result');
  if (result === 'clear') return 'clear';
  return result === 'consider' ? 'not_clear' : 'none';
}

function nameOf(report: unknown): string {
  return safeName(field(asRecord(report), 'name'));
}

function interpretCheck(body: JsonRecord): Findings {
  const check = asRecord(field(body, 'check'));
  const reports = asList(field(body, 'reports'));
  const sides = asRecord(field(body, 'sides'));
  return {
    state: checkStates.get(field(check, 'status')) ?? 'complete',
    verdict: checkVerdict(check),
    sandbox: isSandbox(field(check, 'sandbox'), field(body, 'sandboxToken')),
    workflow: false,
    reports: sortedReports(reports.map(report => readReport(report, nameOf(report)))),
    missingReports: missingOf(body),
    remarks: [],
    media: sortedMedia(reports.flatMap(report => mediaOfReport(report, sides))),
    person: readPerson(reports.filter(report => kindOfName(nameOf(report)) === 'document')),
  };
}

/** Short phrases without digits or signs in which an identifier or an address could hide. */
const harmless = /^[A-Za-z][A-Za-z ,.'_:-]{0,159}$/;

function remarksOf(run: JsonRecord): string[] {
  const reasons = asList(field(run, 'reasons')).map(asText);
  const error = asRecord(field(run, 'error'));
  const told = [asText(field(error, 'type')), asText(field(error, 'message'))];
  const failure = told.filter(text => text !== undefined && harmless.test(text)).join(': ');
  return [...reasons, failure || undefined]
    .filter(text => text !== undefined && harmless.test(text))
    .map(text => String(text).replace(/[.:,\s]+$/, ''));
}

function interpretRun(body: JsonRecord): Findings {
  const run = asRecord(field(body, 'run'));
  const tasks = asList(field(body, 'tasks'));
  const status = field(run, 'status');
  const found = reportsOfRun(run, tasks);
  return {
    state: runStates.get(status) ?? 'complete',
    verdict: runVerdicts.get(status) ?? 'none',
    sandbox: isSandbox(field(body, 'sandbox'), field(body, 'sandboxToken')),
    workflow: true,
    reports: sortedReports(found.map(each => each.report)),
    missingReports: missingOf(body),
    remarks: remarksOf(run),
    media: sortedMedia(mediaOfRun(tasks, found)),
    person: readPerson(found.filter(each => each.report.kind === 'document').map(each => each.raw)),
  };
}

/** See `Provider.interpret`. */
export function interpretSnapshot(snapshot: Snapshot): Findings {
  const body = asRecord(snapshot.body);
  return field(body, 'kind') === 'run' ? interpretRun(body) : interpretCheck(body);
}

/** See `Provider.owner`: the check id in our tag. */
export function ownerOfSnapshot(snapshot: Snapshot): string | null {
  const body = asRecord(snapshot.body);
  const object = field(body, 'kind') === 'run' ? field(body, 'run') : field(body, 'check');
  return ownerOf(field(asRecord(object), 'tags'));
}
