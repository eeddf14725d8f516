/**
 * Provider deliveries, on the public listener: verified over the raw bytes, committed, answered. Nothing is read here.
 * Forged ones leave no trace but a count in the access log.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import { AppError } from '../runtime/app-error.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import type { InboxWriter } from '../store/threads/inbox-writer.js';
import { createDeliveryRate } from './delivery-rate.js';

export interface IntakeOptions {
  readonly organizations: Organizations;
  readonly inbox: Pick<InboxWriter, 'keep'>;
  readonly clock: Clock;
  /** largest body taken, in bytes */
  readonly deliveryBytes: number;
  /** deliveries taken in a second; 0: as many as there are */
  readonly deliveriesPerSecond: number;
  /** a delivery was kept */
  readonly onKept: () => void;
  /** one could not be verified for this organization; strangers can cause this at will */
  readonly onDoubt?: (organization: string) => void;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

interface Surroundings extends IntakeOptions {
  readonly admits: () => boolean;
}

const retrySeconds = 30;

/** Registers the deliveries' routes. To be called in a scope of its own: it takes bodies of any type as bytes. */
export function registerIntake(app: FastifyInstance, options: IntakeOptions): void {
  const { organizations } = options;
  const surroundings = { ...options, admits: createDeliveryRate(options.deliveriesPerSecond, options.clock) };
  app.removeAllContentTypeParsers();
  const parse = { parseAs: 'buffer', bodyLimit: options.deliveryBytes } as const;
  // the first by name, because only types with a parser of their own are looked up without being taken apart
  for (const type of ['application/json', '*'])
    app.addContentTypeParser(type, parse, (_request, body, done) => done(null, body));

  const config = { bodyLimit: options.deliveryBytes, config: { machinesOnly: true } };
  for (const prefix of ['', '/server']) {
    const path = `${prefix}/serverapi/apiv1/identity-check/onfidowh`;
    app.post<{ Params: { webhookKey: string } }>(`${path}/:webhookKey`, config, (request, reply) => {
      const organization = organizations.find(request.params.webhookKey);
      if (organization?.provider.name !== 'onfido')
        throw new AppError('not_found', 404, 'There is nothing here.');
      receive(surroundings, request, reply, [organization]);
    });
    app.post(path, config, (request, reply) => {
      const candidates = served(organizations, 'onfido');
      if (candidates.length !== 1) throw new AppError('not_found', 404, 'There is nothing here.');
      receive(surroundings, request, reply, candidates);
    });
  }
  for (const name of new Set(organizations.all.map(({ provider }) => provider.name)))
    app.post(`/${name}/callback`, config, (request, reply) => {
      receive(surroundings, request, reply, served(organizations, name));
    });
}

function served(organizations: Organizations, provider: string): ServedOrganization[] {
  return organizations.all.filter(organization => organization.provider.name === provider);
}

/** Answers when it is kept, so with callbacks all the way: a promise for the framework costs a twentieth of a delivery. */
function receive(
  options: Surroundings,
  request: FastifyRequest,
  reply: FastifyReply,
  candidates: readonly ServedOrganization[],
): void {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { headers, ip: address } = request;
  const verdicts = candidates.map(candidate => candidate.provider.verify({ raw, headers, address }));
  const genuine = candidates[verdicts.indexOf('genuine')];
  if (!genuine) {
    for (const { settings } of candidates) options.onDoubt?.(settings.id);
    if (verdicts.includes('unprepared')) answerBusy(reply);
    else reply.code(401).send();
    return;
  }
  if (!options.admits()) {
    answerBusy(reply);
    return;
  }
  const { settings, provider } = genuine;
  const receivedAt = options.clock.now();
  options.inbox.keep({ organization: settings.id, provider: provider.name, raw, receivedAt }, refusal => {
    if (!refusal) options.failpoint?.('delivery.kept');
    try {
      if (refusal) answerBusy(reply);
      else {
        options.onKept();
        reply.code(200).send();
      }
    } catch (error) {
      // whoever waits for the same commit is answered after this one; without an answer it is sent again
      request.log.error(error);
      reply.raw.destroy();
    }
  });
}

function answerBusy(reply: FastifyReply): void {
  reply.code(503).header('retry-after', retrySeconds).send();
}
