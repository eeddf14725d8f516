/**
 * Findings to a result: the only place where a provider's words become CAS's. `judge` is the ordered list of rules;
 * the table of concerns and the rank of results are in `candidates.ts`. Whatever nothing matches is UNKNOWN with an alert.
 */
import { candidatesOf, mostSevere } from './candidates.js';
import type { Findings, Report } from './findings.js';
import { describeReason, wordsOf } from './reasons.js';
import { familyOf, type Result } from './results.js';

export { severityRank } from './candidates.js';

/** What an organization demands of a check, and what we know about it ourselves. */
export interface MappingRules {
  /** `document` and `facial` are families of reports, anything else is the exact name of one */
  readonly expectedReports: readonly string[];
  /** the organization takes sandbox checks for real ones */
  readonly acceptSandbox: boolean;
  /** where a face report gives no level: a mismatch or a spoof is SUSPECTED instead of CAUTION */
  readonly strictFace: boolean;
  /** workflow: `approved` is CLEAR although expected reports were not read, if nothing that was read speaks against it */
  readonly trustApproved: boolean;
  /** the check carries our mark, or we hold its reference from creating it */
  readonly createdByUs: boolean;
}

/** What the findings amount to. */
export type Outcome =
  | { readonly kind: 'pending' }
  /** it had a result, which no longer counts */
  | { readonly kind: 'reopened' }
  | {
      readonly kind: 'final';
      readonly result: Result;
      /** paths of everything that is not clear, sorted, each once */
      readonly reasonCodes: string[];
      /** for reviewers: English, from a fixed vocabulary and the provider's own remarks */
      readonly reason: string;
      /** an operator has to look, whatever the result is */
      readonly alert: boolean;
      /** the provider took the check back */
      readonly withdrawn?: boolean;
    };

function isPresent(expected: string, reports: readonly Report[]): boolean {
  const isFamily = expected === 'document' || expected === 'facial';
  return reports.some(report => (isFamily ? report.kind : report.name) === expected);
}

/** What the reports say before the provider's verdict on the whole is looked at. */
interface Reading {
  /** most severe candidate of the reports; CLEAR if there is none */
  readonly worst: Result;
  /** asked for, but neither read nor named by the provider */
  readonly absent: readonly string[];
  readonly missing: readonly string[];
  readonly nothingRead: boolean;
  /** some report speaks against the customer (one without a result does not) */
  readonly against: boolean;
}

function readReports(findings: Findings, rules: MappingRules): Reading {
  const { reports } = findings;
  return {
    worst: mostSevere(...reports.flatMap(report => candidatesOf(report, rules.strictFace))),
    absent: rules.expectedReports.filter(expected => !isPresent(expected, reports)),
    missing: findings.missingReports,
    nothingRead: reports.length === 0,
    against: reports.some(speaksAgainst),
  };
}

function speaksAgainst({ outcome, concerns }: Report): boolean {
  return outcome === 'not_clear' || concerns.length > 0;
}

/**
 * Whether the provider has turned against somebody it had found CLEAR. No setting of ours is asked, since a CLEAR was none
 * by any of these words: so it is the provider's word that changed, and not what is demanded of it here. What says neither
 * (still running, redacted, failed, up for review) is no such word.
 */
export function turnedAgainst({ state, verdict, reports }: Findings): boolean {
  if (state === 'reopened' || state === 'withdrawn') return true;
  if (state !== 'complete') return false;
  return verdict === 'not_clear' || verdict === 'declined' || reports.some(speaksAgainst);
}

interface Judgement {
  readonly result: Result;
  readonly notes: readonly string[];
  readonly alert?: boolean;
}

const notes = {
  clear: 'Everything that was asked for is clear',
  trusted: 'The workflow approved the customer, and the operator trusts it',
  sandbox: 'The check was made in the provider’s sandbox, where nothing real is checked',
  foreign: 'The check was not created by this gateway',
  withdrawn: 'The provider withdrew the check',
  error: 'The provider could not finish the check',
  abandoned: 'The customer did not finish at the provider in time',
  noVerdict: 'The provider gave no verdict that we know',
  clearAgainstReports: 'The provider calls the whole clear although a report is not',
  notClearDespiteReports: 'The provider does not call the whole clear although every report is',
  unreadApproval: 'The workflow approved the customer, but not every expected report was read',
  declined: 'The provider declined the customer',
  review: 'The provider asks for a person to look',
  nothingRead: 'The provider gave no report',
} as const;

function gapNotes(reading: Reading): string[] {
  return [
    ...(reading.nothingRead ? [notes.nothingRead] : []),
    ...reading.absent.map(name => `A report that was asked for is absent: ${wordsOf(name)}`),
    ...reading.missing.map(name => `A report could not be fetched: ${wordsOf(name)}`),
  ];
}

/** A gap is a candidate UNKNOWN like any other: it never hides something more severe, and it always alerts. */
function withGaps(reading: Reading): Judgement {
  const gaps = gapNotes(reading);
  return gaps.length === 0
    ? { result: reading.worst, notes: [] }
    : { result: mostSevere(reading.worst, 'UNKNOWN'), notes: gaps, alert: true };
}

function judgeClear(reading: Reading): Judgement {
  const judged = withGaps(reading);
  if (!reading.against) return judged.result === 'CLEAR' ? { ...judged, notes: [notes.clear] } : judged;
  return {
    ...judged,
    result: contradicted(judged.result),
    notes: [notes.clearAgainstReports, ...judged.notes],
  };
}

