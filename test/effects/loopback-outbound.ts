import { createOutbound } from '../../src/runtime/create-outbound.js';
import type { Outbound, OutboundRequest } from '../../src/runtime/outbound.js';

/** The guarded client itself, allowed to loopback, with a record of what went through it. */
export function createLoopbackOutbound(): Outbound & { readonly requests: OutboundRequest[] } {
  const requests: OutboundRequest[] = [];
  const outbound = createOutbound({ allowPrivate: true });
  return {
    requests,
    request(asked) {
      requests.push(asked);
      return outbound.request(asked);
    },
    close: () => outbound.close(),
  };
}
