import { request } from 'node:http';
import {
  type Outbound,
  OutboundError,
  type OutboundRequest,
  type OutboundResponse,
} from '../../src/runtime/outbound.js';

/** The guarded client's contract over plain HTTP, for adapters that are tested against a server of the test's own. */
export function createLoopbackOutbound(): Outbound & { readonly requests: OutboundRequest[] } {
  const requests: OutboundRequest[] = [];
  return {
    requests,
    request(asked) {
      requests.push(asked);
      return exchange(asked);
    },
    close: async () => undefined,
  };
}

function exchange(asked: OutboundRequest): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    const { method, url, headers, signal } = asked;
    const fail = (error: NodeJS.ErrnoException) => {
      const refused = error.code === 'ECONNREFUSED';
      const kind = error.name === 'AbortError' ? 'aborted' : refused ? 'connect' : 'cut';
      reject(new OutboundError(kind, !refused, `${new URL(url).origin}: ${kind}`));
    };
    const call = request(url, {
      method,
      agent: false,
      headers: { ...headers },
      ...(signal ? { signal } : {}),
    });
    call.on('error', fail);
    call.on('response', answer => {
      const chunks: Buffer[] = [];
      answer.on('error', fail);
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers as Record<string, string>,
          body: Buffer.concat(chunks),
        }),
      );
    });
    call.end(asked.body);
  });
}
