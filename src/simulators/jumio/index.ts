/**
 * A stand-in for Jumio: OAuth, accounts and workflows, retrieval with pictures, callbacks, and a hosted page on which a
 * person picks how it ends. The three hosts of the real one are one here. It keeps everything in memory, knows nothing
 * of this product and is never part of a running gateway. In a program of its own it is driven over HTTP, with JSON
 * bodies; `id` is a workflow's, an account's, or a customerInternalReference:
 *
 * | call                            | body                                                               |
 * | ------------------------------- | ------------------------------------------------------------------ |
 * | `POST /_control/decide`         | `{id, outcome}`: how it will end; a name or an object               |
 * | `POST /_control/capture`        | `{id, outcome?}`: the customer finished on the page                 |
 * | `POST /_control/complete`       | `{id, outcome?}`: decides now, or anew                              |
 * | `POST /_control/announce`       | `{id}`: sends the callback again                                   |
 * | `POST /_control/revoke-tokens`  | nothing: OAuth tokens given so far are refused                     |
 * | `POST /_control/faults`, `…/delivery-faults`, `…/clear-faults` | as at the Onfido simulator           |
 * | `GET /_control/state`, `…/calls`, `…/deliveries`, `…/outcomes` |                                     |
 */
import { type Clock, systemClock } from '../../runtime/clock.js';
import { createCourier, type Delivery, type DeliveryFault, readDeliveryFault } from '../wire/courier.js';
import { type Fault, readFault } from '../wire/faults.js';
import { createSchedule } from '../wire/schedule.js';
import { type Call, createWireServer, listen, type WireServer, type WireTls } from '../wire/server.js';
import { registerAccounts } from './accounts.js';
import { basePath, type JumioContext, namedWorkflow, type WorkflowStatus } from './context.js';
import { registerControl } from './control.js';
import { answerErrors, faultBody } from './errors.js';
import { registerHostedPage } from './hosted-page.js';
import { acquire, announce, complete } from './life.js';
import { registerOauth, type Tokens } from './oauth.js';
import { type Outcome, type OutcomeName, readOutcome } from './outcomes.js';
import { registerRetrieval } from './retrieval.js';

export type { Delivery, DeliveryFault } from '../wire/courier.js';
export type { Fault } from '../wire/faults.js';
export type { Call } from '../wire/server.js';
export type { WorkflowStatus } from './context.js';
export { type Outcome, type OutcomeName, outcomes, type PartOutcome } from './outcomes.js';

export interface JumioSimulatorOptions {
  /** default 0: any free one */
  readonly port?: number;
  readonly host?: string;
  /** moves tokens, links, sessions, processing and callbacks */
  readonly clock?: Clock;
  /** default: any credentials are accepted */
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly tls?: WireTls;
  /** life of an OAuth token (default 3600 s) */
  readonly tokenSeconds?: number;
  /** from the last picture to the decision (default 500 ms) */
  readonly processAfterMs?: number;
  /** how workflows end for which nothing was decided (default `passed`) */
  readonly defaultOutcome?: OutcomeName | Outcome;
  /** refuse more with 429 (default: no limit) */
  readonly initiationsPerSecond?: number;
  /** whether a domain prefix is set in the portal; without one there are no links (default true) */
  readonly domainPrefix?: boolean;
  /** sign callbacks (default: not, as Jumio) */
  readonly callbackSecret?: string;
  /** statuses that are called back (default: the three final ones) */
  readonly announced?: readonly WorkflowStatus[];
  /** PEM trusted for callback receivers; a function when it is made later */
  readonly callbackCa?: string | (() => string | undefined);
  /** where a callback URL is really reached; its own host name still decides `Host` and the certificate */
  readonly rewriteCallbackUrl?: (url: string) => string;
  /** where customers are really sent when they are done */
  readonly rewriteReturnUrl?: (url: string) => string;
  /** waits before a refused or unanswered callback is sent again (default: never) */
  readonly callbackRetryDelays?: readonly number[];
}

/** The control methods that also exist over HTTP. */
export interface JumioControls {
  /** every call so far, paths relative to the base, e.g. `/accounts` */
  readonly calls: readonly Call[];
  /** every attempt at a callback so far */
  readonly deliveries: readonly Delivery[];
  /** how workflows of this name end; holds until decided anew */
  decide(id: string, outcome: OutcomeName | Outcome | string): void;
  /** the customer finishes on the page */
  capture(id: string, outcome?: OutcomeName | Outcome | string): void;
  /** processes a workflow now, or once more */
  complete(id: string, outcome?: OutcomeName | Outcome | string): void;
  /** sends the callback about the status as it is */
  announce(id: string): void;
  revokeTokens(): void;
  /** orders a failure; throws when the object is none */
  readFault(fault: unknown): void;
  readDeliveryFault(fault: unknown): void;
  clearFaults(): void;
  /** everything kept, without pictures and link tokens */
  state(): { readonly accounts: readonly unknown[]; readonly workflows: readonly WorkflowState[] };
}

