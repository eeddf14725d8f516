/** A programmable API on a loopback socket, and the adapter's parts over the real guarded client. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { OnfidoSettings } from '../../../src/config/config.js';
import { createClient, type OnfidoClient } from '../../../src/providers/onfido/client.js';
import { createOnfido, type Onfido } from '../../../src/providers/onfido/index.js';
import { createOutbound } from '../../../src/runtime/create-outbound.js';
import type { Outbound } from '../../../src/runtime/outbound.js';
import { TestClock } from '../../support/clock.js';

/** One request as the API saw it. */
export interface Call {
  readonly method: string;
  /** without the base and the query */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** `cut`: the connection is closed instead of an answer; `hang`: nothing comes. */
export type Answer =
  | 'cut'
  | 'hang'
  | {
      readonly status?: number;
      readonly json?: unknown;
      readonly bytes?: Buffer;
      readonly headers?: Readonly<Record<string, string>>;
    };

export interface Api {
  readonly base: string;
  /** every request so far */
  readonly calls: Call[];
  /** e.g. `['GET /checks', 'POST /checks']` */
  readonly seen: () => string[];
  readonly settings: OnfidoSettings;
  readonly clock: TestClock;
  readonly outbound: Outbound;
  readonly client: (timeoutMs?: number) => OnfidoClient;
  readonly onfido: (changes?: Partial<OnfidoSettings>, tokens?: () => readonly string[]) => Onfido;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return;
  if (answer === 'cut') {
    response.socket?.destroy();
    return;
  }
  const body = answer.bytes ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
  response.end(body);
}

export const apiToken = 'api_live.for-tests-only';

function settingsFor(base: string): OnfidoSettings {
  return {
    provider: 'onfido',
    region: 'EU',
    apiToken,
    apiBase: base,
    sdkUrl: 'https://sdk.onfido.com/v14',
    webhookTokens: [],
    mode: 'classic',
    trustApproved: false,
    strictFace: false,
    reportNames: ['document', 'facial_similarity_photo'],
    trust: {},
  };
}

/** Starts the API; it ends with the test. */
export async function startApi(t: TestContext, answer: (call: Call) => Answer): Promise<Api> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const call: Call = {
      method: request.method ?? '',
      path: url.pathname.replace('/v3.6', ''),
      query: url.searchParams,
      headers: request.headers,
      body: await readBody(request),
    };
    calls.push(call);
    reply(response, answer(call));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const outbound = createOutbound({ allowPrivate: true });
  t.after(async () => {
    server.closeAllConnections();
    await outbound.close();
    await new Promise(resolve => server.close(resolve));
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3.6`;
  const clock = new TestClock();
  const settings = settingsFor(base);
  return {
    base,
    calls,
    seen: () => calls.map(call => `${call.method} ${call.path}`),
    settings,
    clock,
    outbound,
    client: timeoutMs =>
      createClient({ ...settings, ...(timeoutMs === undefined ? {} : { timeoutMs }) }, { outbound, clock }),
    onfido: (changes = {}, tokens = () => []) =>
      createOnfido({ ...settings, ...changes }, { outbound, clock, tokens }),
  };
}

/** Answers by `METHOD /path`; what is not in the table is a 404, as Onfido's. */
export function routes(
  table: Readonly<Record<string, Answer | ((call: Call) => Answer)>>,
): (call: Call) => Answer {
  return call => {
    const key = `${call.method} ${call.path}`;
    const found = Object.hasOwn(table, key) ? table[key] : undefined;
    if (found === undefined)
      return { status: 404, json: { error: { type: 'resource_not_found', message: 'none' } } };
    return typeof found === 'function' ? found(call) : found;
  };
}

/** A signal that nobody aborts. */
export const signal = new AbortController().signal;
