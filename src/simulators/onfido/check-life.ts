import { type OnfidoContext, timestamp } from './context.js';
import { sendCheckEvent, sendReportEvent } from './events.js';
import type { Outcome, Verdict } from './outcomes.js';
import { reportContent, verdictFor } from './reports.js';
import type { Applicant, Check, Report } from './world.js';

/** What the sandbox does with an applicant called Consider and with the wishes of the request. */
function sandboxOutcome(check: Check, applicant: Applicant): Outcome | undefined {
  if (!check.wire.sandbox) return undefined;
  const { consider, subResult } = check.wishes;
  const all = applicant.wire.last_name.toLowerCase() === 'consider';
  if (!all && consider.length === 0 && subResult === undefined) return undefined;
  const level = subResult as Verdict['subResult'];
  const document: Verdict = {
    result: 'consider',
    subResult: level ?? 'caution',
    unclear: ['data_comparison.last_name'],
  };
  const facial: Verdict = { result: 'consider', unclear: ['face_comparison.face_match'] };
  const named = consider.map(name => {
    const verdict = name.startsWith('document')
      ? document
      : name.startsWith('facial')
        ? facial
        : { result: 'consider' };
    return [name, verdict] as const;
  });
  return {
    description: 'as asked of the sandbox',
    ...(all || (subResult !== undefined && subResult !== 'clear') ? { document } : {}),
    ...(all ? { facial } : {}),
    reports: Object.fromEntries(named) as Record<string, Verdict>,
  };
}

/** What was decided for the check, else for its applicant, else what the sandbox rules say, else the default. */
function outcomeOf(context: OnfidoContext, check: Check, applicant: Applicant): Outcome {
  const { decisions } = context.world;
  const decided = decisions.get(check.wire.id) ?? decisions.get(check.wire.applicant_id);
  return decided ?? sandboxOutcome(check, applicant) ?? context.settings.defaultOutcome;
}

function reportsOf(context: OnfidoContext, check: Check): Report[] {
  return check.wire.report_ids.flatMap(id => context.world.reports.get(id) ?? []);
}

function finishReport(
  report: Report,
  outcome: Outcome,
  applicant: Applicant,
  documentId: string | undefined,
): void {
  const verdict = verdictFor(outcome, report.wire.name);
  const content = reportContent(report.wire.name, verdict, applicant, documentId);
  report.wire = { ...report.wire, ...content, ...verdict.raw };
  report.missing = verdict.missing ?? false;
}

/** Finishes a check with its outcome and tells the webhooks; a finished one is finished anew, with events again. */
export function completeCheck(context: OnfidoContext, check: Check): void {
  const applicant = context.world.applicants.get(check.wire.applicant_id);
  if (!applicant) return;
  const outcome = outcomeOf(context, check, applicant);
  const reports = reportsOf(context, check);
  for (const report of reports) finishReport(report, outcome, applicant, check.documentIds[0]);
  check.completedAt = timestamp(context);
  const clear = reports.every(report => report.wire.result === 'clear');
  Object.assign(check.wire, { status: 'complete', result: clear ? 'clear' : 'consider' }, outcome.check);
  for (const { wire } of reports) sendReportEvent(context, wire, eventOf(wire.status), check.completedAt);
  sendCheckEvent(context, check, check.wire.status === 'withdrawn' ? 'check.withdrawn' : 'check.completed');
}

function eventOf(reportStatus: string): string {
  return reportStatus === 'complete' ? 'report.completed' : `report.${reportStatus}`;
}

/** Completes the check by itself a moment later, where the simulator was asked to. */
export function scheduleCompletion(context: OnfidoContext, checkId: string): void {
  if (!context.settings.autoComplete) return;
  context.schedule.after(context.settings.completeAfterMs, () => {
    const check = context.world.checks.get(checkId);
    if (check?.wire.status === 'in_progress') completeCheck(context, check);
  });
}

/** Opens a check again, as a dashboard user would. It stays open until it is completed. */
export function reopenCheck(context: OnfidoContext, check: Check): void {
  check.wire.status = 'reopened';
  check.wire.result = null;
  sendCheckEvent(context, check, 'check.reopened');
}

/** Withdraws a check with its reports. */
export function withdrawCheck(context: OnfidoContext, check: Check): void {
  check.wire.status = 'withdrawn';
  check.wire.result = null;
  for (const report of reportsOf(context, check)) {
    report.wire = { ...report.wire, status: 'withdrawn', result: null, sub_result: null };
    sendReportEvent(context, report.wire, 'report.withdrawn');
  }
  sendCheckEvent(context, check, 'check.withdrawn');
}
