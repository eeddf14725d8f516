import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asFields, isoSeconds } from '../wire/fields.js';
import { checkApplicant, readConsents, writeApplicant } from './applicant-fields.js';
import { basePath, isSandbox, type OnfidoContext, timestamp } from './context.js';
import { invalid, notFound, OnfidoError } from './errors.js';
import { findApplicant } from './find.js';
import type { Applicant } from './world.js';

const deletionDelayMs = 20 * 24 * 3_600_000;

type ById = { Params: { id: string } };

function createApplicant(context: OnfidoContext, request: FastifyRequest, reply: FastifyReply) {
  const body = asFields(request.body);
  checkApplicant(body, true);
  const id = randomUUID();
  const applicant: Applicant = {
    wire: {
      id,
      created_at: timestamp(context),
      delete_at: null,
      href: `${basePath}/applicants/${id}`,
      sandbox: isSandbox(request),
      first_name: '',
      last_name: '',
      email: null,
      dob: null,
      phone_number: null,
      address: null,
      location: { ip_address: null, country_of_residence: null },
      id_numbers: [],
    },
    consents: readConsents(body.consents, timestamp(context)),
  };
  writeApplicant(applicant.wire, body);
  context.world.applicants.set(id, applicant);
  return reply.code(201).send(applicant.wire);
}

function updateApplicant(context: OnfidoContext, request: FastifyRequest<ById>) {
  const applicant = findApplicant(context.world, request.params.id);
  const checks = [...context.world.checks.values()];
  if (checks.some(check => check.wire.applicant_id === request.params.id))
    throw invalid({ applicant: ['cannot be updated once it has checks'] });
  const body = asFields(request.body);
  checkApplicant(body, false);
  writeApplicant(applicant.wire, body);
  if (body.consents !== undefined) applicant.consents = readConsents(body.consents, timestamp(context));
  return applicant.wire;
}

const unfinished = ['in_progress', 'awaiting_applicant', 'paused', 'reopened'];

function deleteApplicant(context: OnfidoContext, request: FastifyRequest<ById>, reply: FastifyReply) {
  const { wire } = findApplicant(context.world, request.params.id);
  for (const check of context.world.checks.values()) {
    if (check.wire.applicant_id !== wire.id || !unfinished.includes(check.wire.status)) continue;
    throw new OnfidoError(
      422,
      'deletion_incomplete_checks',
      'Applicant has checks that are still in progress',
    );
  }
  wire.delete_at = isoSeconds(context.schedule.now() + deletionDelayMs);
  return reply.code(204).send();
}

function restoreApplicant(context: OnfidoContext, request: FastifyRequest<ById>, reply: FastifyReply) {
  const applicant = context.world.applicants.get(request.params.id);
  if (!applicant) throw notFound('applicant', request.params.id);
  if (applicant.wire.delete_at === null) throw invalid({ applicant: ['is not scheduled for deletion'] });
  applicant.wire.delete_at = null;
  return reply.code(204).send();
}

/** `/applicants` and below. */
export function applicantRoutes(app: FastifyInstance, context: OnfidoContext): void {
  app.post('/applicants', (request, reply) => createApplicant(context, request, reply));
  app.get<ById>('/applicants/:id', async request => findApplicant(context.world, request.params.id).wire);
  app.put<ById>('/applicants/:id', async request => updateApplicant(context, request));
  app.delete<ById>('/applicants/:id', (request, reply) => deleteApplicant(context, request, reply));
  app.post<ById>('/applicants/:id/restore', (request, reply) => restoreApplicant(context, request, reply));
  app.get<ById>(
    '/applicants/:id/consents',
    async request => findApplicant(context.world, request.params.id).consents,
  );
}
