import type { FastifyInstance } from 'fastify';
import { buildBreakdown } from './breakdowns.js';
import { basePath, type OnfidoContext } from './context.js';
import { invalid, OnfidoError } from './errors.js';
import { sendReportEvent } from './events.js';
import { findCheck, findReport } from './find.js';
import type { Outcome, Verdict } from './outcomes.js';
import {
  type Applicant,
  type MediaKind,
  mediaOf,
  type Report,
  type ReportWire,
  type World,
} from './world.js';

/** What an outcome says about one report. */
export function verdictFor(outcome: Outcome, reportName: string): Verdict {
  const named = outcome.reports?.[reportName];
  if (named) return named;
  if (reportName.startsWith('document')) return outcome.document ?? { result: 'clear' };
  if (reportName.startsWith('facial_similarity')) return outcome.facial ?? { result: 'clear' };
  return { result: 'clear' };
}

function documentProperties(applicant: Applicant): Record<string, unknown> {
  return {
    first_name: applicant.wire.first_name,
    last_name: applicant.wire.last_name,
    middle_name: null,
    gender: null,
    date_of_birth: '1990-01-01',
    date_of_expiry: '2031-05-28',
    document_type: 'passport',
    document_numbers: [{ type: 'document_number', value: '999999999' }],
    issuing_country: 'GBR',
    nationality: null,
    address: null,
  };
}

function propertiesOf(reportName: string, verdict: Verdict, applicant: Applicant): unknown {
  if (reportName.startsWith('document')) return { ...documentProperties(applicant), ...verdict.properties };
  if (reportName.startsWith('watchlist')) return { records: [], ...verdict.properties };
  if (reportName === 'known_faces') return { matches: [], ...verdict.properties };
  return { ...verdict.properties };
}

function subResultOf(reportName: string, verdict: Verdict): string | null {
  if (!reportName.startsWith('document')) return null;
  return verdict.subResult === undefined && verdict.result === 'clear'
    ? 'clear'
    : (verdict.subResult ?? null);
}

/** What a finished report says, as both classic reports and Studio's output carry it. */
export function reportContent(
  reportName: string,
  verdict: Verdict,
  applicant: Applicant,
  documentId?: string,
) {
  const { status = 'complete', result } = verdict;
  if (status !== 'complete') return { status, result, sub_result: null, breakdown: {}, properties: {} };
  return {
    status,
    result,
    sub_result: subResultOf(reportName, verdict),
    breakdown: buildBreakdown(reportName, verdict.unclear ?? [], documentId),
    properties: propertiesOf(reportName, verdict, applicant),
  };
}

const selfieKind: Readonly<Record<string, MediaKind>> = {
  facial_similarity_photo: 'live_photos',
  facial_similarity_photo_fully_auto: 'live_photos',
  facial_similarity_video: 'live_videos',
  facial_similarity_motion: 'motion_captures',
};

/** The kind of selfie a report compares; `undefined` when it compares none. */
export function selfieKindOf(reportName: string): MediaKind | undefined {
  return selfieKind[reportName];
}

/** The media a report names: the check's documents, and for faces the most recent selfie. */
function mediaNamedBy(world: World, reportName: string, applicantId: string, documentIds: readonly string[]) {
  const documents = documentIds.map(id => ({ id }));
  if (reportName.startsWith('document')) return { documents };
  const kind = selfieKind[reportName];
  if (!kind) return {};
  const selfie = mediaOf(world, applicantId, kind).at(-1);
  const none = { live_photos: [], live_videos: [], motion_captures: [], id_photos: [] };
  return { documents, ...none, [kind]: selfie ? [{ id: selfie.wire.id }] : [] };
}

/** A report just begun. */
export function newReport(
  world: World,
  wanted: {
    id: string;
    name: string;
    checkId: string;
    applicantId: string;
    documentIds: readonly string[];
    now: string;
  },
): Report {
  const { id, name, checkId, applicantId, documentIds, now } = wanted;
  const wire: ReportWire = {
    id,
    name,
    check_id: checkId,
    created_at: now,
    href: `${basePath}/reports/${id}`,
    status: 'awaiting_data',
    result: null,
    sub_result: null,
    breakdown: {},
    properties: {},
    ...mediaNamedBy(world, name, applicantId, documentIds),
  };
  return { wire, missing: false };
}

function cancelReport(context: OnfidoContext, id: string): void {
  const report = findReport(context.world, id);
  if (report.wire.status === 'complete')
    throw new OnfidoError(422, 'validation_error', 'Only unfinished reports can be cancelled');
  report.wire = { ...report.wire, status: 'cancelled' };
  sendReportEvent(context, report.wire, 'report.cancelled');
}

type ById = { Params: { id: string } };

/** `/reports` and below. */
export function reportRoutes(app: FastifyInstance, context: OnfidoContext): void {
  const { world } = context;
  app.get<{ Querystring: { check_id?: string } }>('/reports', async request => {
    if (!request.query.check_id) throw invalid({ check_id: ["can't be blank"] });
    const check = findCheck(world, request.query.check_id);
    const reports = check.wire.report_ids.map(id => world.reports.get(id));
    return { reports: reports.filter(report => report && !report.missing).map(report => report?.wire) };
  });
  app.get<ById>('/reports/:id', async request => findReport(world, request.params.id).wire);
  app.post<ById>('/reports/:id/resume', async (request, reply) => {
    sendReportEvent(context, findReport(world, request.params.id).wire, 'report.resumed');
    return reply.code(204).send();
  });
  app.post<ById>('/reports/:id/cancel', async (request, reply) => {
    cancelReport(context, request.params.id);
    return reply.code(204).send();
  });
}
