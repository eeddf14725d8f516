import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { createListener } from '../../src/http/server.js';
import { silentLog } from '../../src/runtime/log.js';
import { makePair } from '../tls/pairs.js';
import { limits, startListener, testTls } from './build-listener.js';
import { exchange, open, parseAnswer, portOf, type RawAnswer, readAll } from './raw-client.js';

const close = 'Host: kyc.example.net\r\nConnection: close\r\n\r\n';

function codeOf(body: string): string {
  const parsed = JSON.parse(body) as { error: { code: string; message: string } };
  assert.deepEqual(Object.keys(parsed), ['error']);
  assert.ok(parsed.error.message.length > 0);
  return parsed.error.code;
}

function echoRoutes(app: FastifyInstance): void {
  app.get('/v/:linkId', async request => ({
    ip: request.ip,
    host: request.host,
    id: request.id,
    url: request.url,
  }));
  app.post('/v/:linkId', async request => ({ body: request.body }));
}

describe('the public listener', () => {
  test('answers over TLS with the headers of a careful server', async context => {
    const { app } = await startListener(context, echoRoutes, { tls: await testTls() });
    const answer = await exchange(app, true, `GET /v/abc HTTP/1.1\r\n${close}`);
    assert.equal(answer.status, 200);
    const { headers } = answer;
    assert.equal(headers['strict-transport-security'], 'max-age=31536000');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'strict-origin-when-cross-origin');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.match(headers['content-security-policy'] ?? '', /^default-src 'none';/);
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(headers['x-request-id'] ?? '', /^[0-9a-f]{12}-[0-9a-z]+$/);
    assert.equal(headers['x-powered-by'], undefined);
    assert.equal(headers.server, undefined);
  });

  test('lets a route set its own headers, and takes them back for an error', async context => {
    const routes = (app: FastifyInstance) => {
      app.get('/page', async (request, reply) => {
        reply.header('content-security-policy', "script-src 'self'").header('cache-control', 'max-age=60');
        if ('fail' in (request.query as object)) throw new Error('oops');
        return 'page';
      });
    };
    const { app } = await startListener(context, routes);
    const page = await exchange(app, false, `GET /page HTTP/1.1\r\n${close}`);
    assert.deepEqual(
      [page.headers['content-security-policy'], page.headers['cache-control']],
      ["script-src 'self'", 'max-age=60'],
    );
    assert.equal(page.headers['strict-transport-security'], undefined);
    const failed = await exchange(app, false, `GET /page?fail=1 HTTP/1.1\r\n${close}`);
    assert.match(failed.headers['content-security-policy'] ?? '', /^default-src 'none'/);
    assert.equal(failed.headers['cache-control'], 'no-store');
  });

  test('speaks TLS 1.2 and 1.3 and nothing older', async context => {
    const { app } = await startListener(context, echoRoutes, { tls: await testTls() });
    const handshake = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string>(resolve => {
        const socket = connect({
          ...{
            port: portOf(app),
            host: '127.0.0.1',
            rejectUnauthorized: false,
            ciphers: 'DEFAULT@SECLEVEL=0',
          },
          ...{ minVersion: version, maxVersion: version },
        });
        socket.on('secureConnect', () => {
          resolve(socket.getProtocol() ?? '');
          socket.destroy();
        });
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      });
    assert.equal(await handshake('TLSv1.2'), 'TLSv1.2');
    assert.equal(await handshake('TLSv1.3'), 'TLSv1.3');
    assert.match(await handshake('TLSv1.1'), /ALERT_PROTOCOL_VERSION/);
  });

  test('takes up a new certificate while old connections live on', async context => {
    const tls = await testTls();
    const { app } = await startListener(context, echoRoutes, { tls });
    const before = await open(app, true);
    const old = (before as import('node:tls').TLSSocket).getPeerCertificate().fingerprint256;
    tls.replace(await makePair('localhost'));
    const later = await open(app, true);
    assert.notEqual((later as import('node:tls').TLSSocket).getPeerCertificate().fingerprint256, old);
    later.destroy();
    before.write(`GET /v/abc HTTP/1.1\r\n${close}`);
    assert.equal(parseAnswer(await readAll(before)).status, 200);
  });

  test('answers 404 for everything it does not serve, without saying what it knows', async context => {
    const { app } = await startListener(context, echoRoutes);
    const lines = [
      'GET /',
      'GET /V/abc',
      'GET /v/abc/',
      'GET //v/abc',
      'DELETE /v/abc',
      'OPTIONS *',
      'PROPFIND /v/abc',
      'GET /healthz',
    ];
    for (const line of lines) {
      const answer = await exchange(app, false, `${line} HTTP/1.1\r\n${close}`);
      assert.deepEqual(
        [answer.status, codeOf(answer.body), answer.headers.allow],
        [404, 'not_found', undefined],
        line,
      );
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    }
    const long = await exchange(app, false, `GET /v/${'a'.repeat(500)} HTTP/1.1\r\n${close}`);
    assert.deepEqual([long.status, codeOf(long.body)], [404, 'not_found']);
  });
});

