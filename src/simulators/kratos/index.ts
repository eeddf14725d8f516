/**
 * A stand-in for Ory Kratos: the part of the admin API that concerns identities, and on a second, public listener
 * `whoami` and the native sign-up, login and recovery flows, which call hooks as Kratos does. It keeps everything in
 * memory. In a program of its own it is driven over HTTP on the admin listener, with JSON bodies:
 *
 * | call                        | body                                                              |
 * | --------------------------- | ----------------------------------------------------------------- |
 * | `POST /_control/identities` | `{traits, id?, metadata_public?, metadata_admin?}`: makes one       |
 * | `POST /_control/sessions`   | `{identityId, aal2Required?, active?, lifeMs?}`: answers its token  |
 * | `POST /_control/actions`    | a Kratos configuration as JSON: its hooks are called from now on    |
 * | `POST /_control/faults`, `…/clear-faults` | as at the Onfido simulator; for both listeners       |
 * | `GET /_control/identities`, `…/patches`, `…/calls`, `…/hook-calls`, `…/mails` |              |
 */
import type { FastifyInstance } from 'fastify';
import { type Clock, systemClock } from '../../runtime/clock.js';
import { type Fault, readFault } from '../wire/faults.js';
import { asFields, asText, type Fields } from '../wire/fields.js';
import { createSchedule, type Schedule } from '../wire/schedule.js';
import { type Call, createWireServer, listen, type WireTls } from '../wire/server.js';
import { type Actions, readActions } from './actions.js';
import { answerErrors, registerAdmin } from './admin.js';
import { faultBody } from './errors.js';
import { createFlows } from './flows.js';
import { createIdentities, type Identities, type Identity, type PatchRecord } from './identities.js';
import type { RecoveryMail } from './recovery-flow.js';
import { bestRenderer, type RenderBody } from './render-body.js';
import { registerSelfService } from './self-service.js';
import { createSessions, type KratosSession, type Sessions, type SessionWish } from './sessions.js';
import { createHookCaller, type HookAttempt, type HookCallerOptions } from './webhook-call.js';
import { createWebhooks } from './webhooks.js';

export { serializationConflict } from './errors.js';
export type { Identity, PatchRecord } from './identities.js';
export type { RecoveryMail } from './recovery-flow.js';
export type { KratosSession, SessionWish } from './sessions.js';
export type { HookAttempt } from './webhook-call.js';

export interface KratosSimulatorOptions {
  /** of the admin listener; default 0: any free one */
  readonly port?: number;
  readonly publicPort?: number;
  readonly host?: string;
  /** moves timestamps, session life and slow answers */
  readonly clock?: Clock;
  /** for both listeners */
  readonly tls?: WireTls;
  /** asked for on the admin listener, as on the Ory Network; default: none */
  readonly apiKey?: string;
  /** answer 429 to a second change of one identity while one is under way, as the Network does (default false) */
  readonly limitInFlight?: boolean;
  /** PEM trusted for hooks; a function where it is only known later */
  readonly hookCa?: string | (() => string);
  /** where a hook's URL is really reached */
  readonly rewriteHookUrl?: (url: string) => string;
  /** how templates become bodies; default: by the `jsonnet` program if there is one, else from recordings */
  readonly render?: RenderBody;
}

