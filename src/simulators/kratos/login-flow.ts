/** Native login with a password: the hooks run when the password is right and before there is a session. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Fields } from '../wire/fields.js';
import { type Flow, refusal, refuseBrowsers, shownAgain, submitted } from './flows.js';
import { hookContext, nilId } from './hook-context.js';
import type { Identity } from './identities.js';
import type { SelfService } from './self-service.js';

/** Registers the flow. */
export function registerLogin(app: FastifyInstance, self: SelfService): void {
  const { flows } = self;
  app.post<{ Querystring: { flow?: string } }>('/self-service/login', async (request, reply) => {
    refuseBrowsers(request);
    const flow = flows.find('login', request.query.flow);
    try {
      return await logIn(self, flow, request);
    } catch (error) {
      const { status, body } = shownAgain(flows, flow, error);
      return reply.code(status).send(body);
    }
  });
}

async function logIn(self: SelfService, flow: Flow, request: FastifyRequest): Promise<Fields> {
  const { identifier, password } = submitted(flow, request.body);
  const identity = [...self.identities.all.values()].find(({ traits }) => traits.email === identifier);
  const known = identity && self.passwords.get(identity.id);
  if (!identity || known === undefined || known !== password)
    throw refusal(
      4000006,
      'The provided credentials are invalid, check for spelling mistakes in your password or username, email address, or phone number.',
    );
  demandActive(identity);
  const hooks = self.actions().inForce('login', 'password');
  const context = () => hookContext(self.flows, flow, identity, request, unbornSession(identity));
  await self.webhooks.run(hooks, context);
  const session = self.sessions.create(identity.id);
  return { session: self.sessions.toWire(session), session_token: session.token };
}

/** Whoever is deactivated gets nowhere, whatever the hooks say. */
export function demandActive({ state }: Identity): void {
  if (state !== 'active') throw refusal(4010011, 'This account is disabled.');
}

function unbornSession(identity: Identity): Fields {
  const { metadata_admin: _hidden, ...visible } = identity;
  return { id: nilId, authenticator_assurance_level: 'aal1', identity: visible };
}
