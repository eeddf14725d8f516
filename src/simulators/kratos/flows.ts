/** The native flows that are under way, and how they look to a client. */
import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { asFields, asText, type Fields } from '../wire/fields.js';
import type { Schedule } from '../wire/schedule.js';
import type { FlowName } from './actions.js';
import { badRequest, KratosError, notFound } from './errors.js';
import { FlowRefused, type PlacedMessage, type UiMessage } from './webhook-answer.js';

/** A flow and what its customer was told last. */
export interface Flow {
  readonly id: string;
  readonly name: FlowName;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly requestUrl: string;
  active: string | null;
  state: 'choose_method' | 'sent_email' | 'passed_challenge';
  messages: readonly PlacedMessage[];
  transientPayload: unknown;
}

export interface Flows {
  create(name: FlowName, requestUrl: string): Flow;
  /** @throws KratosError 404, 410 */
  find(name: FlowName, id: unknown): Flow;
  toWire(flow: Flow): Fields;
}

const lifeMs = 3_600_000;
const fields: Readonly<Record<FlowName, readonly (readonly [name: string, type: string])[]>> = {
  registration: [
    ['traits.email', 'email'],
    ['password', 'password'],
    ['method', 'submit'],
  ],
  login: [
    ['identifier', 'text'],
    ['password', 'password'],
    ['method', 'submit'],
  ],
  recovery: [
    ['email', 'email'],
    ['code', 'text'],
    ['method', 'submit'],
  ],
};

/** No flows yet. `publicUrl` is asked for when it is needed, since the address is known late. */
export function createFlows(schedule: Schedule, publicUrl: () => string): Flows {
  const all = new Map<string, Flow>();
  return {
    create(name, requestUrl) {
      const now = schedule.now();
      const flow: Flow = {
        id: randomUUID(),
        name,
        issuedAt: now,
        expiresAt: now + lifeMs,
        requestUrl: `${publicUrl()}${requestUrl}`,
        active: null,
        state: 'choose_method',
        messages: [],
        transientPayload: undefined,
      };
      all.set(flow.id, flow);
      return flow;
    },
    find(name, id) {
      const flow = all.get(asText(id) ?? '');
      if (flow?.name !== name) throw notFound();
      if (flow.expiresAt <= schedule.now())
        throw new KratosError(410, 'The self-service flow expired', undefined, 'self_service_flow_expired');
      return flow;
    },
    toWire: flow => toWire(flow, publicUrl()),
  };
}

function toWire(flow: Flow, publicUrl: string): Fields {
  const said = (node: string | null) =>
    flow.messages.filter(message => message.node === node).map(({ message }) => message);
  const names = fields[flow.name].map(([name]) => name);
  // a message for a field that is not there makes one
  const added = [...new Set(flow.messages.flatMap(({ node }) => node ?? []))]
    .filter(node => !names.includes(node))
    .map(node => [node, 'text'] as const);
  return {
    id: flow.id,
    type: 'api',
    expires_at: new Date(flow.expiresAt).toISOString(),
    issued_at: new Date(flow.issuedAt).toISOString(),
    request_url: flow.requestUrl,
    ...(flow.active === null ? {} : { active: flow.active }),
    ui: {
      action: `${publicUrl}/self-service/${flow.name}?flow=${flow.id}`,
      method: 'POST',
      nodes: [...fields[flow.name], ...added].map(([name, type]) => nodeOf(name, type, said(name))),
      ...(said(null).length === 0 ? {} : { messages: said(null) }),
    },
    state: flow.state,
    ...(flow.transientPayload === undefined ? {} : { transient_payload: flow.transientPayload }),
  };
}

function nodeOf(name: string, type: string, messages: readonly UiMessage[]): Fields {
  const group =
    name === 'code' ? 'code' : name === 'identifier' || name.startsWith('traits.') ? 'default' : 'password';
  return {
    type: 'input',
    group,
    attributes: { name, type, required: true, disabled: false, node_type: 'input' },
    messages,
    meta: {},
  };
}

/** One of Kratos' own messages for the whole flow. */
export function refusal(id: number, text: string): FlowRefused {
  return new FlowRefused([{ node: null, message: { id, text, type: 'error', context: {} } }]);
}

/** A flow refused for its customer to correct: shown again with what was said, as a 400. */
export function shownAgain(flows: Flows, flow: Flow, error: unknown): { status: 400; body: Fields } {
  if (!(error instanceof FlowRefused)) throw error;
  flow.messages = error.messages;
  return { status: 400, body: flows.toWire(flow) };
}

/** Kratos takes a browser's headers on a native flow for an attack. */
export function refuseBrowsers({ headers }: FastifyRequest): void {
  if (headers.cookie !== undefined || headers.origin !== undefined)
    throw badRequest(
      'The HTTP Request Header included the "Cookie" or "Origin" key, which native flows do not allow',
    );
}

/** The body of a submit; notes what hooks may see of it. */
export function submitted(flow: Flow, body: unknown): Fields {
  const given = asFields(body);
  flow.active = asText(given.method) ?? null;
  flow.messages = [];
  flow.transientPayload = given.transient_payload;
  return given;
}
