/**
 * A stand-in for Twilio's Messages resource, with signed status callbacks. It keeps everything in memory and sends
 * nothing to anybody. In a program of its own it is driven over HTTP, with JSON bodies:
 *
 * | call                             | body                                                            |
 * | -------------------------------- | --------------------------------------------------------------- |
 * | `POST /_control/refuse`          | `{to, how}`: `invalid`, `unsubscribed`, `not-mobile` or `no`    |
 * | `POST /_control/ends`            | `{to, status, errorCode?}`: how messages to a number end        |
 * | `POST /_control/report`          | `{sid, status, errorCode?}`: moves one message now              |
 * | `POST /_control/faults`, `…/delivery-faults`, `…/clear-faults` | as at the Onfido simulator        |
 * | `GET /_control/messages`, `…/calls`, `…/deliveries` |                                              |
 */
import type { FastifyInstance } from 'fastify';
import { type Clock, systemClock } from '../../runtime/clock.js';
import {
  type Courier,
  createCourier,
  type Delivery,
  type DeliveryFault,
  readDeliveryFault,
} from '../wire/courier.js';
import { type Fault, type FaultBook, readFault } from '../wire/faults.js';
import { asFields, asText, type Fields } from '../wire/fields.js';
import { createSchedule, type Schedule } from '../wire/schedule.js';
import { type Call, createWireServer, listen, type WireTls } from '../wire/server.js';
import { registerApi, type TwilioState } from './api.js';
import { sendCallback } from './callbacks.js';
import { faultBody, TwilioError } from './errors.js';
import type { MessageStatus, TwilioMessage } from './messages.js';
import { readMessage } from './send.js';

export type { MessageStatus, TwilioMessage } from './messages.js';

export interface TwilioSimulatorOptions {
  /** default 0: any free one */
  readonly port?: number;
  readonly host?: string;
  /** moves statuses and delayed callbacks */
  readonly clock?: Clock;
  readonly tls?: WireTls;
  /** auth token by account sid; default: any account with any token */
  readonly accounts?: Readonly<Record<string, string>>;
  /** messages go on to `sent` and to their end by themselves (default true) … */
  readonly autoDeliver?: boolean;
  /** … one step after so long each (default 300 ms) */
  readonly stepMs?: number;
  /** PEM trusted for callback receivers; a function when it is made later */
  readonly callbackCa?: string | (() => string | undefined);
  /** where a callback URL is really reached; the signature is made over the URL as it was given */
  readonly rewriteCallbackUrl?: (url: string) => string;
  /** called for every message taken in */
  readonly onMessage?: (message: TwilioMessage) => void;
}

/** Why sending to a number is refused; `no`: it is not. */
export type Refusal = 'invalid' | 'unsubscribed' | 'not-mobile' | 'no';

export interface TwilioSimulator {
  readonly url: string;
  /** the inbox, oldest first */
  readonly messages: readonly TwilioMessage[];
  readonly calls: readonly Call[];
  /** every attempt at a status callback so far */
  readonly deliveries: readonly Delivery[];
  count(method: string, path: string): number;
  messagesTo(number: string): TwilioMessage[];
  refuse(to: string, how: Refusal): void;
  /** how further messages to a number end; `delivered` when nothing was said */
  ends(to: string, status: 'delivered' | 'undelivered' | 'failed' | 'sent', errorCode?: number): void;
  /** moves one message to a status now and tells its callback URL; any order is possible */
  report(sid: string, status: MessageStatus, errorCode?: number): void;
  fail(fault: Fault): void;
  failDelivery(fault: DeliveryFault): void;
  clearFaults(): void;
  /** resolves when no callback is on its way; what waits for the clock does not count */
  settled(): Promise<void>;
  close(): Promise<void>;
}

type End = { readonly status: MessageStatus; readonly errorCode: number | null };

