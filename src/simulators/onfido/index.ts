/**
 * A stand-in for Onfido: the API v3.6 in its wire format, signed webhooks, and a stand-in for the Web SDK's script.
 * It keeps everything in memory, knows nothing of this product and is never part of a running gateway.
 *
 * Every accepted API token belongs to one and the same account; objects made with an `api_sandbox…` token are sandbox
 * objects. Without a decision checks end clear. In a program of its own it is driven over HTTP, with JSON bodies:
 *
 * | call                             | body                                                             |
 * | -------------------------------- | ---------------------------------------------------------------- |
 * | `POST /_control/decide`          | `{id, outcome}`: id of an applicant, check or run; name or object |
 * | `POST /_control/complete`        | `{id}`: a check or run                                           |
 * | `POST /_control/reopen`, `…/withdraw` | `{id}`: a check                                             |
 * | `POST /_control/announce`        | `{id, action?}`: sends a check's or run's event again            |
 * | `POST /_control/upload`          | `{id, document?, back?, selfie?}`: the applicant finished capturing |
 * | `POST /_control/faults`          | a {@link Fault}: `{kind, method?, path?, times?, skip?, ms?, status?, retryAfter?, body?}` |
 * | `POST /_control/delivery-faults` | a {@link DeliveryFault}: `{kind, action?, times?, ms?}`          |
 * | `POST /_control/clear-faults`    | nothing                                                          |
 * | `GET /_control/state`, `…/calls`, `…/deliveries`, `…/outcomes` |                                    |
 */
import { type Clock, systemClock } from '../../runtime/clock.js';
import {
  type Courier,
  createCourier,
  type Delivery,
  type DeliveryFault,
  readDeliveryFault,
} from '../wire/courier.js';
import { type Fault, readFault } from '../wire/faults.js';
import { createSchedule } from '../wire/schedule.js';
import { type Call, createWireServer, listen, type WireServer, type WireTls } from '../wire/server.js';
import { registerApi } from './api.js';
import { completeCheck, reopenCheck, withdrawCheck } from './check-life.js';
import { basePath, type OnfidoContext } from './context.js';
import { registerControl } from './control.js';
import { faultBody } from './errors.js';
import { sendCheckEvent, sendRunEvent, sign } from './events.js';
import { findApplicant, findCheck } from './find.js';
import { storeMedia } from './media.js';
import { type Outcome, type OutcomeName, readOutcome } from './outcomes.js';
import { documentPng, filmMp4, selfiePng } from './pictures.js';
import { applicantUploaded, completeRun } from './run-life.js';
import { registerWebSdk } from './web-sdk.js';
import { createWorld, type MediaKind } from './world.js';

export type { Delivery, DeliveryFault } from '../wire/courier.js';
export type { Fault } from '../wire/faults.js';
export type { Call } from '../wire/server.js';
export { type Outcome, type OutcomeName, outcomes, type Verdict } from './outcomes.js';

export interface OnfidoSimulatorOptions {
  /** default 0: any free one */
  readonly port?: number;
  readonly host?: string;
  /** moves automatic completion, token life and webhook retries */
  readonly clock?: Clock;
  /** default: any token is accepted */
  readonly apiTokens?: readonly string[];
  readonly tls?: WireTls;
  /** checks and runs complete by themselves (default true) … */
  readonly autoComplete?: boolean;
  /** … so long after they began (default 500 ms) */
  readonly completeAfterMs?: number;
  /** how checks end for which nothing was decided (default `clear`) */
  readonly defaultOutcome?: OutcomeName | Outcome;
  /** refuse checks of applicants in the USA without recorded consent, as Onfido does (default true) */
  readonly requireConsent?: boolean;
  /** PEM trusted for webhook receivers, e.g. a gateway's self-signed certificate; a function when it is made later */
  readonly webhookCa?: string | (() => string | undefined);
  /** where a registered webhook URL is really reached; its own host name still decides `Host` and the certificate */
  readonly rewriteWebhookUrl?: (url: string) => string;
  /** waits before a refused or unanswered webhook is sent again */
  readonly webhookRetryDelays?: readonly number[];
}

/** What the applicant captured. By default the front of a document and a photo. */
export interface UploadWish {
  readonly document?: boolean;
  readonly back?: boolean;
  readonly selfie?: 'photo' | 'video' | 'motion' | 'none';
}

/** The control methods that also exist over HTTP. */
export interface OnfidoControls {
  /** every API call so far, paths relative to the base, e.g. `/checks` */
  readonly calls: readonly Call[];
  /** every attempt at a webhook so far */
  readonly deliveries: readonly Delivery[];
  /** how the named check or run, or all further ones of the named applicant, end; holds until decided anew */
  decide(id: string, outcome: OutcomeName | Outcome | string): void;
  /** completes a check or run now, or once more */
  complete(id: string): void;
  reopen(checkId: string): void;
  withdraw(checkId: string): void;
  /** sends an event about a check (any word) or a run (its completion) without changing anything */
  announce(id: string, action?: string): void;
  /** what a finished capture leaves, without a browser */
  upload(applicantId: string, wish?: UploadWish): { documentIds: string[]; selfieId: string | null };
  /** orders a failure; throws when the object is none */
  readFault(fault: unknown): void;
  readDeliveryFault(fault: unknown): void;
  clearFaults(): void;
  /** everything kept, for looking at; files without their bytes */
  state(): Readonly<Record<string, readonly unknown[]>>;
}

