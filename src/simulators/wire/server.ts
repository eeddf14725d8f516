import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { createFaultBook, type Fault, type FaultBook } from './faults.js';
import type { Schedule } from './schedule.js';

/** One call to a simulated API, kept for assertions such as "there was only one POST". */
export interface Call {
  readonly method: string;
  /** without query, relative to the API's base */
  readonly path: string;
  /** epoch milliseconds on the simulator's clock */
  readonly at: number;
  /** when the work was done; `null` until then, or when it was never begun */
  doneAt: number | null;
  /** the answer's status; `null` when the connection was cut before anything was done, or while under way */
  status: number | null;
  /** the call acted, but a fault lost its answer */
  lost: boolean;
}

/** Certificate and key in PEM. */
export interface WireTls {
  readonly cert: string;
  readonly key: string;
}

export interface WireOptions {
  readonly schedule: Schedule;
  readonly tls?: WireTls | undefined;
  /** path prefix of the API, left out of recorded paths and of fault patterns */
  readonly base?: string;
  readonly bodyLimit?: number;
  /** the vendor's error body for a status that a fault asks for */
  readonly faultBody: (status: number) => unknown;
  /** shared with another listener of the same vendor */
  readonly calls?: Call[];
  readonly faults?: FaultBook;
}

/** A server that keeps a record of its calls and fails when told to. Paths below `/_control` do neither. */
export interface WireServer {
  readonly app: FastifyInstance;
  readonly calls: Call[];
  readonly faults: FaultBook;
}

function relativePath(url: string, base: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length) : path;
}

async function applyFault(fault: Fault, request: FastifyRequest, reply: FastifyReply, options: WireOptions) {
  switch (fault.kind) {
    case 'slow':
      await options.schedule.delay(fault.ms);
      return undefined;
    case 'status':
      if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
      reply.headers(fault.headers ?? {});
      return reply.code(fault.status).send(fault.body ?? options.faultBody(fault.status));
    case 'cut':
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    // later, when the body is there
    case 'cut-amid':
    case 'cut-after':
      return undefined;
  }
}

/** Reads JSON leniently where clients send the content type without a body. */
function parseJson(
  _request: FastifyRequest,
  body: string | Buffer,
  done: (e: Error | null, b?: unknown) => void,
) {
  const text = body.toString();
  if (text === '') return done(null, undefined);
  try {
    done(null, JSON.parse(text));
  } catch {
    done(Object.assign(new Error('the body is not JSON'), { statusCode: 400 }));
  }
}

/** Builds the server; {@link listen} starts it. */
export function createWireServer(options: WireOptions): WireServer {
  const shared = { forceCloseConnections: true, bodyLimit: options.bodyLimit ?? 1_048_576 };
  const app: FastifyInstance = options.tls
    ? (fastify({ ...shared, https: { ...options.tls } }) as unknown as FastifyInstance)
    : fastify(shared);
  const calls = options.calls ?? [];
  const faults = options.faults ?? createFaultBook();
  const current = new WeakMap<FastifyRequest, { call: Call; fault: Fault | undefined }>();

  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);
  app.addHook('onRequest', async (request, reply) => {
    const path = relativePath(request.url, options.base ?? '');
    if (path.startsWith('/_control') || request.method === 'OPTIONS') return undefined;
    const call: Call = {
      method: request.method,
      path,
      at: options.schedule.now(),
      doneAt: null,
      status: null,
      lost: false,
    };
    const fault = faults.take(request.method, path);
    calls.push(call);
    current.set(request, { call, fault });
    return fault ? applyFault(fault, request, reply, options) : undefined;
  });
  app.addHook('preHandler', async request => {
    const entry = current.get(request);
    if (entry?.fault?.kind !== 'cut-amid') return;
    entry.call.lost = true;
    request.raw.socket.destroy();
    await options.schedule.delay(entry.fault.ms);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const entry = current.get(request);
    if (!entry) return payload;
    entry.call.doneAt = options.schedule.now();
    entry.call.status = reply.statusCode;
    if (entry.fault?.kind === 'cut-after') {
      entry.call.lost = true;
      request.raw.socket.destroy();
    }
    return payload;
  });
  return { app, calls, faults };
}

/** Starts listening and says the origin, e.g. `http://127.0.0.1:40123`. */
export async function listen(
  app: FastifyInstance,
  where: { readonly host?: string | undefined; readonly port?: number | undefined; readonly tls: boolean },
): Promise<string> {
  const host = where.host ?? '127.0.0.1';
  await app.listen({ host, port: where.port ?? 0 });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const name = host.includes(':') ? `[${host}]` : host;
  return `${where.tls ? 'https' : 'http'}://${name}:${port}`;
}
