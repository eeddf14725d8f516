/** The hooks that Kratos calls, one pair for each provider that serves Ory. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { gateMessageIds } from '../../domain/gate.js';
import { AppError } from '../../runtime/app-error.js';
import { demandHookSecret } from './hook-secret.js';
import { initiate } from './initiate.js';
import { interruptBody } from './interrupt-body.js';
import { oryOrganizations } from './ory-parts.js';
import { createGate, type Gate, type GateOptions } from './validate.js';

export interface HookRoutesOptions extends GateOptions {
  /** whether this address may call at all; absent: any may */
  readonly allowsAddress?: (address: string) => boolean;
}

/** Registers `initiate` and `validate`. To be called in a scope of its own. */
export function registerOryHooks(app: FastifyInstance, options: HookRoutesOptions): void {
  app.addHook('onRequest', async request => {
    if (options.allowsAddress && !options.allowsAddress(request.ip))
      throw new AppError('not_found', 404, 'There is nothing here.');
    demandHookSecret(request, options.settings.webhookSecrets);
  });
  // Kratos would keep its customer waiting for as long as this says
  app.addHook('onSend', async (_request, reply) => void reply.removeHeader('retry-after'));
  for (const served of oryOrganizations(options.organizations)) {
    app.post(`/${served.provider}/initiate`, { errorHandler: explain }, async (request, reply) => {
      const { status, body } = await initiate(options, served, request.body);
      return reply.code(status).send(body);
    });
    const gate = createGate(options, served);
    const errorHandler = (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      refuse(gate, error, request, reply);
    app.post(`/${served.provider}/validate`, { errorHandler }, async (request, reply) => {
      const { status, body, afterwards } = gate(request.body);
      if (afterwards) mendLater(afterwards, options.onFault);
      return reply.code(status).send(body);
    });
  }
}

/**
 * A hook that waits for the answer is one that runs before the identity exists. Kratos shows its messages and nothing
 * else of a refusal, so that only there somebody reads how to wire it.
 */
function explain(error: Error, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(error instanceof AppError) || error.status !== 400) throw error;
  const { code, publicMessage: text, field } = error;
  const told = { code, message: text, ...(field === undefined ? {} : { field }) };
  return reply.code(400).send(interruptBody({ error: told, id: gateMessageIds.cannot_tell, text }));
}

/** A body that cannot be read is a login about which nothing can be told. Who may not call is told so as anywhere. */
function refuse(gate: Gate, error: Error, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof AppError && (error.status === 401 || error.status === 404)) throw error;
  const { status, body } = gate(undefined);
  return reply.code(status).send(body);
}

function mendLater(work: () => void, onFault: (error: unknown) => void): void {
  setImmediate(() => {
    try {
      work();
    } catch (error) {
      onFault(error);
    }
  });
}
