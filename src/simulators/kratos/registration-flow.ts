/** Native sign-up with a password: hooks that parse, then the identity, then the others, then a session if one is asked for. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asFields, asText, type Fields } from '../wire/fields.js';
import { type Hook, isPrePersist } from './actions.js';
import { badRequest, KratosError } from './errors.js';
import { type Flow, refusal, refuseBrowsers, shownAgain, submitted } from './flows.js';
import { hookContext, nilId } from './hook-context.js';
import type { Identity } from './identities.js';
import type { SelfService } from './self-service.js';

const replaceable = ['traits', 'schema_id', 'state', 'metadata_public', 'metadata_admin', 'external_id'];

/** Registers the flow. */
export function registerRegistration(app: FastifyInstance, self: SelfService): void {
  const { flows } = self;
  app.post<{ Querystring: { flow?: string } }>('/self-service/registration', async (request, reply) => {
    refuseBrowsers(request);
    const flow = flows.find('registration', request.query.flow);
    try {
      return await signUp(self, flow, request);
    } catch (error) {
      const { status, body } = shownAgain(flows, flow, error);
      return reply.code(status).send(body);
    }
  });
}

async function signUp(self: SelfService, flow: Flow, request: FastifyRequest): Promise<Fields> {
  const { traits, method, password } = submitted(flow, request.body);
  if (method !== 'password') throw badRequest('only the password method is simulated');
  if (asText(asFields(traits).email) === undefined) throw refusal(4000002, 'Property email is missing.');
  if (asText(password) === undefined) throw refusal(4000002, 'Property password is missing.');
  const identity = create(self, await prePersist(self, flow, asFields(traits), request));
  self.passwords.set(identity.id, String(password));
  // what is answered is what was stored then; a hook's change of the metadata shows only afterwards
  const answered = structuredClone(identity);
  const hooks = self.actions().inForce('registration', 'password');
  await self.webhooks.run(postPersist(hooks), () => hookContext(self.flows, flow, answered, request));
  const { metadata_admin: _hidden, ...visible } = answered;
  if (!hooks.some(({ kind }) => kind === 'session')) return { identity: visible };
  const session = self.sessions.create(identity.id);
  return { identity: visible, session: self.sessions.toWire(session), session_token: session.token };
}

/** Only the method's own list is looked at: such a hook in the global list never runs. */
async function prePersist(
  { actions, webhooks, flows }: SelfService,
  flow: Flow,
  traits: Fields,
  request: FastifyRequest,
): Promise<Fields> {
  const hooks = actions()
    .ofMethod('registration', 'password')
    .filter(hook => hook.kind === 'web_hook' && isPrePersist(hook.webHook));
  const unborn = { id: nilId, schema_id: 'default', state: 'active', traits, metadata_public: null };
  const changes = await webhooks.run(hooks, () =>
    hookContext(flows, flow, unborn as unknown as Identity, request),
  );
  const taken = Object.entries(changes).filter(([key, value]) => replaceable.includes(key) && value !== null);
  return { traits, ...Object.fromEntries(taken) };
}

function postPersist(hooks: readonly Hook[]): readonly Hook[] {
  return hooks.filter(hook => hook.kind === 'web_hook' && !isPrePersist(hook.webHook));
}

function create({ identities }: SelfService, fields: Fields): Identity {
  try {
    return identities.create(fields);
  } catch (error) {
    if (!(error instanceof KratosError) || error.status !== 409) throw error;
    throw refusal(
      4000007,
      'An account with the same identifier (email, phone, username, ...) exists already.',
    );
  }
}