/** A workflow as `state` shows it. */
export interface WorkflowState {
  readonly id: string;
  readonly accountId: string;
  readonly status: WorkflowStatus;
  readonly customerInternalReference: string;
  readonly userReference: string | null;
  readonly definitionKey: string;
  readonly callbackUrl: string | null;
  readonly successUrl: string | null;
  readonly errorUrl: string | null;
  readonly locale: string;
  readonly userConsent: unknown;
}

export interface JumioSimulator extends Omit<JumioControls, 'readFault' | 'readDeliveryFault'> {
  /** base of all three hosts, e.g. `http://127.0.0.1:4020/api/v1` */
  readonly url: string;
  readonly origin: string;
  readonly authUrl: string;
  /** how many calls of this method and path there were, whatever became of them */
  count(method: string, path: string): number;
  fail(fault: Fault): void;
  failDelivery(fault: DeliveryFault): void;
  /** resolves when no callback is on its way; what waits for the clock does not count */
  settled(): Promise<void>;
  close(): Promise<void>;
}

function createContext(options: JumioSimulatorOptions): JumioContext {
  const schedule = createSchedule(options.clock ?? systemClock);
  return {
    schedule,
    courier: createCourier({
      schedule,
      retryDelays: options.callbackRetryDelays ?? [],
      ca: options.callbackCa,
      rewriteUrl: options.rewriteCallbackUrl,
    }),
    place: { origin: '' },
    accounts: new Map(),
    workflows: new Map(),
    decisions: new Map(),
    settings: {
      clientId: options.clientId ?? null,
      clientSecret: options.clientSecret ?? null,
      tokenSeconds: options.tokenSeconds ?? 3600,
      processAfterMs: options.processAfterMs ?? 500,
      defaultOutcome: readOutcome(options.defaultOutcome ?? 'passed'),
      initiationsPerSecond: options.initiationsPerSecond ?? null,
      domainPrefix: options.domainPrefix ?? true,
      callbackSecret: options.callbackSecret ?? null,
      rewriteReturnUrl: options.rewriteReturnUrl ?? (url => url),
      announced: options.announced ?? ['PROCESSED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED'],
    },
  };
}

function stateOf({ accounts, workflows }: JumioContext): ReturnType<JumioControls['state']> {
  return {
    accounts: [...accounts.values()],
    workflows: [...workflows.values()].map(
      ({ credentials: _pictures, authorizationToken: _token, ...rest }) => rest,
    ),
  };
}

function createControls(context: JumioContext, server: WireServer, tokens: Tokens): JumioControls {
  const { courier, decisions } = context;
  const outcomeOf = (given?: string | Outcome) => (given === undefined ? undefined : readOutcome(given));
  return {
    calls: server.calls,
    deliveries: courier.attempts,
    decide: (id, outcome) => void decisions.set(id, readOutcome(outcome)),
    capture: (id, outcome) => acquire(context, namedWorkflow(context, id), outcomeOf(outcome)),
    complete: (id, outcome) => complete(context, namedWorkflow(context, id), outcomeOf(outcome)),
    announce: id => announce(context, namedWorkflow(context, id)),
    revokeTokens: () => tokens.revoke(),
    readFault: fault => server.faults.add(readFault(fault)),
    readDeliveryFault: fault => courier.fail(readDeliveryFault(fault)),
    clearFaults() {
      server.faults.clear();
      courier.clearFaults();
    },
    state: () => stateOf(context),
  };
}

/** The API behind its token, the token's own endpoint and the customer's page. */
function registerAll(server: WireServer, context: JumioContext): Tokens {
  const { app } = server;
  answerErrors(app);
  const tokens = registerOauth(app, context);
  app.register(
    async scope => {
      scope.addHook('onRequest', async request => tokens.check(request));
      answerErrors(scope);
      registerAccounts(scope, context);
      registerRetrieval(scope, context);
    },
    { prefix: basePath },
  );
  registerHostedPage(app, context);
  return tokens;
}

/** Starts the simulator; it listens when the promise resolves. */
export async function startJumioSimulator(options: JumioSimulatorOptions = {}): Promise<JumioSimulator> {
  const context = createContext(options);
  const { schedule, courier } = context;
  const server = createWireServer({ schedule, tls: options.tls, base: basePath, faultBody });
  const controls = createControls(context, server, registerAll(server, context));
  registerControl(server.app, controls);
  context.place.origin = await listen(server.app, { ...options, tls: options.tls !== undefined });
  const { readFault: _fault, readDeliveryFault: _delivery, ...shown } = controls;
  const { origin } = context.place;
  return {
    ...shown,
    url: `${origin}${basePath}`,
    origin,
    authUrl: `${origin}/oauth2/token`,
    count: (method, path) => server.calls.filter(call => call.method === method && call.path === path).length,
    fail: fault => server.faults.add(fault),
    failDelivery: fault => courier.fail(fault),
    settled: () => courier.settled(),
    async close() {
      schedule.cancelAll();
      courier.close();
      await server.app.close();
    },
  };
}
