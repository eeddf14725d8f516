import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './call.js';
import type { Ends } from './world.js';

/** General Bytes' verification site, as far as its protocol goes: it keeps a token, hands it out, forwards `submit`. */
export interface ExternalSite {
  /** below a prefix, since an operator may mount it so */
  readonly url: string;
  /** bodies of `register`, oldest first */
  readonly registered: readonly { applicantId: string; sdkToken: string; serverUrl: string }[];
  /** answers `register` so many times with a fault before it takes one */
  refuse(times: number, status?: number): void;
  /** how often it did */
  readonly refused: number;
  /** the page's call after the capture; gives the gateway's status as relayed to the browser */
  submit(applicantId: string): Promise<number>;
  token(applicantId: string): string | undefined;
}

/** Starts the site; `forward` reaches what its `serverUrl` names. */
export async function startExternalSite(
  t: Ends,
  forward: (url: string) => Promise<Answer>,
): Promise<ExternalSite> {
  const registered: { applicantId: string; sdkToken: string; serverUrl: string }[] = [];
  let faults: number[] = [];
  let refused = 0;
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url?.startsWith('/kyc?')) {
      response.writeHead(200, { 'content-type': 'text/html' });
      return void response.end('<!doctype html><link rel="icon" href="data:,"><title>Verification</title>');
    }
    const fault = faults.shift();
    if (request.method !== 'POST' || request.url !== '/kyc/verification/register')
      return void response.writeHead(404).end();
    if (fault !== undefined) {
      refused += 1;
      return void response.writeHead(fault).end('no');
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    registered.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(200).end();
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(
    () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const find = (applicantId: string) => registered.findLast(each => each.applicantId === applicantId);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/kyc`,
    registered,
    refuse: (times, status = 503) => {
      faults = Array.from({ length: times }, () => status);
    },
    get refused() {
      return refused;
    },
    token: applicantId => find(applicantId)?.sdkToken,
    async submit(applicantId) {
      const { serverUrl } = find(applicantId) ?? {};
      if (serverUrl === undefined) return 404;
      const path = `/serverapi/apiv1/identity-check/submit/${applicantId}`;
      return (await forward(`${serverUrl}${path}`)).status;
    },
  };
}
