import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import type { Config } from '../config/config.js';
import type { Log } from '../runtime/log.js';
import { errorBody } from './errors.js';

export type ListenerLimits = Pick<
  Config['limits'],
  'bodyBytes' | 'requestMs' | 'headersMs' | 'connections' | 'shutdownMs'
>;

/** A certificate with its key, and word when a newer pair is there. `TlsSource` of the tls room is one. */
export interface ListenerTls {
  context(): { readonly cert: string; readonly key: string };
  onChange(act: () => void): void;
}

/** All of a request's header lines together. */
const maxHeaderBytes = 16 * 1024;
/** Longer than proxies in front keep idle connections (cloudflared 90 s), so that none writes into a closing one. */
const keepAliveMs = 95_000;
/** Without a byte in either direction: ends readers that do not read. Event streams must write more often. */
const silenceMs = 120_000;

/**
 * The limit itself is kept in `connections.ts`, which needs to see a newcomer in order to choose who leaves; beyond
 * this many more, or with all of them being served, newcomers are refused.
 */
const roomToChoose = 100;

/** The node server under a listener, with every limit set, before any framework is involved. */
export function createRawServer(
  handler: RequestListener,
  limits: ListenerLimits,
  tls: ListenerTls | undefined,
  log: Log,
): Server {
  const options = serverOptions(limits);
  const server =
    tls === undefined ? createServer(options, handler) : createTlsServer(options, handler, limits, tls, log);
  server.setTimeout(silenceMs);
  server.maxConnections = limits.connections + roomToChoose;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) =>
    answerClientError(error, socket, log),
  );
  server.on('connect', (_request, socket: Duplex) => {
    socket.on('error', () => {});
    writeError(socket, 405, 'method_not_allowed', 'This is no proxy.');
  });
  return server;
}

function serverOptions(limits: ListenerLimits): ServerOptions {
  return {
    requestTimeout: limits.requestMs,
    headersTimeout: Math.min(limits.headersMs, limits.requestMs),
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(5000, Math.max(50, limits.headersMs / 4)),
    maxHeaderSize: maxHeaderBytes,
    // asked for in server.ts, where the refusal gets its body
    requireHostHeader: false,
  };
}

function createTlsServer(
  options: ServerOptions,
  handler: RequestListener,
  limits: ListenerLimits,
  tls: ListenerTls,
  log: Log,
): Server {
  const secureOptions = (): TlsOptions => ({
    ...tls.context(),
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
  });
  const server = createSecureServer(
    { ...options, ...secureOptions(), handshakeTimeout: limits.headersMs },
    handler,
  );
  server.on('tlsClientError', (err, socket) => {
    log.debug({ reason: (err as NodeJS.ErrnoException).code }, 'TLS handshake failed');
    socket.destroy();
  });
  // open connections keep the certificate they began with
  tls.onChange(() => server.setSecureContext(secureOptions()));
  return server;
}

interface AnswerUnderWay {
  readonly headersSent?: boolean;
  readonly req?: { readonly complete: boolean };
}

/**
 * The answer a connection waits for, from its request's headers until the last byte is handed over. Node keeps it at the
 * socket (of TLS, where there is one) and offers no other way to ask.
 */
export function answerUnderWay(socket: Duplex): AnswerUnderWay | null | undefined {
  return (socket as Duplex & { _httpMessage?: AnswerUnderWay | null })._httpMessage;
}

/** What the HTTP parser refuses never reaches a route; it is answered here, in the same form as everything else. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, log: Log): void {
  log.debug({ reason: error.code }, 'request refused while reading it');
  const started = answerUnderWay(socket)?.headersSent === true;
  if (error.code === 'ECONNRESET' || !socket.writable || started) return void socket.destroy();
  if (error.code === 'HPE_HEADER_OVERFLOW')
    writeError(socket, 431, 'headers_too_large', 'The headers are too large.');
  else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    writeError(socket, 408, 'request_timeout', 'The request did not arrive in time.');
  else writeError(socket, 400, 'request_invalid', 'This is not a valid HTTP request.');
}

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

function writeError(socket: Duplex, status: number, code: string, message: string): void {
  const body = JSON.stringify(errorBody(code, message));
  socket.end(
    `HTTP/1.1 ${status} ${phrases[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${body}`,
    // a peer that never closes its half must not hold the connection
    () => socket.destroy(),
  );
}
