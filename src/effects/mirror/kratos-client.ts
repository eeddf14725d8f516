/** The calls to Ory Kratos' admin API, self-hosted or Ory Network, and what its answers mean. */
import { isDeepStrictEqual } from 'node:util';
import type { KratosSettings } from '../../config/config.js';
import { readKratosId } from '../../domain/kratos-id.js';
import type { OryValue } from '../../providers/provider.js';
import { leavesOpen, type Outbound, OutboundError, type OutboundResponse } from '../../runtime/outbound.js';
import { mirrorPatch } from './patch.js';

/** How a failed write may be treated. */
export type KratosErrorKind =
  /** repeat later: connection, 429, 5xx, a conflict with another writer */
  | 'later'
  /** Kratos refuses this very write until an operator has seen to the identity or the configuration */
  | 'refused'
  /** our key is refused: an operator must act */
  | 'unauthorized';

/** A write that did not succeed. The message names status and cure only: no identity, no body. */
export class KratosError extends Error {
  override readonly name = 'KratosError';
  constructor(
    readonly kind: KratosErrorKind,
    message: string,
    /** milliseconds Kratos asks us to wait */
    readonly retryAfterMs?: number,
    /** there was no answer: what was asked for may be done later */
    readonly mayStillAct = false,
  ) {
    super(message);
  }
}

/** `orphan`: Kratos no longer knows the identity. */
export type Written = 'written' | 'orphan';

/** An identity as the admin API lists it: only what no client can write. */
export interface ListedIdentity {
  /** lower case */
  readonly id: string;
  /** epoch milliseconds; null when it does not say */
  readonly createdAt: number | null;
  /** what is at a JSON pointer in its metadata; undefined elsewhere, and where there is nothing */
  readonly at: (pointer: string) => unknown;
}

/** Writes. Repeating one is harmless: it puts the same whole thing in the same place. */
export interface KratosClient {
  /**
   * Puts a provider's object onto an identity, or null in its place, and compares what Kratos says it now has with what
   * was meant.
   *
   * Kratos rewrites the whole identity with each patch and Ory Network refuses two at once, so the caller must not
   * write to one identity twice at the same time.
   *
   * @throws {KratosError}
   */
  writeStatus(
    identityId: string,
    write: { readonly path: string; readonly value: OryValue | null },
    signal?: AbortSignal,
  ): Promise<Written>;
  /** What is at a provider's place now; undefined when there is nothing. @throws {KratosError} */
  readStatus(
    identityId: string,
    path: string,
    signal?: AbortSignal,
  ): Promise<{ readonly value: unknown } | 'orphan'>;
  /** A page of all identities, and the token of the next one; null after the last. @throws {KratosError} */
  listIdentities(
    pageToken: string | null,
    signal?: AbortSignal,
  ): Promise<{ readonly identities: readonly ListedIdentity[]; readonly next: string | null }>;
  /** Makes an identity inactive: no login or recovery succeeds any more. Undone in Kratos. @throws {KratosError} */
  deactivate(identityId: string, signal?: AbortSignal): Promise<Written>;
  /** Ends all sessions of an identity; one that has none is as good. @throws {KratosError} */
  revokeSessions(identityId: string, signal?: AbortSignal): Promise<void>;
}

const longestWaitMs = 60 * 60 * 1000;
const pageSize = 250;
const mostPageBytes = 32 * 1024 * 1024;

/** Makes the client for one Kratos. Opens nothing yet. */
export function createKratosClient(
  settings: Pick<KratosSettings, 'adminUrl' | 'apiKey'>,
  outbound: Outbound,
): KratosClient {
  const base = `${settings.adminUrl.replace(/\/+$/, '')}/admin/identities/`;
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(settings.apiKey === undefined ? {} : { authorization: `Bearer ${settings.apiKey}` }),
  };
  async function patch(
    identityId: string,
    { path, value }: { path: string; value: unknown },
    signal: AbortSignal | undefined,
  ): Promise<Written> {
    const response = await call(outbound, {
      method: 'PATCH',
      url: base + requireIdentityId(identityId),
      headers,
      body: JSON.stringify(mirrorPatch(path, value)),
      ...(signal ? { signal } : {}),
    });
    if (response.status === 200) return asMeant(response, path, value);
    if (isOrphan(response)) return 'orphan';
    throw refusal(response);
  }
  return {
    writeStatus: patch,
    async readStatus(identityId, path, signal) {
      const response = await call(outbound, {
        method: 'GET',
        url: base + requireIdentityId(identityId),
        headers,
        ...(signal ? { signal } : {}),
      });
      if (response.status === 200) return { value: memberAt(response, path) };
      if (isOrphan(response)) return 'orphan';
      throw refusal(response);
    },
    async listIdentities(pageToken, signal) {
      const token = pageToken === null ? '' : `&page_token=${encodeURIComponent(pageToken)}`;
      const response = await call(outbound, {
        method: 'GET',
        url: `${base.slice(0, -1)}?page_size=${pageSize}${token}`,
        headers,
        maxBytes: mostPageBytes,
        ...(signal ? { signal } : {}),
      });
      if (response.status !== 200) throw refusal(response);
      const page = parse(response.body);
      if (!Array.isArray(page)) throw new KratosError('refused', 'kratos: the list of identities is none');
      return { identities: page.flatMap(listed), next: nextToken(response.headers.link) };
    },
    deactivate: (identityId, signal) => patch(identityId, { path: '/state', value: 'inactive' }, signal),
    async revokeSessions(identityId, signal) {
      const response = await call(outbound, {
        method: 'DELETE',
        url: `${base}${requireIdentityId(identityId)}/sessions`,
        headers,
        ...(signal ? { signal } : {}),
      });
      if (response.status !== 204 && !isOrphan(response)) throw refusal(response);
    },
  };
}

