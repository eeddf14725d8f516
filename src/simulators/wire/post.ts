import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';

/** One POST of a vendor to a customer's URL. */
export interface Post {
  /** the URL as registered: it decides the `Host` header and the name expected in the certificate */
  readonly url: string;
  /** where the connection really goes */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** PEM trusted instead of the system's authorities */
  readonly ca: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

function requestOptions(post: Post): RequestOptions & { ca?: string; servername?: string } {
  const registered = new URL(post.url);
  const target = new URL(post.target);
  return {
    method: 'POST',
    host: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port || (target.protocol === 'https:' ? 443 : 80),
    path: `${target.pathname}${target.search}`,
    headers: { ...post.headers, host: registered.host, 'content-length': Buffer.byteLength(post.body) },
    agent: false,
    signal: post.signal,
    ...(isIP(registered.hostname) === 0 ? { servername: registered.hostname } : {}),
    ...(post.ca === undefined ? {} : { ca: post.ca }),
  };
}

/**
 * Sends and waits for the status; rejects when there is none in time. The limit runs on the machine's time, not on the
 * simulator's clock, so that moving a clock never breaks a call under way.
 */
export function post(call: Post): Promise<number> {
  const send = new URL(call.target).protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(requestOptions(call), response => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    request.setTimeout(call.timeoutMs, () => request.destroy(new Error('no answer in time')));
    request.once('error', reject);
    request.end(call.body);
  });
}