export interface KratosSimulator {
  readonly adminUrl: string;
  readonly publicUrl: string;
  readonly identities: ReadonlyMap<string, Identity>;
  /** every PATCH that was looked at, refused ones too */
  readonly patches: readonly PatchRecord[];
  /** calls of both listeners */
  readonly calls: readonly Call[];
  /** every attempt to call a hook */
  readonly hookCalls: readonly HookAttempt[];
  /** recovery codes as they were mailed */
  readonly mails: readonly RecoveryMail[];
  /** the hooks to call from now on: the parsed YAML of a Kratos configuration, or of `ory-actions.yaml` */
  useActions(configuration: unknown): void;
  count(method: string, path: string): number;
  /** makes an identity; `fields` as in `POST /admin/identities`, and an `id` where it matters */
  createIdentity(traits: Readonly<Record<string, unknown>>, fields?: Fields): Identity;
  /** a session; its token goes into `X-Session-Token`, a Bearer header or the cookie `ory_kratos_session` */
  createSession(identityId: string, wish?: SessionWish): KratosSession;
  /** deletes an identity behind the gateway's back */
  removeIdentity(id: string): void;
  /** from now on the stored traits do not fit their schema: every PATCH of this identity is refused with 400 */
  breakTraits(id: string): void;
  /** on both listeners; paths are whole, e.g. `/admin/identities/*` */
  fail(fault: Fault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

function registerPublic(app: FastifyInstance, sessions: Sessions, adminUrl: () => string): void {
  answerErrors(app);
  app.get('/sessions/whoami', async (request, reply) => {
    const { identityId, body } = sessions.whoami(request.headers);
    return reply.header('x-kratos-authenticated-identity-id', identityId).send(body);
  });
  app.all('/admin/*', async (request, reply) => reply.redirect(`${adminUrl()}${request.url}`, 307));
}

function registerControl(
  app: FastifyInstance,
  sim: Omit<KratosSimulator, 'adminUrl' | 'publicUrl' | 'close'>,
): void {
  const actions: Readonly<Record<string, (body: Fields) => unknown>> = {
    identities: body => sim.createIdentity(asFields(body.traits), body),
    sessions: body => sim.createSession(asText(body.identityId) ?? '', body as SessionWish),
    actions: body => sim.useActions(body),
    faults: body => sim.fail(readFault(body)),
    'clear-faults': () => sim.clearFaults(),
  };
  app.register(
    async scope => {
      scope.setErrorHandler((error, _request, reply) =>
        reply.code(400).send({ error: error instanceof Error ? error.message : 'cannot be read' }),
      );
      for (const [name, act] of Object.entries(actions))
        scope.post(`/${name}`, async request => ({ done: act(asFields(request.body)) ?? true }));
      scope.get('/identities', async () => [...sim.identities.values()]);
      scope.get('/patches', async () => sim.patches);
      scope.get('/calls', async () => sim.calls);
      scope.get('/hook-calls', async () => sim.hookCalls);
      scope.get('/mails', async () => sim.mails);
    },
    { prefix: '/_control' },
  );
}

/** The two listeners, whose calls are kept in one list. */
function createListeners(schedule: Schedule, options: KratosSimulatorOptions) {
  const admin = createWireServer({ schedule, tls: options.tls, faultBody });
  const open = createWireServer({
    schedule,
    tls: options.tls,
    faultBody,
    calls: admin.calls,
    faults: admin.faults,
  });
  return { admin: admin.app, open: open.app, calls: admin.calls, faults: admin.faults };
}

/** The flows, and what is recorded of them. */
function createSelfService(
  schedule: Schedule,
  { hookCa, rewriteHookUrl, render = bestRenderer() }: KratosSimulatorOptions,
  identities: Identities,
  sessions: Sessions,
  publicUrl: () => string,
) {
  const callerOptions: HookCallerOptions = { schedule, ca: hookCa, rewriteUrl: rewriteHookUrl };
  const caller = createHookCaller(callerOptions);
  const mails: RecoveryMail[] = [];
  let actions: Actions = readActions({});
  const self = {
    identities,
    sessions,
    flows: createFlows(schedule, publicUrl),
    webhooks: createWebhooks(caller, render),
    passwords: new Map<string, string>(),
    mails,
    actions: () => actions,
  };
  const useActions = (configuration: unknown) => {
    actions = readActions(configuration);
  };
  return { self, useActions, mails, hookCalls: caller.attempts, close: caller.close };
}

/** Starts the simulator; both listeners listen when the promise resolves, neither of them when it rejects. */
export async function startKratosSimulator(options: KratosSimulatorOptions = {}): Promise<KratosSimulator> {
  const schedule = createSchedule(options.clock ?? systemClock);
  const place = { adminUrl: '', publicUrl: '' };
  const { admin, open, calls, faults } = createListeners(schedule, options);
  const identities = createIdentities(schedule, () => `${place.publicUrl}/schemas/ZGVmYXVsdA`);
  const sessions = createSessions(schedule, identities);
  const selfService = createSelfService(schedule, options, identities, sessions, () => place.publicUrl);
  const controls = {
    hookCalls: selfService.hookCalls,
    mails: selfService.mails,
    useActions: selfService.useActions,
    identities: identities.all,
    patches: identities.patches,
    calls,
    count: (method: string, path: string) =>
      calls.filter(call => call.method === method && call.path === path).length,
    createIdentity: (traits: Readonly<Record<string, unknown>>, fields: Fields = {}) =>
      identities.create({ ...fields, traits }),
    createSession: sessions.create,
    removeIdentity: identities.remove,
    breakTraits: (id: string) => void identities.unfit.add(identities.find(id).id),
    fail: (fault: Fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
  };
  answerErrors(admin);
  for (const app of [admin, open]) app.get('/health/ready', async () => ({ status: 'ok' }));
  const { apiKey = null, limitInFlight = false } = options;
  registerAdmin(admin, { identities, sessions, apiKey, limitInFlight });
  registerControl(admin, controls);
  registerPublic(open, sessions, () => place.adminUrl);
  registerSelfService(open, selfService.self);
  const tls = options.tls !== undefined;
  const close = async () => {
    schedule.cancelAll();
    selfService.close();
    await Promise.all([admin.close(), open.close()]);
  };
  try {
    place.adminUrl = await listen(admin, { host: options.host, port: options.port, tls });
    place.publicUrl = await listen(open, { host: options.host, port: options.publicPort, tls });
  } catch (error) {
    await close();
    throw error;
  }
  return { ...controls, ...place, close };
}
