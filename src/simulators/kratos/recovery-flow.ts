/** Native recovery by code: its hooks run before the session that lets the customer choose a new password. */
import { randomInt } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asText, type Fields } from '../wire/fields.js';
import { type Flow, refusal, refuseBrowsers, shownAgain, submitted } from './flows.js';
import { hookContext } from './hook-context.js';
import { demandActive } from './login-flow.js';
import type { SelfService } from './self-service.js';
import { FlowRefused } from './webhook-answer.js';

/** A code as it was mailed. */
export interface RecoveryMail {
  readonly flowId: string;
  readonly identityId: string;
  readonly email: string;
  readonly code: string;
}

/** Registers the flow. */
export function registerRecovery(app: FastifyInstance, self: SelfService): void {
  const { flows } = self;
  app.post<{ Querystring: { flow?: string } }>('/self-service/recovery', async (request, reply) => {
    refuseBrowsers(request);
    const flow = flows.find('recovery', request.query.flow);
    const { email, code } = submitted(flow, request.body);
    try {
      if (code === undefined) return mail(self, flow, asText(email) ?? '');
      return await recover(self, flow, code, request);
    } catch (error) {
      if (error instanceof RecoveryBlocked) {
        const next = flows.create('recovery', '/self-service/recovery/api');
        next.messages = error.refused.messages;
        return reply.redirect(`/self-service/recovery/flows?id=${next.id}`, 303);
      }
      const { status, body } = shownAgain(flows, flow, error);
      return reply.code(status).send(body);
    }
  });
}

/** A hook refused: the customer begins with a new flow that says why. */
class RecoveryBlocked extends Error {
  constructor(readonly refused: FlowRefused) {
    super(refused.message);
  }
}

/** Says the same whether there is such a person or not. */
function mail({ flows, identities, mails }: SelfService, flow: Flow, email: string): Fields {
  const identity = [...identities.all.values()].find(({ traits }) => traits.email === email);
  const code = String(randomInt(100_000, 999_999));
  if (identity) mails.push({ flowId: flow.id, identityId: identity.id, email, code });
  flow.state = 'sent_email';
  return flows.toWire(flow);
}

async function recover(
  self: SelfService,
  flow: Flow,
  code: unknown,
  request: FastifyRequest,
): Promise<Fields> {
  const sent = self.mails.findLast(({ flowId }) => flowId === flow.id);
  if (!sent || sent.code !== code)
    throw refusal(4060006, 'The recovery code is invalid or has already been used. Please try again.');
  const identity = self.identities.find(sent.identityId);
  demandActive(identity);
  const hooks = self.actions().inForce('recovery', 'code');
  try {
    await self.webhooks.run(hooks, () => hookContext(self.flows, flow, identity, request));
  } catch (error) {
    throw error instanceof FlowRefused ? new RecoveryBlocked(error) : error;
  }
  flow.state = 'passed_challenge';
  const session = self.sessions.create(identity.id);
  const next = { action: 'set_ory_session_token', ory_session_token: session.token };
  return { ...self.flows.toWire(flow), continue_with: [next] };
}
