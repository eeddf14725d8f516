/** `ctx`: what a template can see. */
import type { FastifyRequest } from 'fastify';
import type { Fields } from '../wire/fields.js';
import type { Flow, Flows } from './flows.js';
import type { Identity } from './identities.js';

/** What a registration hook sees before the identity is stored, and what every first-factor session is called. */
export const nilId = '00000000-0000-0000-0000-000000000000';

const shownHeaders = ['accept', 'accept-encoding', 'accept-language', 'content-type', 'user-agent'];

/** The context of one flow; neither credentials nor `metadata_admin` are in it. */
export function hookContext(
  flows: Flows,
  flow: Flow,
  identity: Omit<Identity, 'metadata_admin'>,
  request: FastifyRequest,
  session?: Fields,
): Fields {
  const { metadata_admin: _hidden, ...visible } = identity as Identity;
  return {
    flow: flows.toWire(flow),
    identity: visible,
    ...(session === undefined ? {} : { session }),
    request_headers: headersOf(request),
    request_method: request.method,
    request_url: flow.requestUrl,
    request_cookies: {},
  };
}

/** Names as Go writes them, and a list for each. */
function headersOf({ headers }: FastifyRequest): Fields {
  return Object.fromEntries(
    shownHeaders.flatMap(name => {
      const value = headers[name];
      return value === undefined
        ? []
        : [[name.replace(/(^|-)[a-z]/g, start => start.toUpperCase()), [value]]];
    }),
  );
}
