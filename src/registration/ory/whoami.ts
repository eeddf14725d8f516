import type { IncomingHttpHeaders } from 'node:http';
import { readKratosId } from '../../domain/kratos-id.js';
import { type Outbound, OutboundError } from '../../runtime/outbound.js';
import { member } from './hook-body.js';

/** What a caller proves a Kratos session with: one header, and nothing else of theirs goes on to Kratos. */
export interface Credential {
  readonly kind: 'cookie' | 'token';
  readonly headers: Readonly<Record<string, string>>;
}

/** What Kratos says of it. `unavailable`: nothing that can be relied upon. */
export type SessionOwner =
  | { readonly kind: 'active'; readonly kratosId: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'aal2_required' }
  | { readonly kind: 'unavailable' };

/** Asks Kratos. */
export type Whoami = (credential: Credential) => Promise<SessionOwner>;

const plausible = /^[\x21-\x3a\x3c-\x7e]{1,4096}$/;
const cookiePair = /(?:^|;)\s*(ory_kratos_session|ory_session_[A-Za-z0-9_-]{1,100})=([^;\s]{1,4096})/;

/** The caller's session token, else Bearer token, else Kratos' cookie; null when there is none of them. */
export function credentialOf(headers: IncomingHttpHeaders): Credential | null {
  const token = headers['x-session-token'];
  if (typeof token === 'string' && plausible.test(token))
    return { kind: 'token', headers: { 'x-session-token': token } };
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined && plausible.test(bearer))
    return { kind: 'token', headers: { authorization: `Bearer ${bearer}` } };
  const [, name, value] = cookiePair.exec(headers.cookie ?? '') ?? [];
  return name !== undefined && value !== undefined && plausible.test(value)
    ? { kind: 'cookie', headers: { cookie: `${name}=${value}` } }
    : null;
}

/** Builds the question to Kratos' public API. Total. */
export function createWhoami(publicUrl: string, outbound: Outbound): Whoami {
  const url = `${publicUrl.replace(/\/+$/, '')}/sessions/whoami`;
  return async credential => {
    try {
      const headers = { accept: 'application/json', ...credential.headers };
      const { status, body } = await outbound.request({ method: 'GET', url, headers, timeoutMs: 5_000 });
      if (status === 401) return { kind: 'none' };
      if (status === 403) return { kind: 'aal2_required' };
      return status === 200 ? ownerOf(JSON.parse(body.toString('utf8'))) : { kind: 'unavailable' };
    } catch (error) {
      if (error instanceof OutboundError || error instanceof SyntaxError) return { kind: 'unavailable' };
      throw error;
    }
  };
}

function ownerOf(session: unknown): SessionOwner {
  const kratosId = readKratosId(member(member(session, 'identity'), 'id'));
  if (member(session, 'active') !== true || kratosId === null) return { kind: 'none' };
  return { kind: 'active', kratosId };
}
