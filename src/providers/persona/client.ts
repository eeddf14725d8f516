/**
 * A thin client: one call in, one parsed answer or a {@link ProviderError} out. It repeats nothing and follows nothing;
 * every URL of the API is built from ids that matched their pattern.
 */
import type { z } from 'zod';
import type { Clock } from '../../runtime/clock.js';
import type { Outbound, OutboundRequest, OutboundResponse } from '../../runtime/outbound.js';
import { type CallName, fromOutbound, fromResponse, unreadable } from './errors.js';
import type { PersonaId } from './ids.js';

/**
 * The API version everything here was written for. Without the header Persona uses the one the key happens to be
 * configured for, and newer ones leave out what older ones sent.
 */
export const apiVersion = '2025-12-08';

/** A path below the API's base, with the shape of it for error texts. Made by {@link apiPath} only. */
export interface ApiPath {
  readonly path: string;
  readonly shape: string;
}

/** Tag for paths: takes literals and checked ids, so that nothing else can get into one. */
export function apiPath(parts: TemplateStringsArray, ...ids: readonly PersonaId[]): ApiPath {
  const path = parts.reduce((whole, part, index) => `${whole}${ids[index - 1] ?? ''}${part}`);
  return { path, shape: parts.join('{id}') };
}

export interface GetOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface PostOptions {
  /** with the same key Persona gives the first call's answer again, an error's too, for at least a day */
  readonly idempotencyKey?: string;
  readonly signal: AbortSignal;
}

/** Methods throw {@link ProviderError}. */
export interface PersonaClient {
  /** whether the key belongs to Persona's sandbox by its prefix; null when the prefix tells nothing */
  readonly sandboxKey: boolean | null;
  readonly clock: Clock;
  get<T>(path: ApiPath, shape: z.ZodType<T>, options: GetOptions): Promise<T>;
  post<T>(path: ApiPath, body: object | null, shape: z.ZodType<T>, options: PostOptions): Promise<T>;
  delete(path: ApiPath, signal: AbortSignal): Promise<void>;
  /** A file from a URL that was found to be Persona's. The API key does not go along. */
  download(url: URL, signal: AbortSignal): Promise<Buffer>;
}

export interface ClientSettings {
  /** with version path, no trailing slash */
  readonly apiBase: string;
  readonly apiKey: string;
  /** the whole of one call; default 30 s */
  readonly timeoutMs?: number;
}

const answerLimit = 8 * 1024 * 1024;

/** Largest picture fetched. */
export const downloadLimit = 20 * 1024 * 1024;

const downloadTimeoutMs = 120_000;

function environmentOf(apiKey: string): boolean | null {
  if (apiKey.startsWith('persona_sandbox')) return true;
  return apiKey.startsWith('persona_production') ? false : null;
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

/** The client of one organization: its key, its base. */
export function createClient(
  settings: ClientSettings,
  deps: { outbound: Outbound; clock: Clock },
): PersonaClient {
  const { outbound, clock } = deps;
  const timeoutMs = settings.timeoutMs ?? 30_000;
  const headers = {
    authorization: `Bearer ${settings.apiKey}`,
    accept: 'application/json',
    'persona-version': apiVersion,
    'key-inflection': 'kebab',
  };

  async function exchange(call: CallName, request: OutboundRequest): Promise<OutboundResponse> {
    const response = await outbound.request(request).catch(error => {
      throw fromOutbound(call, error);
    });
    if (response.status < 200 || response.status > 299) throw fromResponse(call, response);
    return response;
  }

  const common = { timeoutMs, maxBytes: answerLimit };

  return {
    sandboxKey: environmentOf(settings.apiKey),
    clock,
    async get(path, shape, { query = {}, signal }) {
      const call = { method: 'GET', shape: path.shape };
      const search = new URLSearchParams(query).toString();
      const url = `${settings.apiBase}${path.path}${search === '' ? '' : `?${search}`}`;
      return parseBody(call, await exchange(call, { method: 'GET', url, headers, ...common, signal }), shape);
    },
    async post(path, body, shape, { idempotencyKey, signal }) {
      const call = { method: 'POST', shape: path.shape };
      const response = await exchange(call, {
        method: 'POST',
        url: `${settings.apiBase}${path.path}`,
        headers: {
          ...headers,
          ...(body && { 'content-type': 'application/json' }),
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
        ...(body && { body: JSON.stringify(body) }),
        ...common,
        signal,
      });
      return parseBody(call, response, shape);
    },
    async delete(path, signal) {
      const call = { method: 'DELETE', shape: path.shape };
      await exchange(call, {
        method: 'DELETE',
        url: `${settings.apiBase}${path.path}`,
        headers,
        ...common,
        signal,
      });
    },
    async download(url, signal) {
      const call = { method: 'GET', shape: 'a file' };
      const response = await exchange(call, {
        method: 'GET',
        url: url.href,
        headers: { accept: '*/*' },
        timeoutMs: settings.timeoutMs ?? downloadTimeoutMs,
        maxBytes: downloadLimit,
        signal,
      });
      return response.body;
    },
  };
}
