import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { createNetworkList } from '../runtime/addresses.js';
import { AppError } from '../runtime/app-error.js';
import type { Log } from '../runtime/log.js';
import { createFloodGate, logMalformed, logRequests } from './access-log.js';
import { boundArrivingBodies } from './arriving-bodies.js';
import { trackConnections } from './connections.js';
import { installErrors, replyWithError } from './errors.js';
import { closeGracefully } from './graceful-close.js';
import { setDefaultHeaders } from './headers.js';
import { collectMethods } from './method-not-allowed.js';
import { createRawServer, type ListenerLimits, type ListenerTls } from './raw-server.js';

export interface ListenerOptions {
  readonly name: 'public' | 'private';
  readonly log: Log;
  readonly limits: ListenerLimits;
  /** without it the listener speaks plain http */
  readonly tls?: ListenerTls;
  /** addresses and networks whose `X-Forwarded-*` and `X-Request-Id` are believed; empty: nobody's */
  readonly trustedProxies: readonly string[];
}

/** Longer than any id we hand out or accept in a path. */
const maxParamLength = 200;

/**
 * A listener without routes: limits, headers, request ids, error answers and access log are in place; whoever owns
 * routes registers them and calls `listen`. Bodies are JSON only; a scope that wants others adds its own parser.
 *
 * `close()` stops accepting, answers new requests on open connections with 503, lets running ones finish within
 * `limits.shutdownMs` and then cuts what is left. Whoever keeps streams open ends them in a `preClose` hook.
 * @throws when `trustedProxies` holds something that is no network
 */
export function createListener(options: ListenerOptions): FastifyInstance {
  const log = options.log.child({ listener: options.name });
  const secure = options.tls !== undefined && options.name === 'public';
  const isTrustedProxy = createNetworkList(options.trustedProxies);
  const nextId = countIds();
  const flood = createFloodGate(log);
  const app: FastifyInstance = fastify({
    serverFactory: handler => createRawServer(handler, options.limits, options.tls, log),
    loggerInstance: frameworkLog(log),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.limits.bodyBytes,
    requestIdHeader: false,
    genReqId: request => proxysId(request as IncomingMessage, isTrustedProxy) ?? nextId(),
    trustProxy: options.trustedProxies.length === 0 ? false : address => isTrustedProxy(address),
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    forceCloseConnections: 'idle',
    // ours, below, answers in the common form
    return503OnClosing: false,
    clientErrorHandler: () => {},
    rewriteUrl: request => toOriginForm(request.url ?? '/'),
    frameworkErrors(error, request, reply) {
      replyWithError(error, request as FastifyRequest, reply as FastifyReply, log, secure);
      logMalformed(request as FastifyRequest, reply as FastifyReply, log, flood);
    },
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength,
    },
  });
  app.removeContentTypeParser('text/plain');
  installErrors(app, log, secure);
  installNotFound(app, options.name);
  const connections = trackConnections(app.server, options.limits.connections, log);
  closeGracefully(app, connections, options.limits.shutdownMs, log);
  boundArrivingBodies(app, log);
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config?.machinesOnly !== true) {
      setDefaultHeaders(reply, secure);
      reply.header('x-request-id', request.id);
    }
    const hostless = request.headers.host === undefined && request.raw.httpVersion === '1.1';
    done(hostless ? new AppError('request_invalid', 400, 'The Host header is missing.') : undefined);
  });
  logRequests(app, log, flood);
  return app;
}

/** A proxy's id is taken over so that its log and ours can be put side by side; a stranger's never is. */
function proxysId(
  request: IncomingMessage,
  isTrustedProxy: (address: string) => boolean,
): string | undefined {
  const given = request.headers['x-request-id'];
  const believed = typeof given === 'string' && /^[\w.-]{8,64}$/.test(given);
  return believed && isTrustedProxy(request.socket.remoteAddress ?? '') ? given : undefined;
}

/** Counted under a random mark of the listener, so that logs of several starts can be put together. */
function countIds(): () => string {
  const mark = randomBytes(6).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `${mark}-${count.toString(36)}`;
  };
}

/** `GET http://host/path` must be accepted and means `/path`. */
function toOriginForm(url: string): string {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(url);
  if (absolute === null) return url;
  const rest = url.slice(absolute[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function installNotFound(app: FastifyInstance, name: ListenerOptions['name']): void {
  const methodsOf = name === 'private' ? collectMethods(app) : () => [];
  app.setNotFoundHandler(async (request, reply) => {
    const methods = methodsOf(request.url.split('?', 1)[0] ?? '');
    if (methods.length === 0) throw new AppError('not_found', 404, 'There is nothing here.');
    reply.header('allow', methods.join(', '));
    throw new AppError('method_not_allowed', 405, 'This address does not take this method.');
  });
}

/** The framework's own complaints, without the request and reply it likes to attach. Its chatter is dropped. */
function frameworkLog(log: Log): FastifyBaseLogger {
  const nothing = () => {};
  const pass = (level: 'warn' | 'error') => (first: unknown, message?: unknown) => {
    const err = first instanceof Error ? first : (first as { err?: unknown } | null)?.err;
    const text =
      typeof first === 'string'
        ? first
        : typeof message === 'string'
          ? message
          : 'complaint of the framework';
    log[level]({ ...(err === undefined ? {} : { err }) }, text);
  };
  const logger: FastifyBaseLogger = {
    level: 'warn',
    silent: nothing,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: pass('warn'),
    error: pass('error'),
    fatal: pass('error'),
    child: () => logger,
  } as FastifyBaseLogger;
  return logger;
}
