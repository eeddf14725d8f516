import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type JumioContext, randomToken } from './context.js';
import { JumioError } from './errors.js';

/** The tokens in force. */
export interface Tokens {
  /** whether a call carries one. @throws {JumioError} 401, or 403 without a usable User-Agent */
  check(request: FastifyRequest): void;
  /** from now on every token given so far is refused */
  revoke(): void;
}

function requireUserAgent(request: FastifyRequest): void {
  if (!/^[\w .()-]+\/v?\d/.test(request.headers['user-agent'] ?? ''))
    throw new JumioError(403, 'The User-Agent must name company and application');
}

function same(given: string, expected: string | null): boolean {
  if (expected === null) return true;
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function requireClient({ settings }: JumioContext, request: FastifyRequest): void {
  const [scheme = '', encoded = ''] = (request.headers.authorization ?? '').split(' ');
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  const known = same(id, settings.clientId) && same(rest.join(':'), settings.clientSecret);
  if (scheme.toLowerCase() !== 'basic' || id === '' || !known)
    throw new JumioError(401, 'Bad client credentials');
}

/** The token's endpoint: the same token for everybody until it has run out. */
export function registerOauth(scope: FastifyInstance, context: JumioContext): Tokens {
  let current: { token: string; until: number } | undefined;
  const isFresh = () => current !== undefined && context.schedule.now() < current.until;

  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  scope.post<{ Body: { grant_type?: string } | undefined }>('/oauth2/token', async request => {
    requireUserAgent(request);
    requireClient(context, request);
    if (request.body?.grant_type !== 'client_credentials')
      throw new JumioError(400, 'grant_type must be client_credentials');
    const now = context.schedule.now();
    if (!isFresh()) current = { token: randomToken(), until: now + context.settings.tokenSeconds * 1000 };
    const { token = '', until = now } = current ?? {};
    return {
      access_token: token,
      expires_in: Math.max(1, Math.floor((until - now) / 1000)),
      token_type: 'Bearer',
    };
  });

  return {
    check(request) {
      requireUserAgent(request);
      const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
      if (given === undefined || !isFresh() || given !== current?.token)
        throw new JumioError(401, 'The access token is missing, wrong or has run out');
    },
    revoke() {
      current = undefined;
    },
  };
}
