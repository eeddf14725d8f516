import { once } from 'node:events';
import { createServer as createHttp, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';

/** A customer's server that keeps what it receives and answers what the test says. */
export interface Receiver {
  readonly origin: string;
  readonly port: number;
  /** its certificate, for those who should trust it; empty on plain http */
  readonly ca: string;
  readonly received: { path: string; headers: IncomingHttpHeaders; body: string }[];
  /** statuses for the next requests; 200 when there is none left */
  readonly statuses: number[];
  close(): Promise<void>;
}

async function certificate(name: string) {
  const made = await generate([{ name: 'commonName', value: name }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  return { key: made.private, cert: made.cert };
}

/** Starts one on loopback; with a name it speaks TLS with a self-signed certificate for that name. */
export async function startReceiver(name?: string): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const statuses: number[] = [];
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      received.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  };
  const tls = name === undefined ? undefined : await certificate(name);
  const server = tls ? createHttps(tls, listener) : createHttp(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    ca: tls?.cert ?? '',
    received,
    statuses,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