test('the private listener names the methods a known path takes', async context => {
  const { app } = await startListener(context, echoRoutes, { name: 'private', tls: await testTls() });
  const answer = await exchange(app, true, `DELETE /v/abc?x=1 HTTP/1.1\r\n${close}`);
  assert.deepEqual([answer.status, codeOf(answer.body)], [405, 'method_not_allowed']);
  assert.equal(answer.headers.allow, 'GET, HEAD, POST');
  assert.equal(answer.headers['strict-transport-security'], undefined);
  const unknown = await exchange(app, true, `GET /v/abc/def HTTP/1.1\r\n${close}`);
  assert.equal(unknown.status, 404);
});

describe('hostile requests', () => {
  test('with a malformed path get 400 in the common form', async context => {
    const { app, captured } = await startListener(context, echoRoutes);
    const answer = await exchange(app, false, `GET /v/%zz HTTP/1.1\r\n${close}`);
    assert.deepEqual([answer.status, codeOf(answer.body)], [400, 'url_invalid']);
    assert.equal(answer.headers['x-frame-options'], 'DENY');
    assert.ok(captured.entries().some(entry => entry.route === '(malformed)' && entry.status === 400));
    assert.doesNotMatch(captured.text() + answer.body, /zz/);
  });

  test('in absolute form mean the path and never another host', async context => {
    const { app } = await startListener(context, echoRoutes);
    const answer = await exchange(app, false, `GET http://evil.example/v/abc HTTP/1.1\r\n${close}`);
    assert.equal(answer.status, 200);
    assert.deepEqual(JSON.parse(answer.body).url, '/v/abc');
    const root = await exchange(app, false, `GET http://evil.example HTTP/1.1\r\n${close}`);
    assert.equal(root.status, 404);
  });

  test('for a tunnel, without a host, or that are no HTTP are refused in the common form', async context => {
    const { app, captured } = await startListener(context, echoRoutes);
    const cases: [string, number, string][] = [
      [`CONNECT evil.example:443 HTTP/1.1\r\n${close}`, 405, 'method_not_allowed'],
      ['GET /v/abc HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'request_invalid'],
      ['nonsense\r\n\r\n', 400, 'request_invalid'],
      [
        `POST /v/abc HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n${close}`,
        400,
        'request_invalid',
      ],
      [`POST /v/abc HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n${close}`, 400, 'request_invalid'],
      [`GET /v/abc HTTP/1.1\r\nX-Big: ${'x'.repeat(20_000)}\r\n${close}`, 431, 'headers_too_large'],
      [`GET /v/${'x'.repeat(20_000)} HTTP/1.1\r\n${close}`, 431, 'headers_too_large'],
    ];
    for (const [bytes, status, code] of cases) {
      const answer = await exchange(app, false, bytes);
      assert.deepEqual([answer.status, codeOf(answer.body)], [status, code], bytes.slice(0, 60));
    }
    assert.ok(!captured.entries().some(entry => entry.level === 'error' || entry.level === 'warn'));
  });

  test('that trickle in are ended when their time is over, headers and body alike, also inside TLS', async context => {
    const quick = { ...limits, headersMs: 100, requestMs: 200 };
    const tls = await testTls();
    const { app } = await startListener(context, echoRoutes, { limits: quick, tls });
    const cases = [
      'GET /v/abc HTTP/1.1\r\nHost: a\r\nX-Slow: ',
      'POST /v/abc HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":',
    ];
    for (const bytes of cases) {
      const answer = await exchange(app, true, bytes);
      assert.deepEqual([answer.status, codeOf(answer.body)], [408, 'request_timeout']);
    }
    const { connect: connectPlain } = await import('node:net');
    const mute = connectPlain(portOf(app), '127.0.0.1');
    // a peer that never begins the handshake
    assert.equal(await readAll(mute), '');
  });

  test('with a body that is too large, of a foreign type, or no JSON are told so', async context => {
    const { app } = await startListener(context, echoRoutes);
    const post = (type: string, body: string) =>
      exchange(
        app,
        false,
        `POST /v/abc HTTP/1.1\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n${close}${body}`,
      );
    const cases: [string, string, number, string][] = [
      ['application/json', JSON.stringify('x'.repeat(1000)), 413, 'body_too_large'],
      ['text/plain', 'hello', 415, 'media_type_unsupported'],
      ['application/xml', '<a/>', 415, 'media_type_unsupported'],
      ['application/json', '{"a":', 400, 'body_invalid'],
      ['application/json', '', 400, 'body_invalid'],
      ['application/json', '{"__proto__":{"admin":true}}', 400, 'body_invalid'],
      ['application/json', '{"constructor":{"prototype":{"a":1}}}', 400, 'body_invalid'],
    ];
    for (const [type, body, status, code] of cases) {
      const answer = await post(type, body);
      assert.deepEqual([answer.status, codeOf(answer.body)], [status, code], `${type} ${body.slice(0, 20)}`);
    }
    const chunk = 'x'.repeat(600);
    const chunked = `POST /v/abc HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n${close}`;
    const streamed = await exchange(app, false, `${chunked}258\r\n${chunk}\r\n258\r\n${chunk}\r\n0\r\n\r\n`);
    assert.deepEqual([streamed.status, codeOf(streamed.body)], [413, 'body_too_large']);
  });
});

describe('proxy headers', () => {
  const forwarded =
    'X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Host: other.example\r\nX-Request-Id: from-the-proxy-1\r\n';

  test('are believed from nobody by default', async context => {
    const { app } = await startListener(context, echoRoutes);
    const answer = await exchange(app, false, `GET /v/abc HTTP/1.1\r\n${forwarded}${close}`);
    const { ip, host, id } = JSON.parse(answer.body);
    assert.deepEqual([ip, host], ['127.0.0.1', 'kyc.example.net']);
    assert.notEqual(id, 'from-the-proxy-1');
    assert.equal(answer.headers['x-request-id'], id);
  });

  test('are believed from a configured proxy, as far as they make sense', async context => {
    const { app } = await startListener(context, echoRoutes, { trustedProxies: ['127.0.0.0/8'] });
    const answer = await exchange(app, false, `GET /v/abc HTTP/1.1\r\n${forwarded}${close}`);
    const { ip, id } = JSON.parse(answer.body);
    assert.deepEqual([ip, id], ['203.0.113.9', 'from-the-proxy-1']);
    const forged = forwarded
      .replace('203.0.113.9', '198.51.100.1, 203.0.113.9')
      .replace('from-the-proxy-1', 'bad id"}');
    const second = await exchange(app, false, `GET /v/abc HTTP/1.1\r\n${forged}${close}`);
    assert.equal(JSON.parse(second.body).ip, '203.0.113.9');
    assert.match(JSON.parse(second.body).id, /^[0-9a-f]{12}-[0-9a-z]+$/);
  });

  test('a proxy list with a mistake stops the start', () => {
    const options = { name: 'public', log: silentLog, limits, trustedProxies: ['nginx'] } as const;
    assert.throws(() => createListener(options), /"nginx" is neither/);
  });
});

describe('the access log', () => {
  test('has the pattern of the route and never the URL, the query or the caller', async context => {
    const { app, captured } = await startListener(context, echoRoutes);
    const answer = await exchange(app, false, `GET /v/q3Zk9x?lang=cs HTTP/1.1\r\n${close}`);
    await exchange(app, false, `GET /nothing/q3Zk9x HTTP/1.1\r\n${close}`);
    const lines = captured.entries().filter(entry => entry.message === 'request');
    assert.deepEqual(
      lines.map(({ level, listener, method, route, status, requestId }) => [
        level,
        listener,
        method,
        route,
        status,
        requestId,
      ]),
      [
        ['info', 'public', 'GET', '/v/:linkId', 200, answer.headers['x-request-id']],
        ['info', 'public', 'GET', '(none)', 404, lines[1]?.requestId],
      ],
    );
    assert.equal(typeof lines[0]?.ms, 'number');
    assert.doesNotMatch(captured.text(), /q3Zk9x|lang/);
    const addressed = captured.entries().filter(entry => JSON.stringify(entry).includes('127.0.0.1'));
    assert.deepEqual([...new Set(addressed.map(entry => entry.level))], ['debug']);
  });

  test('has a caller who leaves before the answer', async context => {
    let left = () => {};
    const gone = new Promise<void>(resolve => {
      left = resolve;
    });
    const routes = (app: FastifyInstance) => {
      app.get('/slow', async request => {
        await new Promise(resolve => request.raw.once('close', resolve));
        left();
        return 'late';
      });
    };
    const { app, captured } = await startListener(context, routes);
    const socket = await open(app, false);
    socket.write(`GET /slow HTTP/1.1\r\n${close}`);
    await new Promise(resolve => app.server.once('request', resolve));
    socket.destroy();
    await gone;
    await new Promise(resolve => setImmediate(resolve));
    assert.ok(captured.messages().includes('request given up by the caller'));
    assert.ok(!captured.entries().some(entry => entry.level === 'error'));
  });
});

describe('closing', () => {
  test('lets what runs finish, refuses what comes, and ends idle connections', async context => {
    let release = () => {};
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    let arrived = () => {};
    const running = new Promise<void>(resolve => {
      arrived = resolve;
    });
    const routes = (app: FastifyInstance) => {
      app.get('/slow', async () => {
        arrived();
        await released;
        return 'finished';
      });
    };
    const { app } = await startListener(context, routes, { tls: await testTls() });
    const idle = await open(app, true);
    const idleEnd = readAll(idle);
    const busy = await open(app, true);
    busy.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
    const busyEnd = readAll(busy);
    await running;
    const { port } = app.server.address() as { port: number };
    const closed = app.close();
    assert.equal(await idleEnd, '');
    const late = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const refusal = await new Promise<NodeJS.ErrnoException>(resolve => late.once('error', resolve));
    assert.equal(refusal.code, 'ECONNREFUSED');
    release();
    const answer = parseAnswer(await busyEnd);
    assert.deepEqual([answer.status, answer.body, answer.headers.connection], [200, 'finished', 'close']);
    await closed;
  });

  test('answers 503 to a request that follows on a busy connection meanwhile', async context => {
    let release = () => {};
    const routes = (app: FastifyInstance) => {
      app.get('/slow', async () => {
        await new Promise<void>(resolve => {
          release = resolve;
        });
        return 'finished';
      });
      app.get('/next', async () => 'too late');
    };
    const { app } = await startListener(context, routes);
    const socket = await open(app, false);
    const begun = new Promise(resolve => app.server.once('request', resolve));
    socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
    const answers = readAll(socket);
    await begun;
    const closed = app.close();
    await new Promise(resolve => setImmediate(resolve));
    const followed = new Promise(resolve => app.server.once('request', resolve));
    socket.write('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
    await followed;
    release();
    const text = await answers;
    assert.match(text, /^HTTP\/1\.1 200 [\s\S]*finished/);
    assert.doesNotMatch(text, /too late/);
    await closed;
  });

  test('answers 503 to whoever comes while it is about to stop', async context => {
    const answers: RawAnswer[] = [];
    const routes = (app: FastifyInstance) => {
      echoRoutes(app);
      // an event stream's owner says goodbye here, so the listener may stand like this for a moment
      app.addHook('preClose', async () => {
        answers.push(await exchange(app, false, 'GET /v/abc HTTP/1.1\r\nHost: a\r\n\r\n'));
      });
    };
    const { app } = await startListener(context, routes);
    await app.close();
    const { status, headers, body } = answers[0] ?? assert.fail('no answer');
    assert.deepEqual([status, codeOf(body)], [503, 'shutting_down']);
    assert.deepEqual([headers['retry-after'], headers.connection], ['5', 'close']);
  });

  test('does not wait for a peer that connected and never began to speak', async context => {
    const { connect: connectPlain } = await import('node:net');
    const { app } = await startListener(context, echoRoutes, { tls: await testTls() });
    const accepted = new Promise(resolve => app.server.once('connection', resolve));
    const end = readAll(connectPlain(portOf(app), '127.0.0.1'));
    await accepted;
    await app.close();
    assert.equal(await end, '');
  });

  test('cuts off what has not finished at the limit', async context => {
    const routes = (app: FastifyInstance) => {
      app.get('/never', () => new Promise(() => {}));
    };
    const { app, captured } = await startListener(context, routes, { limits: { ...limits, shutdownMs: 30 } });
    const socket = await open(app, false);
    const begun = new Promise(resolve => app.server.once('request', resolve));
    socket.write('GET /never HTTP/1.1\r\nHost: a\r\n\r\n');
    const end = readAll(socket);
    await begun;
    await app.close();
    assert.equal(await end, '');
    assert.ok(captured.messages().some(message => message.includes('cut off')));
  });
});
