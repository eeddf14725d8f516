/**
 * The one address a browser needs. Like a proxy in front of a real gateway it passes everything on to the public
 * listener; the stand-in for the vendor's script comes from here too, because browsers allow one exception for one
 * certificate at one address, and block plain http, even from this machine, inside a page of https.
 */
import { type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { createServer, request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Where the front passes requests on to, and the certificate it shows and trusts. */
export interface Behind {
  /** the gateway's public listener */
  readonly gateway: string;
  /** the simulator that serves the capture's script */
  readonly vendor: string;
  readonly cert: string;
  readonly key: string;
}

export interface Front {
  /** e.g. `https://127.0.0.1:7743` */
  readonly origin: string;
  /** the path of the capture's script here */
  readonly sdkUrl: string;
  /** link ids whose page was asked for */
  readonly visited: ReadonlySet<string>;
  /** until then nothing is answered */
  open(behind: Behind): void;
  close(): Promise<void>;
}

const sdkPath = '/v14';
const vendorPaths = /^\/(v14|_sdk\/)/;

/** Takes a port, the wanted one if it is free, before anything that must know it exists. */
export async function createFront(wantedPort: number): Promise<Front> {
  const visited = new Set<string>();
  let behind: Behind | undefined;
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    const link = request.method === 'GET' ? /^\/v\/([\w-]+)(?:\?|$)/.exec(url)?.[1] : undefined;
    if (link !== undefined) visited.add(link);
    if (behind) passOn(request, response, behind);
    else response.writeHead(503).end();
  });
  const port = await listen(server, wantedPort);
  const origin = `https://127.0.0.1:${port}`;
  return {
    origin,
    sdkUrl: `${origin}${sdkPath}`,
    visited,
    open(to) {
      server.setSecureContext({ cert: to.cert, key: to.key });
      behind = to;
    },
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function listen(server: ReturnType<typeof createServer>, wantedPort: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && wantedPort !== 0) listen(server, 0).then(resolve, reject);
      else reject(error);
    });
    server.listen(wantedPort, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function passOn(request: IncomingMessage, response: ServerResponse, behind: Behind): void {
  const { method, headers, url: path = '/' } = request;
  const toVendor = vendorPaths.test(path);
  // taken apart, so that no path, whatever it looks like, leads to another machine
  const { hostname, port } = new URL(toVendor ? behind.vendor : behind.gateway);
  const options = { hostname, port, path, method, headers, agent: false } as const;
  const answered = (answer: IncomingMessage) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  };
  const onward = toVendor
    ? requestHttp(options, answered)
    : requestHttps({ ...options, ca: behind.cert }, answered);
  onward.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
