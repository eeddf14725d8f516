/**
 * `submit/{applicantId}` as the verification site of General Bytes calls it (Onfido notes, section 11, rows 5 and 6):
 * no authentication, no body, always 204. It is a hint and nothing more: whether there is something to check is asked
 * of the provider by a job, once for each attempt.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { currentCheck, isOpen } from '../domain/registration.js';
import type { Organizations } from '../providers/organizations.js';
import type { Clock } from '../runtime/clock.js';
import { submitJob } from '../store/commit.js';
import { addJob } from '../store/jobs.js';
import { findRegistrationByApplicant, noteCheck } from '../store/registrations.js';
import type { Store } from '../store/store.js';

export interface SubmitRouteOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly wake: () => void;
}

/** Registers the route under both prefixes. */
export function registerSubmitRoute(app: FastifyInstance, options: SubmitRouteOptions): void {
  // a site that forwards its visitor's call may send any body along: it is read and ignored
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 16_384 }, (_request, _body, done) =>
    done(null),
  );
  for (const prefix of ['', '/server'])
    app.route<{ Params: { applicantId: string } }>({
      method: ['GET', 'POST'],
      url: `${prefix}/serverapi/apiv1/identity-check/submit/:applicantId`,
      handler: async (request, reply) => {
        takeHint(options, request);
        return reply.code(204).send();
      },
    });
}

function takeHint(
  options: SubmitRouteOptions,
  request: FastifyRequest<{ Params: { applicantId: string } }>,
): void {
  const { store, clock } = options;
  const { applicantId } = request.params;
  const stored = providersOf(options)
    .map(provider => findRegistrationByApplicant(store.main, provider, applicantId))
    .find(found => found !== undefined);
  if (!stored || !isOpen(stored.registration.status)) return;
  const { id, submitted } = currentCheck(stored.registration);
  if (submitted) return;
  noteCheck(store.main, id, { hintedAt: clock.now() });
  addJob(store.main, submitJob(stored.row, id, clock.now()), clock.now(), 'again');
  options.wake();
}

function providersOf(options: SubmitRouteOptions): string[] {
  return [...new Set(options.organizations.all.map(({ provider }) => provider.name))];
}
