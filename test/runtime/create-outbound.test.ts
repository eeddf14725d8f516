import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { createOutbound, type OutboundOptions } from '../../src/runtime/create-outbound.js';
import { type Outbound, OutboundError, type OutboundErrorKind } from '../../src/runtime/outbound.js';
import type { CertificatePair } from '../../src/tls/tls-source.js';
import { makePair } from '../tls/pairs.js';

let folder: string;
let caFile: string;
let pair: CertificatePair;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-outbound-'));
  caFile = join(folder, 'ca.pem');
  pair = await makePair('localhost');
  writeFileSync(caFile, pair.cert);
});
after(() => rmSync(folder, { recursive: true }));

interface Peer {
  readonly url: string;
  readonly seen: IncomingMessage[];
  connections(): number;
}

async function listen(
  context: TestContext,
  server: Server,
  scheme: 'http' | 'https',
  host = '127.0.0.1',
): Promise<Peer> {
  const seen: IncomingMessage[] = [];
  let connections = 0;
  server.on('request', request => seen.push(request));
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>(resolve => server.listen(0, host, resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `${scheme}://${host}:${(server.address() as AddressInfo).port}`,
    seen,
    connections: () => connections,
  };
}

const securePeer = (context: TestContext, handler: RequestListener, certificate = pair) =>
  listen(context, createServer({ ...certificate }, handler), 'https');
const plainPeer = (context: TestContext, handler: RequestListener) =>
  listen(context, createPlainServer(handler), 'http');

function outbound(context: TestContext, options: Partial<OutboundOptions> = {}): Outbound {
  const client = createOutbound({ allowPrivate: true, ...options });
  context.after(() => client.close());
  return client;
}

async function failure(
  call: Promise<unknown>,
  kind: OutboundErrorKind,
  mayHaveActed: boolean,
): Promise<OutboundError> {
  const error = await call.then(
    () => assert.fail('the call should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof OutboundError, String(error));
  assert.deepEqual([error.kind, error.mayHaveActed], [kind, mayHaveActed], error.message);
  return error;
}

describe('an answer', () => {
  test('comes whole, with lower-case header names, over TLS verified against the given authority', async context => {
    const peer = await securePeer(context, (request, response) => {
      request.resume().on('end', () => {
        response
          .writeHead(201, { 'X-One': 'a', 'Set-Cookie': ['b=1', 'c=2'] })
          .end(`${request.method} ${request.url}`);
      });
    });
    const answer = await outbound(context, { caFile, userAgent: 'gatehouse/1' }).request({
      method: 'POST',
      url: `${peer.url}/a/b?c=d%20e`,
      headers: { 'Content-Type': 'text/plain', Host: 'elsewhere.example', 'Content-Length': '1' },
      body: 'hello',
    });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers['x-one'], 'a');
    assert.equal(answer.headers['set-cookie'], 'b=1, c=2');
    assert.equal(answer.body.toString(), 'POST /a/b?c=d%20e');
    const headers = peer.seen[0]?.headers;
    assert.equal(headers?.host, new URL(peer.url).host);
    assert.equal(headers?.['content-length'], '5');
    assert.equal(headers?.['user-agent'], 'gatehouse/1');
    assert.equal(headers?.['accept-encoding'], 'identity');
  });

  test('of any status is an answer, a redirect too, and nobody goes where it points', async context => {
    const trap = await plainPeer(context, (_request, response) => response.end('trapped'));
    const peer = await plainPeer(context, (_request, response) =>
      response.writeHead(307, { location: `${trap.url}/` }).end(),
    );
    const answer = await outbound(context).request({ method: 'GET', url: peer.url });
    assert.deepEqual([answer.status, answer.headers.location], [307, `${trap.url}/`]);
    assert.equal(trap.connections(), 0);
  });

  test('survives an informational one before it', async context => {
    const peer = await plainPeer(context, (_request, response) => {
      response.writeEarlyHints({ link: '</x>; rel=preload' });
      response.end('final');
    });
    const answer = await outbound(context).request({ method: 'GET', url: peer.url });
    assert.deepEqual([answer.status, answer.body.toString(), answer.headers.link], [200, 'final', undefined]);
  });
});

describe('TLS', () => {
  test('refuses a certificate nobody vouches for, before a byte of the request is sent', async context => {
    const peer = await securePeer(context, (_request, response) => response.end());
    await failure(outbound(context).request({ method: 'POST', url: peer.url, body: 'secret' }), 'tls', false);
    assert.equal(peer.seen.length, 0);
  });

  test('refuses a certificate for another name', async context => {
    const other = await makePair('other.example');
    const peer = await securePeer(context, (_request, response) => response.end(), other);
    writeFileSync(join(folder, 'other.pem'), other.cert);
    const client = outbound(context, { caFile: join(folder, 'other.pem') });
    const url = peer.url.replace('127.0.0.1', 'localhost');
    const error = await failure(client.request({ method: 'GET', url }), 'tls', false);
    assert.match(error.message, /ERR_TLS_CERT_ALTNAME_INVALID/);
    assert.equal(peer.seen.length, 0);
  });

  test('accepts the pinned certificate, on every connection, and refuses any other', async context => {
    const peer = await securePeer(context, (_request, response) =>
      response.setHeader('connection', 'close').end('ok'),
    );
    const fingerprint = new X509Certificate(pair.cert).fingerprint256;
    for (const pinned of [fingerprint, fingerprint.replaceAll(':', '').toLowerCase()]) {
      const client = outbound(context, { caFile, fingerprint: pinned });
      for (let call = 0; call < 2; call += 1)
        assert.equal((await client.request({ method: 'GET', url: peer.url })).status, 200);
    }
    const wrong = outbound(context, { caFile, fingerprint: 'ab'.repeat(32) });
    await failure(wrong.request({ method: 'GET', url: peer.url }), 'tls', false);
    assert.equal(peer.seen.length, 4);
  });

  test('a peer that speaks no TLS is a failure of TLS', async context => {
    const peer = await plainPeer(context, (_request, response) => response.end());
    const url = peer.url.replace('http:', 'https:');
    await failure(outbound(context).request({ method: 'GET', url }), 'tls', false);
  });

  test('a useless authority file or fingerprint is refused when the client is made', () => {
    writeFileSync(join(folder, 'empty.pem'), 'nothing');
    assert.throws(
      () => createOutbound({ allowPrivate: true, caFile: join(folder, 'empty.pem') }),
      /holds no certificate/,
    );
    assert.throws(
      () => createOutbound({ allowPrivate: true, caFile: join(folder, 'missing.pem') }),
      /missing\.pem/,
    );
    assert.throws(() => createOutbound({ allowPrivate: true, fingerprint: 'abc' }), /64 hex digits/);
  });
});

describe('addresses', () => {
  test('of this machine and its neighbours are not connected to without leave, however they are written', async context => {
    const peer = await securePeer(context, (_request, response) => response.end());
    const client = outbound(context, { allowPrivate: false, caFile });
    const { port } = new URL(peer.url);
    const hosts = [
      '127.0.0.1',
      'localhost',
      'LOCALHOST',
      '[::1]',
      '[::ffff:7f00:1]',
      '0x7f.1',
      '2130706433',
      '0',
    ];
    const inside = [
      '10.0.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '192.168.0.1',
      '[fe80::1]',
      '[64:ff9b::7f00:1]',
    ];
    for (const host of [...hosts, ...inside]) {
      const url = `https://${host}:${port}/`;
      await failure(client.request({ method: 'GET', url }), 'forbidden_address', false);
    }
    assert.equal(peer.connections(), 0);
  });

  test('are reached in clear text only on loopback and only with leave', async context => {
    const peer = await plainPeer(context, (_request, response) => response.end('ok'));
    const open = outbound(context);
    const named = peer.url.replace('127.0.0.1', 'localhost');
    for (const url of [peer.url, named])
      assert.equal((await open.request({ method: 'GET', url })).status, 200);
    const strict = outbound(context, { allowPrivate: false });
    await failure(strict.request({ method: 'GET', url: peer.url }), 'forbidden_address', false);
    for (const url of ['http://example.invalid/', 'http://10.0.0.1/', 'http://127.0.0.1.example.invalid/'])
      await failure(open.request({ method: 'GET', url }), 'forbidden_address', false);
    assert.equal(peer.seen.length, 2);
  });

  test('that are no web addresses, or carry a password, are refused', async context => {
    const client = outbound(context);
    for (const url of [
      'file:///etc/passwd',
      'ftp://127.0.0.1/',
      'nonsense',
      '',
      'https://user:pass@127.0.0.1/',
    ])
      await failure(client.request({ method: 'GET', url }), 'forbidden_address', false);
  });

  test('where nobody listens are a connection that failed', async context => {
    const peer = await plainPeer(context, () => {});
    const error = await failure(
      outbound(context).request({ method: 'POST', url: 'http://127.0.0.1:1/applicants/4711?phone=420' }),
      'connect',
      false,
    );
    assert.equal(error.message, 'http://127.0.0.1:1: no connection (ECONNREFUSED)');
    assert.equal(peer.connections(), 0);
  });
});

describe('limits', () => {
  test('hold for an announced size and for one that only shows while it streams', async context => {
    let written = 0;
    const peer = await plainPeer(context, (request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': 5000 });
      const write = () => {
        for (let room = true; room && !response.destroyed; written += 1000)
          room = response.write('x'.repeat(1000));
      };
      response.on('drain', write);
      write();
    });
    for (const path of ['/announced', '/streaming']) {
      const call = outbound(context).request({ method: 'GET', url: peer.url + path, maxBytes: 4999 });
      await failure(call, 'too_large', true);
    }
    assert.ok(written < 50_000_000);
  });

  test('let an answer of exactly the allowed size pass', async context => {
    const peer = await plainPeer(context, (_request, response) => response.end('x'.repeat(5000)));
    const answer = await outbound(context).request({ method: 'GET', url: peer.url, maxBytes: 5000 });
    assert.equal(answer.body.length, 5000);
  });

  test('hold for headers', async context => {
    const peer = await plainPeer(context, (_request, response) =>
      response.setHeader('x-big', 'x'.repeat(40_000)).end(),
    );
    await failure(outbound(context).request({ method: 'GET', url: peer.url }), 'too_large', true);
  });

  test('of time cover a peer that never answers, one that never finishes, and one that never shakes hands', async context => {
    const silent = await plainPeer(context, (request, response) => {
      if (request.url === '/half') response.write('half');
    });
    for (const path of ['/', '/half']) {
      const call = outbound(context).request({ method: 'POST', url: silent.url + path, timeoutMs: 60 });
      await failure(call, 'timeout', true);
    }
    const mute = createTcpServer(socket => socket.on('error', () => {}).unref());
    await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve));
    context.after(() => mute.close());
    const client = outbound(context, { defaultTimeoutMs: 60 });
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`;
    await failure(client.request({ method: 'POST', url }), 'timeout', false);
  });

  test('a call still waiting for its turn cannot have acted', async context => {
    const peer = await plainPeer(context, () => {});
    const client = outbound(context, { connections: 1 });
    const first = client.request({ method: 'POST', url: peer.url, timeoutMs: 200 });
    const second = client.request({ method: 'POST', url: peer.url, timeoutMs: 60 });
    await failure(second, 'timeout', false);
    await failure(first, 'timeout', true);
    assert.equal(peer.seen.length, 1);
  });
});

describe('a broken connection', () => {
  test('after the request went out leaves open whether the peer acted, and nothing is repeated', async context => {
    const peer = await plainPeer(context, request => request.socket.destroy());
    for (const method of ['GET', 'POST'] as const)
      await failure(outbound(context).request({ method, url: peer.url }), 'cut', true);
    assert.equal(peer.seen.length, 2);
  });

  test('in the middle of the body is no answer', async context => {
    const peer = await plainPeer(context, (request, response) => {
      response.writeHead(200, request.url === '/sized' ? { 'content-length': 100 } : {});
      response.write('begin', () => request.socket.destroy());
    });
    for (const path of ['/sized', '/chunked'])
      await failure(outbound(context).request({ method: 'GET', url: peer.url + path }), 'cut', true);
  });

  test('or an answer that is no HTTP has a message without path, query and body', async context => {
    const peer = await plainPeer(context, request =>
      request.socket.end('HTTP/1.1 200 OK\r\nbad header\r\n\r\n'),
    );
    const url = `${peer.url}/v3.6/applicants/4711?email=a@example.org`;
    const error = await failure(
      outbound(context).request({ method: 'POST', url, body: '+420777' }),
      'cut',
      true,
    );
    assert.doesNotMatch(`${error.message} ${error.cause}`, /4711|email|applicants|420777/);
    assert.ok(error.message.startsWith(`${peer.url}: `));
  });
});

describe('giving up', () => {
  test('before the call means nothing is sent', async context => {
    const peer = await plainPeer(context, (_request, response) => response.end());
    const call = outbound(context).request({ method: 'POST', url: peer.url, signal: AbortSignal.abort() });
    await failure(call, 'aborted', false);
    assert.equal(peer.connections(), 0);
  });

  test('during the call cuts the connection', async context => {
    const given = new AbortController();
    let sawClose = () => {};
    const gone = new Promise<void>(resolve => {
      sawClose = resolve;
    });
    const peer = await plainPeer(context, request => {
      request.socket.on('close', sawClose);
      given.abort();
    });
    const call = outbound(context).request({ method: 'POST', url: peer.url, signal: given.signal });
    await failure(call, 'aborted', true);
    await gone;
  });

  test('a header that cannot be sent is an error of the call, not of the process', async context => {
    const peer = await plainPeer(context, (_request, response) => response.end());
    const headers = { 'x-bad': 'a\r\nb: c' };
    await failure(outbound(context).request({ method: 'GET', url: peer.url, headers }), 'connect', false);
    assert.equal(peer.seen.length, 0);
  });
});

test('closing waits for open calls and refuses new ones', async context => {
  let reached = (_response: ServerResponse) => {};
  const arrived = new Promise<ServerResponse>(resolve => {
    reached = resolve;
  });
  const peer = await plainPeer(context, (_request, response) => reached(response));
  const client = createOutbound({ allowPrivate: true });
  const open = client.request({ method: 'GET', url: peer.url });
  const response = await arrived;
  const closing = client.close();
  await failure(client.request({ method: 'POST', url: peer.url }), 'aborted', false);
  response.end('done');
  assert.equal((await open).body.toString(), 'done');
  await closing;
  assert.equal(peer.seen.length, 1);
});
