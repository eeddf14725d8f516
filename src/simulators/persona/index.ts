/**
 * A stand-in for Persona: the part of its API that concerns inquiries, in its wire format, its hosted page, files behind
 * addresses that run out, and signed webhooks. It keeps everything in memory, knows nothing of this product and is never
 * part of a running gateway. In a program of its own it is driven over HTTP, with JSON bodies:
 *
 * | call                             | body                                                              |
 * | -------------------------------- | ----------------------------------------------------------------- |
 * | `POST /_control/decide`          | `{id, outcome}`: id of an inquiry or its reference; name or object  |
 * | `POST /_control/finish`          | `{id, outcome?}`: the customer goes through the flow                |
 * | `POST /_control/review`          | `{id, status}`: somebody at Persona decides                         |
 * | `POST /_control/expire`, `…/redact` | `{id}`: an inquiry                                               |
 * | `POST /_control/announce`        | `{id, action?}`: sends an event again                               |
 * | `POST /_control/stranger`        | `{templateId, referenceId?}`: somebody opens a template's own link  |
 * | `POST /_control/webhook`         | `{url, secrets, form?, inflection?}`: where events go               |
 * | `POST /_control/rotate-secret`   | `{secret}`: the new one; the newest old one stays in force          |
 * | `POST /_control/faults`, `…/delivery-faults`, `…/clear-faults` | as at the Onfido simulator            |
 * | `GET /_control/state`, `…/calls`, `…/deliveries`, `…/outcomes` |                                       |
 */
import { type Clock, systemClock } from '../../runtime/clock.js';
import { createCourier, type Delivery, type DeliveryFault, readDeliveryFault } from '../wire/courier.js';
import { type Fault, fits, readFault } from '../wire/faults.js';
import { createSchedule } from '../wire/schedule.js';
import { type Call, createWireServer, listen, type WireServer, type WireTls } from '../wire/server.js';
import { registerApi } from './api.js';
import { basePath, type PersonaContext } from './context.js';
import { registerControl } from './control.js';
import { faultBody } from './errors.js';
import { sendInquiryEvent } from './events.js';
import { fileRoutes } from './files.js';
import { hostedPage } from './hosted-page.js';
import {
  createInquiry,
  eventOf,
  expireInquiry,
  finishInquiry,
  moveInquiry,
  type NewInquiry,
  redactInquiry,
  reviewInquiry,
} from './inquiry-life.js';
import { type Outcome, type OutcomeName, readOutcome } from './outcomes.js';
import { createWorld, type Inquiry, type Webhook } from './world.js';

export type { Delivery, DeliveryFault } from '../wire/courier.js';
export type { Fault } from '../wire/faults.js';
export type { Call } from '../wire/server.js';
export { sign, signatureHeader, signBare } from './events.js';
export { type Outcome, type OutcomeName, outcomes } from './outcomes.js';

export interface PersonaSimulatorOptions {
  /** default 0: any free one */
  readonly port?: number;
  readonly host?: string;
  /** moves decisions, expiry, the life of addresses and webhook retries */
  readonly clock?: Clock;
  /** default: any key is accepted */
  readonly apiKeys?: readonly string[];
  /** default: any template exists */
  readonly templateIds?: readonly string[];
  /** the fields the templates have; default: whichever are given */
  readonly fieldNames?: readonly string[];
  readonly tls?: WireTls;
  /** from the end of the flow to the decision (default 500 ms) */
  readonly decideAfterMs?: number;
  /** how inquiries end for which nothing was decided (default `approved`) */
  readonly defaultOutcome?: OutcomeName | Outcome;
  /** default 6 hours */
  readonly fileLifeMs?: number;
  /** default 24 hours */
  readonly inquiryLifeMs?: number;
  /** where events go; further ones with `setWebhook` */
  readonly webhook?: WebhookWish;
  /** PEM trusted for webhook receivers; a function when it is made later */
  readonly webhookCa?: string | (() => string | undefined);
  /** where a webhook URL is really reached; its own host name still decides `Host` and the certificate */
  readonly rewriteWebhookUrl?: (url: string) => string;
  /** waits before a refused or unanswered event is sent again */
  readonly webhookRetryDelays?: readonly number[];
}

/** A webhook as the dashboard makes it; newest secret first. */
export interface WebhookWish {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly form?: Webhook['form'];
  readonly inflection?: Webhook['inflection'];
}

/** The control methods that also exist over HTTP. An inquiry is named by its id, or the newest by its reference. */
export interface PersonaControls {
  /** every API call so far, paths relative to the base, e.g. `/inquiries` */
  readonly calls: readonly Call[];
  /** every attempt at a webhook so far */
  readonly deliveries: readonly Delivery[];
  /** how an inquiry, or all of a reference, ends when `finish` does not say */
  decide(id: string, outcome: OutcomeName | Outcome | string): void;
  /** the customer goes through the flow, without a browser */
  finish(id: string, outcome?: OutcomeName | Outcome | string): void;
  /** somebody at Persona decides: a status, known or not */
  review(id: string, status: string): void;
  expire(id: string): void;
  redact(id: string): void;
  /** sends an event (any word) without changing anything; default: the one of the inquiry's status */
  announce(id: string, action?: string): void;
  /** somebody opens a template's own link; answers the id of the inquiry this makes */
  stranger(wish: Omit<NewInquiry, 'byApi'>): string;
  setWebhook(wish: WebhookWish): void;
  rotateSecret(secret: string): void;
  /** orders a failure; throws when the object is none */
  readFault(fault: unknown): void;
  readDeliveryFault(fault: unknown): void;
  clearFaults(): void;
  /** everything kept, for looking at; files without their bytes */
  state(): Readonly<Record<string, readonly unknown[]>>;
}

