/**
 * A thin client: one call in, one parsed answer or a {@link ProviderError} out. It follows nothing; every URL is built
 * from ids that matched their pattern. The only repetition is after a 401, with a new token: a refused call did nothing.
 */
import type { z } from 'zod';
import type { Clock } from '../../runtime/clock.js';
import type { Outbound, OutboundRequest, OutboundResponse } from '../../runtime/outbound.js';
import { ProviderError } from '../provider.js';
import { type CallName, fromOutbound, fromResponse, unreadable } from './errors.js';
import type { Hosts } from './hosts.js';
import type { Classifier, Uuid } from './ids.js';
import { parseJson } from './payload.js';
import type { TokenSource } from './token.js';

/** A path below a base, with the shape of it for error texts. Made by {@link apiPath} only. */
export interface ApiPath {
  readonly path: string;
  readonly shape: string;
}

/** Tag for paths: takes literals and checked ids, so that nothing else can get into one. */
export function apiPath(parts: TemplateStringsArray, ...ids: readonly (Uuid | Classifier)[]): ApiPath {
  const path = parts.reduce((whole, part, index) => `${whole}${ids[index - 1] ?? ''}${part}`);
  return { path, shape: parts.join('{id}') };
}

/** Methods throw {@link ProviderError}. */
export interface JumioClient {
  readonly clock: Clock;
  readonly hosts: Hosts;
  /** asks the retrieval host */
  get<T>(path: ApiPath, shape: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** begins something at the account host */
  begin<T>(
    method: 'POST' | 'PUT',
    path: ApiPath,
    body: object,
    shape: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T>;
  remove(path: ApiPath, signal: AbortSignal): Promise<void>;
  download(path: ApiPath, signal: AbortSignal): Promise<Buffer>;
}

export interface ClientDeps {
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly token: TokenSource;
  readonly hosts: Hosts;
  readonly userAgent: string;
}

const answerLimit = 4 * 1024 * 1024;
/** Jumio takes pictures of up to 5 MB. */
const downloadLimit = 8 * 1024 * 1024;
const timeoutMs = 10_000;
const downloadTimeoutMs = 30_000;

type Wanted = Pick<OutboundRequest, 'method' | 'url' | 'body' | 'timeoutMs' | 'maxBytes'> & {
  readonly accept?: string;
  readonly signal: AbortSignal;
};

function headersOf(token: string, userAgent: string, { accept, body }: Wanted): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    accept: accept ?? 'application/json',
    'user-agent': userAgent,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

/** The client of one organization: its credentials, its data centre. */
export function createClient(deps: ClientDeps): JumioClient {
  const { outbound, clock, hosts } = deps;

  async function attempt(call: CallName, token: string, wanted: Wanted): Promise<OutboundResponse> {
    const { accept: _accept, ...request } = wanted;
    const headers = headersOf(token, deps.userAgent, wanted);
    const response = await outbound
      .request({ timeoutMs, maxBytes: answerLimit, ...request, headers })
      .catch(error => {
        throw fromOutbound(call, error);
      });
    if (response.status < 200 || response.status > 299) throw fromResponse(call, response, clock.now());
    return response;
  }

  async function exchange(call: CallName, wanted: Wanted): Promise<OutboundResponse> {
    const token = await deps.token.get(wanted.signal);
    try {
      return await attempt(call, token, wanted);
    } catch (error) {
      if (!(error instanceof ProviderError && error.options.status === 401)) throw error;
      deps.token.drop(token);
      return await attempt(call, await deps.token.get(wanted.signal), wanted);
    }
  }

  return {
    clock,
    hosts,
    async get(path, shape, signal) {
      const call = { method: 'GET', shape: path.shape, acts: false };
      const url = hosts.retrieval + path.path;
      return read(call, await exchange(call, { method: 'GET', url, signal }), shape);
    },
    async begin(method, path, body, shape, signal) {
      const call = { method, shape: path.shape, acts: true };
      const url = hosts.account + path.path;
      return read(call, await exchange(call, { method, url, body: JSON.stringify(body), signal }), shape);
    },
    async remove(path, signal) {
      const call = { method: 'DELETE', shape: path.shape, acts: true };
      await exchange(call, { method: 'DELETE', url: hosts.retrieval + path.path, signal });
    },
    async download(path, signal) {
      const call = { method: 'GET', shape: path.shape, acts: false };
      const limits = { timeoutMs: downloadTimeoutMs, maxBytes: downloadLimit };
      const url = hosts.retrieval + path.path;
      const response = await exchange(call, { method: 'GET', url, accept: 'image/*', ...limits, signal });
      return response.body;
    },
  };
}

function read<T>(call: CallName, response: OutboundResponse, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(parseJson(response.body));
  if (parsed.success) return parsed.data;
  throw unreadable(call, response.status);
}
