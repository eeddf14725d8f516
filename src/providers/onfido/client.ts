/**
 * A thin client: one call in, one parsed answer or a {@link ProviderError} out. It repeats nothing and follows
 * nothing; `href` fields are never used, every URL is built from ids that matched their pattern.
 */
import type { z } from 'zod';
import type { Clock } from '../../runtime/clock.js';
import type { Outbound, OutboundRequest, OutboundResponse } from '../../runtime/outbound.js';
import { type CallName, fromOutbound, fromResponse, unreadable } from './errors.js';
import type { TaskId, Uuid } from './ids.js';

/** A path below the API's base, with the shape of it for error texts. Made by {@link apiPath} only. */
export interface ApiPath {
  readonly path: string;
  readonly shape: string;
}

/** Tag for paths: takes literals and checked ids, so that nothing else can get into one. */
export function apiPath(parts: TemplateStringsArray, ...ids: readonly (Uuid | TaskId)[]): ApiPath {
  const path = parts.reduce((whole, part, index) => `${whole}${ids[index - 1] ?? ''}${part}`);
  return { path, shape: parts.join('{id}') };
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Methods throw {@link ProviderError}. */
export interface OnfidoClient {
  /** whether the token is a sandbox one by its prefix; null when the prefix tells nothing */
  readonly sandboxToken: boolean | null;
  readonly clock: Clock;
  get<T>(path: ApiPath, shape: z.ZodType<T>, options: CallOptions): Promise<T>;
  send<T>(
    method: 'POST' | 'PUT',
    path: ApiPath,
    body: object,
    shape: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T>;
  /** for calls whose answer has no body, or none of interest */
  run(
    method: 'POST' | 'PUT' | 'DELETE',
    path: ApiPath,
    body: object | null,
    signal: AbortSignal,
  ): Promise<void>;
  download(path: ApiPath, signal: AbortSignal): Promise<Buffer>;
}

export interface ClientSettings {
  readonly apiBase: string;
  readonly apiToken: string;
  /** the whole of one call; default 30 s, as Onfido's own client */
  readonly timeoutMs?: number;
}

const answerLimit = 8 * 1024 * 1024;

/** Largest picture or film fetched. */
export const downloadLimit = 20 * 1024 * 1024;

const downloadTimeoutMs = 120_000;

function environmentOf(apiToken: string): boolean | null {
  if (apiToken.startsWith('api_sandbox')) return true;
  return apiToken.startsWith('api_live') ? false : null;
}

function urlOf(apiBase: string, path: ApiPath, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `${apiBase.replace(/\/+$/, '')}${path.path}${search === '' ? '' : `?${search}`}`;
}

function parseBody<T>(call: CallName, response: OutboundResponse, shape: z.ZodType<T>): T {
  try {
    const parsed = shape.safeParse(JSON.parse(response.body.toString('utf8')));
    if (parsed.success) return parsed.data;
  } catch {
    // Told below, without the parser's text: it quotes the body.
  }
  throw unreadable(call, response.status);
}

/** The client of one organization: its token, its region. */
export function createClient(
  settings: ClientSettings,
  deps: { outbound: Outbound; clock: Clock },
): OnfidoClient {
  const { outbound, clock } = deps;
  const timeoutMs = settings.timeoutMs ?? 30_000;
  const authorization = `Token token=${settings.apiToken}`;

  async function exchange(call: CallName, request: OutboundRequest): Promise<OutboundResponse> {
    const response = await outbound.request(request).catch(error => {
      throw fromOutbound(call, error);
    });
    if (response.status < 200 || response.status > 299) throw fromResponse(call, response, clock.now());
    return response;
  }

  function write(method: 'POST' | 'PUT' | 'DELETE', path: ApiPath, body: object | null, signal: AbortSignal) {
    return exchange(
      { method, shape: path.shape },
      {
        method,
        url: urlOf(settings.apiBase, path),
        headers: {
          authorization,
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        timeoutMs,
        maxBytes: answerLimit,
        signal,
      },
    );
  }

  return {
    sandboxToken: environmentOf(settings.apiToken),
    clock,
    async get(path, shape, { query, signal }) {
      const call = { method: 'GET', shape: path.shape };
      const url = urlOf(settings.apiBase, path, query);
      const headers = { authorization, accept: 'application/json' };
      const response = await exchange(call, {
        method: 'GET',
        url,
        headers,
        timeoutMs,
        maxBytes: answerLimit,
        signal,
      });
      return parseBody(call, response, shape);
    },
    async send(method, path, body, shape, signal) {
      const response = await write(method, path, body, signal);
      return parseBody({ method, shape: path.shape }, response, shape);
    },
    async run(method, path, body, signal) {
      await write(method, path, body, signal);
    },
    async download(path, signal) {
      const response = await exchange(
        { method: 'GET', shape: path.shape },
        {
          method: 'GET',
          url: urlOf(settings.apiBase, path),
          headers: { authorization, accept: '*/*' },
          timeoutMs: settings.timeoutMs ?? downloadTimeoutMs,
          maxBytes: downloadLimit,
          signal,
        },
      );
      return response.body;
    },
  };
}