export interface PersonaSimulator extends Omit<PersonaControls, 'readFault' | 'readDeliveryFault'> {
  /** base with version path, e.g. `http://127.0.0.1:4030/api/v1` */
  readonly url: string;
  readonly origin: string;
  readonly inquiries: ReadonlyMap<string, Inquiry>;
  /** how many calls of this method and path there were, whatever became of them; `*` stands for any text */
  count(method: string, path: string): number;
  fail(fault: Fault): void;
  failDelivery(fault: DeliveryFault): void;
  /** resolves when no webhook is on its way; what waits for the clock does not count */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Seven repetitions, over about two days. */
const defaultRetryDelays = [3, 66, 731, 4098, 15_627, 46_658, 117_651].map(seconds => seconds * 1000);

function find(context: PersonaContext, id: string): Inquiry {
  const { inquiries } = context.world;
  const newest = () =>
    [...inquiries.values()].findLast(({ attributes }) => attributes['reference-id'] === id);
  const inquiry = inquiries.get(id) ?? newest();
  if (!inquiry) throw new TypeError(`there is no inquiry ${id}`);
  return inquiry;
}

function outcomeOf(context: PersonaContext, inquiry: Inquiry, given: unknown): Outcome {
  if (given !== undefined) return readOutcome(given);
  const { decisions } = context.world;
  const reference = String(inquiry.attributes['reference-id']);
  return decisions.get(inquiry.id) ?? decisions.get(reference) ?? context.settings.defaultOutcome;
}

function stateOf({ world }: PersonaContext) {
  return {
    inquiries: [...world.inquiries.values()],
    verifications: [...world.verifications.values()].map(({ photos, ...rest }) => ({
      ...rest,
      photos: [...photos.keys()],
    })),
    accounts: [...world.accounts.values()],
    files: [...world.files.values()].map(({ bytes: _bytes, ...file }) => file),
    links: [...world.links].map(([code, link]) => ({ code, ...link })),
    webhooks: world.webhooks,
    events: world.events,
  };
}

function createControls(context: PersonaContext, server: WireServer): PersonaControls {
  const { world, courier } = context;
  return {
    calls: server.calls,
    deliveries: courier.attempts,
    decide: (id, outcome) => void world.decisions.set(id, readOutcome(outcome)),
    finish(id, outcome) {
      const inquiry = find(context, id);
      finishInquiry(context, inquiry, outcomeOf(context, inquiry, outcome));
    },
    review(id, status) {
      const inquiry = find(context, id);
      const decided = ['approved', 'declined', 'needs_review'].includes(status);
      (decided ? reviewInquiry : moveInquiry)(context, inquiry, status);
    },
    expire: id => expireInquiry(context, find(context, id)),
    redact: id => redactInquiry(context, find(context, id)),
    announce(id, action) {
      const inquiry = find(context, id);
      sendInquiryEvent(context, inquiry, action ?? eventOf(inquiry.attributes.status));
    },
    stranger: wish => createInquiry(context, { ...wish, byApi: false }).id,
    setWebhook({ url, secrets, form = 'persona', inflection = 'kebab' }) {
      world.webhooks.push({ url, secrets, form, inflection });
    },
    rotateSecret(secret) {
      for (const webhook of world.webhooks) webhook.secrets = [secret, ...webhook.secrets.slice(0, 1)];
    },
    readFault: fault => server.faults.add(readFault(fault)),
    readDeliveryFault: fault => courier.fail(readDeliveryFault(fault)),
    clearFaults() {
      server.faults.clear();
      courier.clearFaults();
    },
    state: () => stateOf(context),
  };
}

/** Starts the simulator; it listens when the promise resolves. */
export async function startPersonaSimulator(
  options: PersonaSimulatorOptions = {},
): Promise<PersonaSimulator> {
  const schedule = createSchedule(options.clock ?? systemClock);
  const server = createWireServer({ schedule, tls: options.tls, base: basePath, faultBody });
  const courier = createCourier({
    schedule,
    retryDelays: options.webhookRetryDelays ?? defaultRetryDelays,
    ca: options.webhookCa,
    rewriteUrl: options.rewriteWebhookUrl,
    timeoutMs: 5_000,
  });
  const context: PersonaContext = {
    world: createWorld(),
    schedule,
    courier,
    place: { origin: '' },
    settings: {
      apiKeys: options.apiKeys ?? null,
      templateIds: options.templateIds ?? null,
      fieldNames: options.fieldNames ?? null,
      decideAfterMs: options.decideAfterMs ?? 500,
      defaultOutcome: readOutcome(options.defaultOutcome ?? 'approved'),
      fileLifeMs: options.fileLifeMs ?? 6 * 60 * 60_000,
      inquiryLifeMs: options.inquiryLifeMs ?? 24 * 60 * 60_000,
    },
  };
  const { readFault: fault, readDeliveryFault: delivery, ...controls } = createControls(context, server);
  if (options.webhook) controls.setWebhook(options.webhook);
  registerApi(server.app, context);
  hostedPage(server.app, context);
  fileRoutes(server.app, context);
  registerControl(server.app, { ...controls, readFault: fault, readDeliveryFault: delivery });
  context.place.origin = await listen(server.app, { ...options, tls: options.tls !== undefined });
  const { origin } = context.place;
  return {
    ...controls,
    url: `${origin}${basePath}`,
    origin,
    inquiries: context.world.inquiries,
    count: (method, path) =>
      server.calls.filter(call => call.method === method && fits(path, call.path)).length,
    fail: given => server.faults.add(given),
    failDelivery: given => courier.fail(given),
    settled: () => courier.settled(),
    async close() {
      schedule.cancelAll();
      courier.close();
      await server.app.close();
    },
  };
}
