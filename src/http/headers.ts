import type { FastifyReply } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** neither a browser nor a person ever sees the answers: they do without what only those heed */
    machinesOnly?: boolean;
  }
}

/**
 * What every answer carries unless its route says otherwise (with `reply.header`): nothing may be loaded, framed, sniffed
 * or stored. The referrer goes along as origin, because a provider's SDK token is bound to it.
 */
export const defaultHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** One year; without subdomains, which are the operator's own affair. */
const strictTransportSecurity = 'max-age=31536000';

/** @param secure the listener speaks TLS to the world, so browsers shall never come without it */
export function setDefaultHeaders(reply: FastifyReply, secure: boolean): void {
  reply.headers(defaultHeaders);
  if (secure) reply.header('strict-transport-security', strictTransportSecurity);
}
