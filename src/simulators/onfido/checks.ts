import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asFields, asText, asTexts, type Fields } from '../wire/fields.js';
import { scheduleCompletion } from './check-life.js';
import { basePath, type OnfidoContext, timestamp } from './context.js';
import { invalid } from './errors.js';
import { sendCheckEvent } from './events.js';
import { findCheck, namedApplicant } from './find.js';
import { newReport, selfieKindOf } from './reports.js';
import { type Applicant, type Check, mediaOf, type World } from './world.js';

const reportNames = new Set([
  'document',
  'document_video',
  'document_video_with_address_information',
  'document_with_address_information',
  'document_with_driving_licence_information',
  'document_with_driver_verification',
  'facial_similarity_photo',
  'facial_similarity_photo_fully_auto',
  'facial_similarity_video',
  'facial_similarity_motion',
  'known_faces',
  'identity_enhanced',
  'watchlist_aml',
  'watchlist_enhanced',
  'watchlist_standard',
  'watchlist_peps_only',
  'watchlist_sanctions_only',
  'proof_of_address',
  'us_driving_licence',
  'device_intelligence',
  'india_pan',
]);

const biometric = (name: string) =>
  name.startsWith('document') || name.startsWith('facial_similarity') || name === 'known_faces';

function readReportNames(body: Fields): string[] {
  const names = asTexts(body.report_names);
  if (!names || names.length === 0) throw invalid({ report_names: ["can't be blank"] });
  const unknown = names.filter(name => !reportNames.has(name));
  if (unknown.length > 0)
    throw invalid({ report_names: [`contains unknown reports: ${unknown.join(', ')}`] });
  return names;
}

/** The given documents, or the most recent one with its other side. */
function readDocuments(world: World, applicant: Applicant, given: unknown): string[] {
  const uploaded = mediaOf(world, applicant.wire.id, 'documents');
  if (given !== undefined && given !== null) {
    const ids = asTexts(given);
    if (!ids?.every(id => uploaded.some(media => media.wire.id === id)))
      throw invalid({ document_ids: ['contains unknown documents'] });
    return ids;
  }
  const latest = uploaded.at(-1);
  if (!latest) return [];
  const before = uploaded.at(-2);
  const pair = before && before.wire.type === latest.wire.type && before.wire.side !== latest.wire.side;
  return pair ? [before.wire.id, latest.wire.id] : [latest.wire.id];
}

/** Location and, in the USA, consent: without them the API refuses a check. */
function requireApplicantData(
  context: OnfidoContext,
  applicant: Applicant,
  names: string[],
  body: Fields,
): void {
  const { ip_address: ip, country_of_residence: country } = applicant.wire.location;
  if (ip === null && country === null)
    throw invalid({ applicant: [{ location: ['ip_address or country_of_residence is required'] }] });
  const consented =
    body.privacy_notices_read_consent_given === true ||
    applicant.consents.some(consent => consent.name === 'privacy_notices_read' && consent.granted);
  if (context.settings.requireConsent && country === 'USA' && !consented && names.some(biometric))
    throw invalid({
      applicant: [{ consents: ['privacy_notices_read must be granted for applicants in the USA'] }],
    });
}

function requireMedia(world: World, applicant: Applicant, names: string[], documentIds: string[]): void {
  const wantsDocument = names.some(
    name => name.startsWith('document') || name.startsWith('facial_similarity'),
  );
  if (wantsDocument && documentIds.length === 0)
    throw invalid({ documents: ['the applicant has no document uploaded'] });
  for (const name of names) {
    const kind = selfieKindOf(name);
    if (kind && mediaOf(world, applicant.wire.id, kind).length === 0)
      throw invalid({
        [kind]: [`the applicant has no ${kind.replace('_', ' ')} uploaded, which ${name} needs`],
      });
  }
}

function newCheck(
  context: OnfidoContext,
  applicant: Applicant,
  body: Fields,
  reportIds: string[],
  documentIds: string[],
) {
  const id = randomUUID();
  const consent = body.privacy_notices_read_consent_given;
  const check: Check = {
    wire: {
      id,
      created_at: timestamp(context),
      href: `${basePath}/checks/${id}`,
      applicant_id: applicant.wire.id,
      applicant_provides_data: false,
      status: 'in_progress',
      result: null,
      report_ids: reportIds,
      results_uri: `https://dashboard.onfido.com/checks/${id}`,
      form_uri: null,
      redirect_uri: asText(body.redirect_uri) ?? null,
      tags: asTexts(body.tags) ?? [],
      sandbox: applicant.wire.sandbox,
      paused: false,
      version: '3.6',
      webhook_ids: asTexts(body.webhook_ids) ?? [],
      privacy_notices_read_consent_given: typeof consent === 'boolean' ? consent : null,
    },
    documentIds,
    wishes: { consider: asTexts(body.consider) ?? [], subResult: asText(body.sub_result) },
    completedAt: null,
  };
  context.world.checks.set(id, check);
  return check;
}

function createCheck(context: OnfidoContext, request: FastifyRequest): Check {
  const body = asFields(request.body);
  const { world } = context;
  const applicant = namedApplicant(world, body.applicant_id);
  const names = readReportNames(body);
  const documentIds = readDocuments(world, applicant, body.document_ids);
  requireApplicantData(context, applicant, names, body);
  requireMedia(world, applicant, names, documentIds);
  const reportIds = names.map(() => randomUUID());
  const check = newCheck(context, applicant, body, reportIds, documentIds);
  for (const [index, id] of reportIds.entries()) {
    const name = names[index] ?? '';
    const wanted = { id, name, checkId: check.wire.id, applicantId: applicant.wire.id, documentIds };
    world.reports.set(id, newReport(world, { ...wanted, now: timestamp(context) }));
  }
  sendCheckEvent(context, check, 'check.started');
  scheduleCompletion(context, check.wire.id);
  return check;
}

type ById = { Params: { id: string } };

/** `/checks` and below. */
export function checkRoutes(app: FastifyInstance, context: OnfidoContext): void {
  const { world } = context;
  app.post('/checks', async (request, reply) => reply.code(201).send(createCheck(context, request).wire));
  app.get<{ Querystring: { applicant_id?: string } }>('/checks', async request => {
    const applicant = namedApplicant(world, request.query.applicant_id);
    const checks = [...world.checks.values()].filter(check => check.wire.applicant_id === applicant.wire.id);
    return { checks: checks.map(check => check.wire).reverse() };
  });
  app.get<ById>('/checks/:id', async request => findCheck(world, request.params.id).wire);
  app.post<ById>('/checks/:id/resume', async (request, reply) => {
    const check = findCheck(world, request.params.id);
    if (check.wire.status !== 'paused') throw invalid({ check: ['is not paused'] });
    check.wire.status = 'in_progress';
    check.wire.paused = false;
    scheduleCompletion(context, check.wire.id);
    return reply.code(204).send();
  });
  app.get<ById>('/checks/:id/download', async (request, reply) => {
    findCheck(world, request.params.id);
    return reply.type('application/pdf').send(Buffer.from('%PDF-1.4\n%%EOF\n'));
  });
}
