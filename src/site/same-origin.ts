import type { FastifyRequest } from 'fastify';

/**
 * Whether a POST comes from a page of this site, as far as the browser says. `Sec-Fetch-Site` cannot be set by a page
 * and goes first (`none` is the customer's own doing, such as a reload); `Origin` serves older browsers. A browser that sends neither is let through: the link itself is
 * unguessable, this only keeps other sites from using one they saw.
 */
export function isSameOrigin(request: FastifyRequest, siteOrigin: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.headers.origin;
  return origin === undefined || origin === siteOrigin;
}