/** A malformed id counts as the nil id in Kratos and would look like an identity that is gone. */
function requireIdentityId(identityId: string): string {
  const id = readKratosId(identityId);
  if (id === null) throw new KratosError('refused', 'kratos: the identity id is nil or malformed');
  return id;
}

async function call(
  outbound: Outbound,
  request: Parameters<Outbound['request']>[0],
): Promise<OutboundResponse> {
  try {
    return await outbound.request(request);
  } catch (error) {
    const kind = error instanceof OutboundError ? error.kind : 'unknown fault';
    const mayStillAct = !(error instanceof OutboundError) || error.mayHaveActed;
    throw new KratosError('later', `kratos: no answer (${kind})`, undefined, mayStillAct);
  }
}

function listed(identity: unknown): ListedIdentity[] {
  const id = readKratosId(member(identity, 'id'));
  if (id === null) return [];
  const createdAt = Date.parse(String(member(identity, 'created_at')));
  const at = (pointer: string) =>
    /^\/metadata_(public|admin)\//.test(pointer) ? pointed(identity, pointer) : undefined;
  return [{ id, createdAt: Number.isNaN(createdAt) ? null : createdAt, at }];
}

/** Only the token is taken from the link, whose address may be anything. */
function nextToken(link: string | undefined): string | null {
  const next = link?.split(',').find(part => /;\s*rel="?next"?/.test(part));
  const query = next && /\?([^>]*)/.exec(next)?.[1];
  return new URLSearchParams(query ?? '').get('page_token') || null;
}

/** Another writer may have put back an older row in between; then the object is simply written again. */
function asMeant(response: OutboundResponse, path: string, value: unknown): 'written' {
  if (!isDeepStrictEqual(memberAt(response, path) ?? null, value))
    throw new KratosError('later', 'kratos: the identity does not have what was written');
  return 'written';
}

function memberAt(response: OutboundResponse, path: string): unknown {
  return pointed(parse(response.body), path);
}

function pointed(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('/').slice(1)) found = member(found, key);
  return found;
}

/** Only Kratos' own 404 counts, since an orphan's data is erased: a proxy's page or a wrong base URL must not do that. */
function isOrphan(response: OutboundResponse): boolean {
  return response.status === 404 && member(member(parse(response.body), 'error'), 'code') === 404;
}

function refusal(response: OutboundResponse): KratosError {
  const { status } = response;
  const said = `kratos: answered ${status}`;
  if (status === 401 || status === 403)
    return new KratosError('unauthorized', `${said}; check ORY_API_KEY and that it belongs to this project`);
  if (status === 429 || status >= 500 || status === 408)
    return new KratosError('later', said, waitOf(response.headers), leavesOpen(status));
  if (status === 400 && isConflict(response.body))
    return new KratosError('later', `${said}, a conflict with another writer`);
  if (status === 400)
    return new KratosError('refused', `${said}; the identity's metadata or traits do not allow the write`);
  if (status === 404 || (status >= 300 && status < 400))
    return new KratosError('refused', `${said}; check that KRATOS_ADMIN_URL is the admin address`);
  return new KratosError('refused', said);
}

/** The database's serialisation conflict, which Kratos reports as the client's fault. */
function isConflict(body: Buffer): boolean {
  const error = member(parse(body), 'error');
  return [member(error, 'message'), member(error, 'reason')].some(
    text => typeof text === 'string' && text.includes('Unable to serialize access'),
  );
}

/** Ory Network counts down in `x-ratelimit-reset`; a proxy may send `retry-after`. Seconds both, and bounded. */
function waitOf(headers: OutboundResponse['headers']): number | undefined {
  const seconds = [headers['x-ratelimit-reset'], headers['retry-after']].find(
    text => text !== undefined && /^\d{1,9}$/.test(text),
  );
  return seconds === undefined ? undefined : Math.min(Number(seconds) * 1000, longestWaitMs);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
