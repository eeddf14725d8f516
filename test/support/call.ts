import { type IncomingHttpHeaders, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** A connection is made for each call, so that nothing stays open behind a test. */
export interface CallTarget {
  /** where it really listens, e.g. `https://127.0.0.1:40123` */
  readonly origin: string;
  /** what the caller believes it speaks to: `Host`, and the name expected in the certificate */
  readonly host?: string;
  /** PEM trusted instead of the system's authorities */
  readonly ca?: string;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** an object is sent as JSON, `URLSearchParams` as a form, bytes and text as they are */
  readonly body?: object | string | Buffer | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

/** One request, with everything that came back. Rejects when nothing did. */
export function call(
  target: CallTarget,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const { body, type } = written(options.body);
  const url = new URL(target.origin);
  const host = target.host ?? url.host;
  const settings: RequestOptions = {
    method,
    host: url.hostname,
    port: url.port,
    path,
    agent: false,
    headers: {
      host,
      ...(body === undefined ? {} : { 'content-length': body.length }),
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(options.headers as Record<string, string>),
    },
  };
  const secure = { servername: host.split(':')[0], ...(target.ca === undefined ? {} : { ca: target.ca }) };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:' ? requestHttps({ ...settings, ...secure }) : requestHttp(settings);
    request.once('error', reject);
    request.once('response', response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        const { headers, statusCode = 0 } = response;
        resolve({ status: statusCode, headers, bytes, text, json: () => JSON.parse(text) });
      });
    });
    request.end(body);
  });
}

function written(body: CallOptions['body']): { body?: Buffer; type?: string } {
  if (body === undefined) return {};
  if (Buffer.isBuffer(body)) return { body };
  if (typeof body === 'string') return { body: Buffer.from(body) };
  if (body instanceof URLSearchParams)
    return { body: Buffer.from(body.toString()), type: 'application/x-www-form-urlencoded' };
  return { body: Buffer.from(JSON.stringify(body)), type: 'application/json' };
}