export interface OnfidoSimulator extends Omit<OnfidoControls, 'readFault' | 'readDeliveryFault'> {
  /** base with version path, e.g. `http://127.0.0.1:4010/v3.6` */
  readonly url: string;
  readonly origin: string;
  /** the Web SDK's script */
  readonly sdkUrl: string;
  /** how many calls of this method and path there were, whatever became of them */
  count(method: string, path: string): number;
  fail(fault: Fault): void;
  failDelivery(fault: DeliveryFault): void;
  /** resolves when no webhook is on its way; what waits for the clock does not count */
  settled(): Promise<void>;
  /** the signature of a webhook body */
  sign(raw: string | Buffer, token: string): string;
  close(): Promise<void>;
}

/** About 30 seconds growing to hours. */
const defaultRetryDelays = [30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000];

const selfies: Readonly<Record<'photo' | 'video' | 'motion', readonly [MediaKind, string, string]>> = {
  photo: ['live_photos', 'selfie.png', 'image/png'],
  video: ['live_videos', 'selfie.mp4', 'video/mp4'],
  motion: ['motion_captures', 'motion.mp4', 'video/mp4'],
};

function upload(context: OnfidoContext, applicantId: string, wish: UploadWish) {
  findApplicant(context.world, applicantId);
  const seed = context.world.media.size + 1;
  const sides = [
    ...(wish.document === false ? [] : ['front' as const]),
    ...(wish.back ? ['back' as const] : []),
  ];
  const documentIds = sides.map(side => {
    const file = {
      fileName: `document-${side}.png`,
      contentType: 'image/png',
      bytes: documentPng(side, seed),
    };
    const type = wish.back ? 'national_identity_card' : 'passport';
    return storeMedia(context, { kind: 'documents', applicantId, type, side, ...file }).wire.id;
  });
  let selfieId: string | null = null;
  if (wish.selfie !== 'none') {
    const variant = wish.selfie ?? 'photo';
    const [kind, fileName, contentType] = selfies[variant];
    const bytes = variant === 'photo' ? selfiePng(seed) : filmMp4(seed);
    selfieId = storeMedia(context, { kind, applicantId, fileName, contentType, bytes }).wire.id;
  }
  applicantUploaded(context, applicantId);
  return { documentIds, selfieId };
}

function stateOf({ world }: OnfidoContext) {
  return {
    applicants: [...world.applicants.values()],
    checks: [...world.checks.values()],
    reports: [...world.reports.values()],
    runs: [...world.runs.values()],
    webhooks: [...world.webhooks.values()],
    media: [...world.media.values()].map(({ bytes: _bytes, ...media }) => media),
  };
}

function createControls(context: OnfidoContext, server: WireServer): OnfidoControls {
  const { world, courier } = context;
  return {
    calls: server.calls,
    deliveries: courier.attempts,
    decide: (id, outcome) => void world.decisions.set(id, readOutcome(outcome)),
    complete(id) {
      const run = world.runs.get(id);
      if (run) completeRun(context, run);
      else completeCheck(context, findCheck(world, id));
    },
    reopen: id => reopenCheck(context, findCheck(world, id)),
    withdraw: id => withdrawCheck(context, findCheck(world, id)),
    announce(id, action = 'check.completed') {
      const run = world.runs.get(id);
      if (run) sendRunEvent(context, run);
      else sendCheckEvent(context, findCheck(world, id), action);
    },
    upload: (applicantId, wish = {}) => upload(context, applicantId, wish),
    readFault: fault => server.faults.add(readFault(fault)),
    readDeliveryFault: fault => courier.fail(readDeliveryFault(fault)),
    clearFaults() {
      server.faults.clear();
      courier.clearFaults();
    },
    state: () => stateOf(context),
  };
}

function createContext(
  options: OnfidoSimulatorOptions,
  schedule: OnfidoContext['schedule'],
  courier: Courier,
) {
  const context: OnfidoContext = {
    world: createWorld(),
    schedule,
    courier,
    place: { origin: '' },
    settings: {
      apiTokens: options.apiTokens ?? null,
      autoComplete: options.autoComplete ?? true,
      completeAfterMs: options.completeAfterMs ?? 500,
      defaultOutcome: readOutcome(options.defaultOutcome ?? 'clear'),
      requireConsent: options.requireConsent ?? true,
    },
  };
  return context;
}

/** Starts the simulator; it listens when the promise resolves. */
export async function startOnfidoSimulator(options: OnfidoSimulatorOptions = {}): Promise<OnfidoSimulator> {
  const schedule = createSchedule(options.clock ?? systemClock);
  const server = createWireServer({ schedule, tls: options.tls, base: basePath, faultBody });
  const courier = createCourier({
    schedule,
    retryDelays: options.webhookRetryDelays ?? defaultRetryDelays,
    ca: options.webhookCa,
    rewriteUrl: options.rewriteWebhookUrl,
  });
  const context = createContext(options, schedule, courier);
  const { readFault: _fault, readDeliveryFault: _delivery, ...controls } = createControls(context, server);
  registerApi(server.app, context);
  registerWebSdk(server.app, context);
  registerControl(server.app, { ...controls, readFault: _fault, readDeliveryFault: _delivery });
  context.place.origin = await listen(server.app, { ...options, tls: options.tls !== undefined });
  const { origin } = context.place;
  return {
    ...controls,
    url: `${origin}${basePath}`,
    origin,
    sdkUrl: `${origin}/v14`,
    count: (method, path) => server.calls.filter(call => call.method === method && call.path === path).length,
    fail: fault => server.faults.add(fault),
    failDelivery: fault => courier.fail(fault),
    settled: () => courier.settled(),
    sign,
    async close() {
      schedule.cancelAll();
      courier.close();
      await server.app.close();
    },
  };
}