/**
 * A provider that calls the whole clear and a part of it not contradicts itself: that is CAUTION, whatever the part says,
 * because only a person can tell which of the two is right. The reason codes keep what the part said.
 */
function contradicted(worst: Result): Result {
  return familyOf(worst) === 'caution' ? worst : 'CAUTION';
}

function judgeApproved(reading: Reading, trusted: boolean): Judgement {
  const alert = reading.missing.length > 0;
  if (reading.worst !== 'CLEAR') {
    const said = reading.against ? notes.clearAgainstReports : notes.unreadApproval;
    return { result: contradicted(reading.worst), notes: [said], alert };
  }
  const gaps = gapNotes(reading);
  if (gaps.length === 0) return { result: 'CLEAR', notes: [notes.clear] };
  if (trusted && !alert) return { result: 'CLEAR', notes: [notes.trusted] };
  return { result: 'CAUTION', notes: [notes.unreadApproval, ...gaps], alert };
}

function judgeNotClear(reading: Reading): Judgement {
  const judged = withGaps(reading);
  return judged.result === 'CLEAR' ? { result: 'CAUTION', notes: [notes.notClearDespiteReports] } : judged;
}

function judgeDeclined(reading: Reading): Judgement {
  const family = familyOf(reading.worst);
  const result = family === 'suspected' || family === 'rejected' ? reading.worst : 'REJECTED';
  return { result, notes: [notes.declined], alert: reading.missing.length > 0 };
}

function judgeReview(reading: Reading): Judgement {
  const result = familyOf(reading.worst) === 'caution' ? reading.worst : 'CAUTION';
  return { result, notes: [notes.review], alert: reading.missing.length > 0 };
}

function judgeNoVerdict(reading: Reading): Judgement {
  const judged = withGaps(reading);
  return {
    result: mostSevere(judged.result, 'UNKNOWN'),
    notes: [notes.noVerdict, ...judged.notes],
    alert: true,
  };
}

function judgeComplete(findings: Findings, rules: MappingRules): Judgement {
  const reading = readReports(findings, rules);
  switch (findings.verdict) {
    case 'clear':
      return findings.workflow ? judgeApproved(reading, rules.trustApproved) : judgeClear(reading);
    case 'not_clear':
      return judgeNotClear(reading);
    case 'declined':
      return judgeDeclined(reading);
    case 'review':
      return judgeReview(reading);
    default:
      return judgeNoVerdict(reading);
  }
}

/**
 * The rule that decides, first match wins. Withdrawn and sandbox come before everything a report could say: the one
 * no longer counts, in the other nothing real was checked.
 */
function judge(findings: Findings, rules: MappingRules): Judgement {
  if (findings.state === 'withdrawn') return { result: 'UNKNOWN', notes: [notes.withdrawn] };
  if (findings.sandbox !== false && !rules.acceptSandbox)
    return { result: 'UNKNOWN', notes: [notes.sandbox] };
  switch (findings.state) {
    case 'error':
      return { result: 'UNKNOWN', notes: [notes.error] };
    case 'abandoned':
      return { result: 'EXPIRED', notes: [notes.abandoned] };
    case 'complete':
      return judgeComplete(findings, rules);
    default:
      return { result: 'UNKNOWN', notes: [notes.noVerdict] };
  }
}

/**
 * A check that we did not create can only speak against a customer: the more severe of its own result and UNKNOWN,
 * and always with an alert.
 */
function judgeForeign(judged: Judgement): Judgement {
  const result = mostSevere(judged.result, 'UNKNOWN');
  const own = result === judged.result ? judged.notes : [];
  return { result, notes: [notes.foreign, ...own], alert: true };
}

function sortedOnce(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

function codesOf(reports: readonly Report[]): string[] {
  return sortedOnce(
    reports.flatMap(report => {
      const paths = report.concerns.flatMap(concern => concern.paths);
      return paths.length === 0 && report.outcome !== 'clear' ? [report.name] : paths;
    }),
  );
}

function hasResult(report: Report): boolean {
  return report.outcome === 'clear' || report.outcome === 'not_clear';
}

function reasonOf(findings: Findings, judged: Judgement): string {
  const unread = findings.reports.filter(report => !hasResult(report)).map(report => report.name);
  const spoken = findings.reports.filter(report => hasResult(report) || report.concerns.length > 0);
  const said = [
    ...findings.remarks,
    ...judged.notes,
    ...sortedOnce(unread).map(name => `A report has no result: ${wordsOf(name)}`),
    ...codesOf(spoken).map(describeReason),
  ];
  return [...new Set(said)].map(sentence => `${sentence}.`).join(' ');
}

/** Total and deterministic: never throws, and the order of reports and concerns does not matter. */
export function mapFindings(findings: Findings, rules: MappingRules): Outcome {
  if (findings.state === 'pending') return { kind: 'pending' };
  if (findings.state === 'reopened') return { kind: 'reopened' };
  const own = judge(findings, rules);
  const judged = rules.createdByUs ? own : judgeForeign(own);
  return {
    kind: 'final',
    result: judged.result,
    reasonCodes: codesOf(findings.reports),
    reason: reasonOf(findings, judged),
    alert: judged.alert === true || judged.result === 'UNKNOWN' || !findings.reports.every(hasResult),
    ...(findings.state === 'withdrawn' ? { withdrawn: true } : {}),
  };
}