function createPhones(options: TwilioSimulatorOptions, schedule: Schedule, courier: Courier) {
  const messages: TwilioMessage[] = [];
  const refused = {
    invalid: new Set<string>(),
    unsubscribed: new Set<string>(),
    notMobile: new Set<string>(),
  };
  const lists = {
    invalid: refused.invalid,
    unsubscribed: refused.unsubscribed,
    'not-mobile': refused.notMobile,
  };
  const ends = new Map<string, End>();
  const tokens = new Map<string, string>();

  function move(message: TwilioMessage, { status, errorCode }: End): void {
    message.status = status;
    message.errorCode = errorCode;
    message.updatedAt = schedule.now();
    if (status === 'sent') message.sentAt ??= schedule.now();
    // a messaging service picks a number of its pool
    if (status !== 'accepted') message.from ??= '+15005550006';
    sendCallback(courier, message, tokens.get(message.sid) ?? '');
  }

  function goOn(message: TwilioMessage, steps: readonly End[]): void {
    const [next, ...rest] = steps;
    if (!next) return;
    schedule.after(options.stepMs ?? 300, () => {
      if (message.status === 'canceled') return;
      move(message, next);
      goOn(message, rest);
    });
  }

  function accept(form: URLSearchParams, accountSid: string, authToken: string): TwilioMessage {
    const message = readMessage(form, accountSid, refused, schedule.now());
    messages.push(message);
    tokens.set(message.sid, authToken);
    const end = ends.get(message.to) ?? { status: 'delivered', errorCode: null };
    const sent: End = { status: 'sent', errorCode: null };
    const steps = end.status === 'failed' || end.status === 'sent' ? [end] : [sent, end];
    if (options.autoDeliver ?? true) goOn(message, steps);
    options.onMessage?.(message);
    return message;
  }

  return {
    messages,
    accept,
    cancel(message: TwilioMessage) {
      if (message.status !== 'accepted' && message.status !== 'queued')
        throw new TwilioError(400, 30409, 'The message can no longer be canceled');
      message.status = 'canceled';
    },
    refuse(to: string, how: Refusal) {
      for (const list of Object.values(lists)) list.delete(to);
      if (how !== 'no') lists[how].add(to);
    },
    ends: (to: string, status: MessageStatus, errorCode?: number) =>
      void ends.set(to, { status, errorCode: errorCode ?? defaultError(status) }),
    report(sid: string, status: MessageStatus, errorCode?: number) {
      const message = messages.find(candidate => candidate.sid === sid);
      if (!message) throw new TypeError(`there is no message ${sid}`);
      move(message, { status, errorCode: errorCode ?? defaultError(status) });
    },
  };
}

function defaultError(status: MessageStatus): number | null {
  if (status === 'undelivered') return 30005;
  return status === 'failed' ? 30008 : null;
}

function registerControl(app: FastifyInstance, sim: Omit<TwilioSimulator, 'url'>): void {
  const code = (body: Fields) => (typeof body.errorCode === 'number' ? body.errorCode : undefined);
  const text = (body: Fields, name: string) => asText(body[name]) ?? '';
  const actions: Readonly<Record<string, (body: Fields) => void>> = {
    refuse: body => sim.refuse(text(body, 'to'), text(body, 'how') as Refusal),
    ends: body => sim.ends(text(body, 'to'), text(body, 'status') as 'delivered', code(body)),
    report: body => sim.report(text(body, 'sid'), text(body, 'status') as MessageStatus, code(body)),
    faults: body => sim.fail(readFault(body)),
    'delivery-faults': body => sim.failDelivery(readDeliveryFault(body)),
    'clear-faults': () => sim.clearFaults(),
  };
  app.register(
    async scope => {
      scope.setErrorHandler((error, _request, reply) =>
        reply.code(400).send({ error: error instanceof Error ? error.message : 'cannot be read' }),
      );
      for (const [name, act] of Object.entries(actions)) {
        scope.post(`/${name}`, async request => {
          act(asFields(request.body));
          return { done: true };
        });
      }
      scope.get('/messages', async () => sim.messages);
      scope.get('/calls', async () => sim.calls);
      scope.get('/deliveries', async () => sim.deliveries);
    },
    { prefix: '/_control' },
  );
}

function controlsOf(
  phones: ReturnType<typeof createPhones>,
  courier: Courier,
  calls: Call[],
  faults: FaultBook,
) {
  return {
    messages: phones.messages,
    calls,
    deliveries: courier.attempts,
    count: (method: string, path: string) =>
      calls.filter(call => call.method === method && call.path === path).length,
    messagesTo: (number: string) => phones.messages.filter(message => message.to === number),
    refuse: phones.refuse,
    ends: phones.ends,
    report: phones.report,
    fail: (fault: Fault) => faults.add(fault),
    failDelivery: (fault: DeliveryFault) => courier.fail(fault),
    clearFaults() {
      faults.clear();
      courier.clearFaults();
    },
    settled: () => courier.settled(),
  };
}

/** Starts the simulator; it listens when the promise resolves. */
export async function startTwilioSimulator(options: TwilioSimulatorOptions = {}): Promise<TwilioSimulator> {
  const schedule = createSchedule(options.clock ?? systemClock);
  const { app, calls, faults } = createWireServer({ schedule, tls: options.tls, faultBody });
  const courier = createCourier({
    schedule,
    retryDelays: [],
    ca: options.callbackCa,
    rewriteUrl: options.rewriteCallbackUrl,
  });
  const phones = createPhones(options, schedule, courier);
  const accounts = options.accounts ? new Map(Object.entries(options.accounts)) : null;
  const state: TwilioState = {
    messages: phones.messages,
    accounts,
    accept: phones.accept,
    cancel: phones.cancel,
  };
  const controls = {
    ...controlsOf(phones, courier, calls, faults),
    async close() {
      schedule.cancelAll();
      courier.close();
      await app.close();
    },
  };
  registerApi(app, state);
  registerControl(app, controls);
  const url = await listen(app, { ...options, tls: options.tls !== undefined });
  return { ...controls, url };
}
