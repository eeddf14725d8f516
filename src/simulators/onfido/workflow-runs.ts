import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asFields, asText, asTexts, type Fields, isUuid } from '../wire/fields.js';
import { isSandbox, type OnfidoContext, timestamp } from './context.js';
import { invalid } from './errors.js';
import { findRun, namedApplicant } from './find.js';
import { makeSdkToken } from './sdk-token.js';
import type { Run, RunWire } from './world.js';

const languages = ['en_US', 'de_DE', 'es_ES', 'fr_FR', 'it_IT', 'pt_PT', 'nl_NL'];

function checkFields(body: Fields): void {
  const problems: Record<string, string[]> = {};
  const { workflow_id: workflowId, tags, customer_user_id: user, link, custom_data: data } = body;
  if (!isUuid(workflowId)) problems.workflow_id = [workflowId ? 'is invalid' : "can't be blank"];
  const texts = tags == null ? [] : asTexts(tags);
  if (!texts || texts.length > 30 || texts.some(tag => tag === '' || tag.length > 128))
    problems.tags = ['is invalid'];
  if (user != null && (typeof user !== 'string' || user.length > 256))
    problems.customer_user_id = ['is invalid'];
  const { language } = asFields(link);
  if (language != null && !languages.includes(String(language)))
    problems.link = ['language is not supported'];
  if (data != null && (typeof data !== 'object' || Array.isArray(data)))
    problems.custom_data = ['must be an object'];
  if (Object.keys(problems).length > 0) throw invalid(problems);
}

function linkOf(context: OnfidoContext, value: unknown): Record<string, unknown> {
  const link = asFields(value);
  return {
    url: `${context.place.origin}/l/${randomBytes(12).toString('base64url')}`,
    completed_redirect_url: link.completed_redirect_url ?? null,
    expired_redirect_url: link.expired_redirect_url ?? null,
    expires_at: link.expires_at ?? null,
    language: link.language ?? null,
  };
}

function createRun(context: OnfidoContext, request: FastifyRequest): Run {
  const body = asFields(request.body);
  checkFields(body);
  const applicantId = namedApplicant(context.world, body.applicant_id).wire.id;
  const id = randomUUID();
  const now = timestamp(context);
  const wire: RunWire = {
    id,
    applicant_id: applicantId,
    workflow_id: String(body.workflow_id),
    workflow_version_id: 3,
    status: 'awaiting_input',
    dashboard_url: `https://dashboard.onfido.com/results/${id}`,
    output: null,
    reasons: [],
    error: null,
    sdk_token: makeSdkToken(context, { applicantId, referrer: null, runId: id }),
    tags: asTexts(body.tags) ?? [],
    customer_user_id: asText(body.customer_user_id) ?? null,
    link: linkOf(context, body.link),
    created_at: now,
    updated_at: now,
  };
  const earlierMedia = new Set(
    [...context.world.media.values()]
      .filter(media => media.applicantId === applicantId)
      .map(media => media.wire.id),
  );
  const customData = body.custom_data ?? null;
  const run: Run = {
    wire,
    sandbox: isSandbox(request),
    customData,
    earlierMedia,
    tasks: [],
    completedAt: null,
  };
  context.world.runs.set(id, run);
  return run;
}

interface RunQuery {
  readonly applicant_id?: string;
  readonly status?: string;
  readonly tags?: string;
  readonly created_at_gt?: string;
  readonly created_at_lt?: string;
  readonly sort?: string;
  readonly page?: string;
}

const pageSize = 20;

function fitsQuery(query: RunQuery, wire: RunWire): boolean {
  const day = wire.created_at.slice(0, 10);
  const { applicant_id: applicantId, status, tags, created_at_gt: after, created_at_lt: before } = query;
  return (
    (!applicantId || wire.applicant_id === applicantId) &&
    (!status || status.split(',').includes(wire.status)) &&
    (!tags || tags.split(',').every(tag => wire.tags.includes(tag))) &&
    (!after || day > after) &&
    (!before || day < before)
  );
}

function listRuns(context: OnfidoContext, query: RunQuery): RunWire[] {
  const found = [...context.world.runs.values()].map(run => run.wire).filter(wire => fitsQuery(query, wire));
  if (query.sort !== 'asc') found.reverse();
  const page = Math.max(1, Number(query.page ?? 1) || 1);
  return found.slice((page - 1) * pageSize, page * pageSize);
}

/** `/workflow_runs`; what was sent as `custom_data` is never part of an answer. */
export function workflowRunRoutes(app: FastifyInstance, context: OnfidoContext): void {
  app.post('/workflow_runs', async (request, reply) =>
    reply.code(201).send(createRun(context, request).wire),
  );
  app.get<{ Querystring: RunQuery }>('/workflow_runs', async request => listRuns(context, request.query));
  app.get<{ Params: { id: string } }>('/workflow_runs/:id', async request => {
    return findRun(context.world, request.params.id).wire;
  });
}
