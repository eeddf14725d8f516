import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Schedule } from '../wire/schedule.js';
import { KratosError } from './errors.js';
import type { Identities } from './identities.js';

/** A customer's session. */
export interface KratosSession {
  readonly id: string;
  /** what a cookie or a header carries */
  readonly token: string;
  readonly identityId: string;
  active: boolean;
  /** the customer has a second factor and did not use it: whoami answers 403 */
  readonly aal2Required: boolean;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface SessionWish {
  readonly aal2Required?: boolean;
  readonly active?: boolean;
  /** default 24 hours */
  readonly lifeMs?: number;
}

/** The sessions of the simulator. */
export interface Sessions {
  readonly all: Map<string, KratosSession>;
  create(identityId: string, wish?: SessionWish): KratosSession;
  /** a session as clients read it */
  toWire(session: KratosSession): unknown;
  /** ends all sessions of an identity; says whether there was one */
  revoke(identityId: string): boolean;
  /** the body of `GET /sessions/whoami`, or the error */
  whoami(headers: IncomingHttpHeaders): { readonly identityId: string; readonly body: unknown };
}

const cookieName = /(?:^|;\s*)(?:ory_kratos_session|ory_session_\w+)=([^;]+)/;

function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const header = headers['x-session-token'];
  if (typeof header === 'string') return header;
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer ?? cookieName.exec(headers.cookie ?? '')?.[1];
}

function unauthorized(): KratosError {
  return new KratosError(
    401,
    'The request could not be authorized',
    'No valid session credentials found in the request.',
    'session_inactive',
  );
}

function toWire(session: KratosSession, identities: Identities): unknown {
  const { metadata_admin: _hidden, ...identity } = identities.find(session.identityId);
  const issued = new Date(session.issuedAt).toISOString();
  return {
    id: session.id,
    active: true,
    expires_at: new Date(session.expiresAt).toISOString(),
    authenticated_at: issued,
    authenticator_assurance_level: 'aal1',
    authentication_methods: [{ method: 'password', aal: 'aal1', completed_at: issued }],
    issued_at: issued,
    identity,
    devices: [],
  };
}

/** No sessions yet. */
export function createSessions(schedule: Schedule, identities: Identities): Sessions {
  const all = new Map<string, KratosSession>();
  return {
    all,
    toWire: session => toWire(session, identities),
    create(identityId, wish = {}) {
      const { id } = identities.find(identityId);
      const session: KratosSession = {
        id: randomUUID(),
        token: `ory_st_${randomBytes(24).toString('base64url')}`,
        identityId: id,
        active: wish.active ?? true,
        aal2Required: wish.aal2Required ?? false,
        issuedAt: schedule.now(),
        expiresAt: schedule.now() + (wish.lifeMs ?? 24 * 3_600_000),
      };
      all.set(session.token, session);
      return session;
    },
    revoke(identityId) {
      const theirs = [...all.values()].filter(session => session.identityId === identityId);
      for (const session of theirs) all.delete(session.token);
      return theirs.length > 0;
    },
    whoami(headers) {
      const session = all.get(tokenOf(headers) ?? '');
      const identity = session && identities.all.get(session.identityId);
      const alive = session?.active && session.expiresAt > schedule.now() && identity?.state === 'active';
      if (!session || !alive) throw unauthorized();
      if (session.aal2Required)
        throw new KratosError(
          403,
          'Session does not fulfill the requested Authenticator Assurance Level',
          'An active session was found but it needs a second factor.',
          'session_aal2_required',
        );
      return { identityId: session.identityId, body: toWire(session, identities) };
    },
  };
}
