import type { FastifyRequest } from 'fastify';
import { AppError } from '../../runtime/app-error.js';
import { sameSecret } from '../../runtime/keyring.js';

/**
 * Demands one of the live secrets, as `Authorization: Bearer` (which Kratos keeps out of its logs) or `X-Webhook-Secret`.
 * Every one is compared, whichever fits.
 *
 * @throws AppError `unauthorized`
 */
export function demandHookSecret(request: FastifyRequest, secrets: readonly string[]): void {
  const bearer = /^Bearer +(\S.*)$/i.exec(request.headers.authorization ?? '')?.[1];
  const header = request.headers['x-webhook-secret'];
  const given = [bearer, typeof header === 'string' ? header : undefined];
  const fits = given.flatMap(text => secrets.map(secret => text !== undefined && sameSecret(text, secret)));
  if (fits.includes(true)) return;
  throw new AppError(
    'unauthorized',
    401,
    'The hook’s secret is needed: Authorization: Bearer <secret>, or X-Webhook-Secret.',
  );
}
