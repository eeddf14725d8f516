import { Agent, type Dispatcher } from 'undici';
import { isLoopbackAddress } from './addresses.js';
import { createGuardedConnect, ForbiddenAddressError } from './guarded-connect.js';
import {
  type Outbound,
  OutboundError,
  type OutboundErrorKind,
  type OutboundRequest,
  type OutboundResponse,
} from './outbound.js';

/** How a guarded client treats those it calls. */
export interface OutboundOptions {
  /**
   * `false`: private, loopback, link-local and shared addresses are refused when connecting, whatever a name resolves
   * to. `true` is for peers an operator configured; plain http then works to loopback, and nowhere else.
   */
  readonly allowPrivate: boolean;
  /** PEM bundle trusted instead of the system's authorities; read once, here */
  readonly caFile?: string;
  /** SHA-256 of the peer's certificate in hex; checked in addition to everything else */
  readonly fingerprint?: string;
  /** for requests that name none (default 30 s) */
  readonly defaultTimeoutMs?: number;
  /** at once to one origin (default 16); more wait their turn within their own time limit */
  readonly connections?: number;
  readonly userAgent?: string;
}

const defaultTimeoutMs = 30_000;
const defaultMaxBytes = 1024 * 1024;
const connectTimeoutMs = 15_000;
const maxHeaderBytes = 32 * 1024;

/** Set by the client itself; a caller's own would break the framing or lead TLS to another name. */
const ownHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/**
 * A client that goes nowhere it should not: TLS 1.2 or later and always verified, no redirects, no proxy from the
 * environment, time and size limits on every call. It repeats nothing. `close` waits for open calls.
 * @throws when `caFile` or `fingerprint` is unusable
 */
export function createOutbound(options: OutboundOptions): Outbound {
  const guarded = createGuardedConnect({ ...options, timeoutMs: connectTimeoutMs });
  const open = new Set<Promise<unknown>>();
  let closed = false;
  const agent = new Agent({
    connect: guarded.connect,
    connections: options.connections ?? 16,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: maxHeaderBytes,
    // the limit on the whole call stands in for both
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    async request(request) {
      const target = checkTarget(request.url, options.allowPrivate);
      if (closed) throw new OutboundError('aborted', false, `${target.origin}: ${explanations.aborted}`);
      const call = send(agent, target, request, options);
      open.add(call);
      return call.finally(() => open.delete(call));
    },
    async close() {
      closed = true;
      await Promise.allSettled(open);
      guarded.giveUp();
      await agent.destroy();
    },
  };
}

function checkTarget(url: string, allowPrivate: boolean): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined) throw new OutboundError('forbidden_address', false, 'not a URL');
  const plainAllowed = allowPrivate && isLoopbackName(target.hostname);
  const allowed = target.protocol === 'https:' || (target.protocol === 'http:' && plainAllowed);
  if (!allowed || target.username !== '' || target.password !== '')
    throw new OutboundError(
      'forbidden_address',
      false,
      `${target.origin}: ${explanations.forbidden_address}`,
    );
  return target;
}

/** `localhost` may pass here because the connector still insists on a loopback address. */
function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
}

const explanations: Record<OutboundErrorKind, string> = {
  connect: 'no connection',
  tls: 'no trusted TLS connection',
  timeout: 'no complete answer in time',
  too_large: 'the answer is larger than allowed',
  forbidden_address: 'this address is not called',
  aborted: 'given up by the caller',
  cut: 'the connection broke before the answer was complete',
};

function send(
  agent: Agent,
  target: URL,
  request: OutboundRequest,
  options: OutboundOptions,
): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    const exchange = createExchange(target, request.maxBytes ?? defaultMaxBytes, resolve, reject);
    if (request.signal?.aborted) return exchange.fail('aborted');
    const timeoutMs = request.timeoutMs ?? options.defaultTimeoutMs ?? defaultTimeoutMs;
    const timer = setTimeout(() => exchange.fail('timeout'), timeoutMs);
    const onAbort = () => exchange.fail('aborted');
    request.signal?.addEventListener('abort', onAbort, { once: true });
    exchange.onSettled(() => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    });
    try {
      agent.dispatch(
        {
          origin: target.origin,
          path: target.pathname + target.search,
          method: request.method,
          headers: outgoingHeaders(request, options.userAgent ?? 'gatehouse'),
          body: request.body ?? null,
        },
        exchange.handler,
      );
    } catch (error) {
      exchange.fail('connect', error);
    }
  });
}

function outgoingHeaders(request: OutboundRequest, userAgent: string): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': userAgent, 'accept-encoding': 'identity' };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const lower = name.toLowerCase();
    if (!ownHeaders.has(lower)) headers[lower] = value;
  }
  return headers;
}

/** One call between dispatch and answer. It settles once; whatever undici reports afterwards is dropped. */
function createExchange(
  target: URL,
  maxBytes: number,
  resolve: (response: OutboundResponse) => void,
  reject: (error: OutboundError) => void,
) {
  let written = false;
  let settled = false;
  let cleanUp = () => {};
  let connection: Dispatcher.DispatchController | undefined;
  let head: { status: number; headers: Record<string, string> } | undefined;
  const chunks: Buffer[] = [];
  let size = 0;

  const settle = () => {
    settled = true;
    cleanUp();
  };
  const fail = (kind: OutboundErrorKind, cause?: unknown) => {
    if (settled) return;
    settle();
    const message = `${target.origin}: ${explanations[kind]}${codeOf(cause)}`;
    reject(new OutboundError(kind, written, message, cause));
    connection?.abort(new Error(kind));
  };
  const handler: Dispatcher.DispatchHandler = {
    // called right before the first byte is written: from here on the peer may act
    onRequestStart(controller) {
      connection = controller;
      if (settled) controller.abort(new Error('settled'));
      else written = true;
    },
    onResponseStart(_controller, status, headers) {
      if (status < 200) return;
      head = { status, headers: flatten(headers) };
      if (Number(head.headers['content-length'] ?? 0) > maxBytes) fail('too_large');
    },
    onResponseData(_controller, chunk) {
      size += chunk.length;
      if (size > maxBytes) fail('too_large');
      else chunks.push(chunk);
    },
    onResponseEnd() {
      if (settled) return;
      if (head === undefined) return fail('cut');
      settle();
      resolve({ ...head, body: Buffer.concat(chunks) });
    },
    onResponseError(_controller, error) {
      fail(kindOf(error, target, written), error);
    },
  };
  return {
    handler,
    fail,
    onSettled(act: () => void) {
      cleanUp = act;
    },
  };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

function kindOf(error: Error & { code?: unknown }, target: URL, written: boolean): OutboundErrorKind {
  const code = String(error.code ?? '');
  if (error instanceof ForbiddenAddressError) return 'forbidden_address';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'too_large';
  if (written) return 'cut';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  return target.protocol === 'https:' && !connectCodes.test(code) ? 'tls' : 'connect';
}

/** Codes of a connection that never came about; whatever else fails before the request is TLS refusing. */
const connectCodes = /^(E(CONN|AI_|HOST|NET|TIMEDOUT|NOTFOUND|PIPE|ADDR|MFILE|NFILE|ACCES|PERM)|UND_ERR_)/;

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && code !== 'FORBIDDEN_ADDRESS' ? ` (${code})` : '';
}
