import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { asFields, asText } from '../wire/fields.js';
import type { OnfidoContext } from './context.js';
import { invalid, OnfidoError } from './errors.js';
import { findApplicant, namedApplicant } from './find.js';
import type { SdkToken } from './world.js';

const classicLifeMs = 90 * 60_000;
const studioLifeMs = 5 * 7 * 24 * 3_600_000;
const referrerPattern = /^(\*|https?):\/\/(\*|(?:\*\.)?[^*/\s]+)(\/\S*)$/;
const signingKey = randomBytes(32);

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function payloadOf(context: OnfidoContext, token: SdkToken, sandbox: boolean): unknown {
  const { origin } = context.place;
  return {
    exp: Math.floor(token.expiresAt / 1000),
    ...(token.runId === null ? {} : { iss: 'studio', sub: token.runId }),
    jti: randomUUID(),
    payload: {
      app: token.applicantId,
      client_uuid: '00000000-0000-4000-8000-000000000001',
      application_id: null,
      is_sandbox: sandbox,
      is_trial: false,
    },
    enterprise_features: {},
    urls: {
      onfido_api_url: origin,
      hosted_sdk_url: origin,
      sync_url: origin,
      auth_url: origin,
      telephony_url: origin,
      cross_device_url: origin,
      detect_document_url: origin,
    },
  };
}

/** Makes a token for an applicant, or for one run when `runId` is given. It has the shape of a JWT. */
export function makeSdkToken(
  context: OnfidoContext,
  wanted: { applicantId: string; referrer: string | null; runId: string | null },
): string {
  const life = wanted.runId === null ? classicLifeMs : studioLifeMs;
  const token: SdkToken = { ...wanted, expiresAt: context.schedule.now() + life };
  const { sandbox } = findApplicant(context.world, wanted.applicantId).wire;
  const content = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payloadOf(context, token, sandbox))}`;
  const text = `${content}.${createHmac('sha256', signingKey).update(content).digest('base64url')}`;
  context.world.tokens.set(text, token);
  return text;
}

function hostFits(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  if (!pattern.startsWith('*.')) return host === pattern;
  return host === pattern.slice(2) || host.endsWith(pattern.slice(1));
}

/**
 * Whether a page may use a token, by its Referer. As at the vendor, a pattern without a port does not fit a page on an
 * unusual port, and browsers send no more than the origin, so a pattern with a path never fits.
 */
export function referrerFits(pattern: string | null, referer: string | undefined): boolean {
  if (pattern === null) return true;
  const match = referrerPattern.exec(pattern);
  if (!match || referer === undefined || !URL.canParse(referer)) return false;
  const [, scheme = '', host = '', path = ''] = match;
  const page = new URL(referer);
  const schemeFits = scheme === '*' || page.protocol === `${scheme}:`;
  const pathFits = path.endsWith('*') ? page.pathname.startsWith(path.slice(0, -1)) : page.pathname === path;
  return schemeFits && pathFits && hostFits(host, page.host);
}

/** The token of a browser's call, or the 401 that the vendor gives. */
export function useSdkToken(
  context: OnfidoContext,
  authorization: string | undefined,
  referer: string | undefined,
) {
  const text = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
  const token = context.world.tokens.get(text);
  if (!token) throw new OnfidoError(401, 'invalid_token', 'The token is not one of ours');
  if (token.expiresAt <= context.schedule.now())
    throw new OnfidoError(401, 'expired_token', 'The token has expired');
  if (!referrerFits(token.referrer, referer))
    throw new OnfidoError(401, 'bad_referrer', 'The page is not one this token was made for');
  return token;
}

/** `POST /sdk_token`. */
export function sdkTokenRoutes(app: FastifyInstance, context: OnfidoContext): void {
  app.post('/sdk_token', async request => {
    const body = asFields(request.body);
    const applicant = namedApplicant(context.world, body.applicant_id);
    const referrer = asText(body.referrer) ?? null;
    if (body.referrer != null && (referrer === null || !referrerPattern.test(referrer)))
      throw invalid({ referrer: ['invalid referrer format'] });
    return { token: makeSdkToken(context, { applicantId: applicant.wire.id, referrer, runId: null }) };
  });
}
