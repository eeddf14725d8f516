/** A snapshot in our words. Pure, and total for whatever JSON a snapshot may hold. */
import type { Findings, FindingsState, Verdict } from '../../domain/findings.js';
import { asList, asRecord, asText, field, type JsonRecord } from '../json.js';
import type { Snapshot } from '../provider.js';
import { readPerson } from './person.js';
import {
  countingVerifications,
  mediaOfVerification,
  nameOfType,
  readPersonaReport,
  readVerification,
} from './read-verification.js';

/** How Persona's decision on the whole is taken. */
export interface Reading {
  /** the template has no decision of its own: `completed` is taken for `approved` */
  readonly approveCompleted: boolean;
}

/**
 * `completed` says that the customer is done and the required checks passed; a workflow or a person decides right after.
 * When nobody has by then, the template has no such workflow, and a person here has to look.
 */
const decisionMs = 5 * 60_000;

interface Whole {
  readonly state: FindingsState;
  readonly verdict: Verdict;
  readonly captured?: true;
  readonly remark?: string;
}

const wholes = new Map<unknown, Whole>([
  ['created', { state: 'pending', verdict: 'none' }],
  ['pending', { state: 'pending', verdict: 'none' }],
  ['expired', { state: 'abandoned', verdict: 'none' }],
  // Required checks failed too often: these say why.
  ['failed', { state: 'complete', verdict: 'not_clear' }],
  ['needs_review', { state: 'complete', verdict: 'review' }],
  ['needs-review', { state: 'complete', verdict: 'review' }],
  ['marked-for-review', { state: 'complete', verdict: 'review' }],
  ['approved', { state: 'complete', verdict: 'clear' }],
  ['declined', { state: 'complete', verdict: 'declined' }],
]);

/** An unknown status ends as "no verdict that we know", which is UNKNOWN and alerts; it never waits for ever. */
const unknown: Whole = { state: 'complete', verdict: 'none' };

function completed(body: JsonRecord, inquiry: JsonRecord, reading: Reading): Whole {
  if (reading.approveCompleted) return { state: 'complete', verdict: 'clear' };
  const since = Date.parse(asText(field(inquiry, 'completedAt')) ?? '');
  const readAt = Number(field(body, 'readAt'));
  if (readAt - since >= decisionMs)
    return { state: 'complete', verdict: 'review', remark: 'Persona finished without a decision' };
  return { state: 'pending', verdict: 'none', captured: true };
}

function wholeOf(body: JsonRecord, inquiry: JsonRecord, reading: Reading): Whole {
  // What was there is gone, which says nothing about the customer.
  if (asText(field(inquiry, 'redactedAt'))) return { state: 'pending', verdict: 'none' };
  const status = field(inquiry, 'status');
  return status === 'completed' ? completed(body, inquiry, reading) : (wholes.get(status) ?? unknown);
}

const deciders: Readonly<Record<string, string>> = {
  user: 'A person at Persona decided',
  workflow: 'A workflow at Persona decided',
  'workflow-run': 'A workflow at Persona decided',
};

const decided = ['needs_review', 'approved', 'declined'];

function remarksOf(whole: Whole, inquiry: JsonRecord): string[] {
  const reviewer = asText(field(inquiry, 'reviewer')) ?? '';
  const isDecided = decided.some(status => status === field(inquiry, 'status'));
  const decider = isDecided && Object.hasOwn(deciders, reviewer) ? deciders[reviewer] : undefined;
  return [whole.remark, decider].filter(remark => remark !== undefined);
}

/** An order that does not depend on the one things came in. */
function sorted<T>(things: readonly T[]): T[] {
  const keyed = things.map(thing => [JSON.stringify(thing), thing] as const);
  return keyed.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, thing]) => thing);
}

/** See `Provider.interpret`. */
export function interpretSnapshot(snapshot: Snapshot, reading: Reading): Findings {
  const body = asRecord(snapshot.body);
  const inquiry = asRecord(field(body, 'inquiry'));
  const whole = wholeOf(body, inquiry, reading);
  const overruled = whole.verdict === 'clear' || whole.verdict === 'review';
  const verifications = countingVerifications(asList(field(body, 'verifications')));
  const reports = [
    ...verifications.map(raw => readVerification(raw, overruled)),
    ...asList(field(body, 'reports')).map(readPersonaReport),
  ];
  const isDocument = (raw: JsonRecord) => nameOfType(field(raw, 'type')) === 'government_id';
  return {
    state: whole.state,
    verdict: whole.verdict,
    ...(whole.captured ? { captured: true } : {}),
    sandbox: field(body, 'sandboxKey') === true,
    workflow: true,
    reports: sorted(reports),
    missingReports: asList(field(body, 'missing'))
      .map(name => asText(name) ?? 'unnamed')
      .sort(),
    remarks: remarksOf(whole, inquiry),
    media: sorted(verifications.flatMap(mediaOfVerification)),
    person: readPerson(verifications.filter(isDocument)),
  };
}
