import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { createListener } from '../../src/http/server.js';
import { systemClock } from '../../src/runtime/clock.js';
import { silentLog } from '../../src/runtime/log.js';
import { createSelfSigned } from '../../src/tls/self-signed.js';
import type { CertificatePair, TlsSource } from '../../src/tls/tls-source.js';
import { freePort } from '../support/free-port.js';
import { withoutProgram } from '../support/skips.js';
import { makePair } from '../tls/pairs.js';
import { limits } from './build-listener.js';
import { portOf } from './raw-client.js';

const shipped = fileURLToPath(new URL('../../../deploy/nginx/gatehouse.conf', import.meta.url));
const webhook = '/server/serverapi/apiv1/identity-check/onfidowh/1';

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('the shipped nginx file', { skip: withoutProgram('nginx') }, () => {
  let folder: string;
  let front: CertificatePair;
  let backend: FastifyInstance;
  let source: TlsSource;
  let nginx: ChildProcess;
  let sitePort: number;
  let hookPort: number;
  let reached: string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-nginx-'));
    front = await makePair('kyc.example.net');
    source = await createSelfSigned({
      dataDir: folder,
      hostname: 'kyc.example.net',
      clock: systemClock,
      log: silentLog,
    });
    backend = await startBackend(source, url => reached.push(url));
    [sitePort, hookPort] = [await freePort(), await freePort()];
    nginx = await startNginx(folder, front, { site: sitePort, hook: hookPort, backend: portOf(backend) });
  });
  after(async () => {
    const ended = new Promise(resolve => nginx.once('exit', resolve));
    nginx.kill('SIGTERM');
    await ended;
    source.close();
    await backend.close();
    rmSync(folder, { recursive: true });
  });

  function call(
    port: number,
    path: string,
    options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
  ) {
    return new Promise<Reply>((resolve, reject) => {
      const target = {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        agent: false as const,
      };
      const headers = { host: 'kyc.example.net', ...options.headers };
      const trust = { servername: 'kyc.example.net', ca: front.cert };
      const sent = request({ ...target, ...trust, headers }, response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      });
      sent.on('error', reject);
      sent.end(options.body);
    });
  }

  test('hands a delivery over byte for byte', async () => {
    for (const size of [0, 1, 300, 900_000]) {
      const body = Buffer.concat([Buffer.from('{"a" : "\u00e9\\u0000"}\r\n '), randomBytes(size)]);
      const signed = { 'content-type': 'application/json', 'x-sha2-signature': 'ab12' };
      const reply = await call(hookPort, webhook, { method: 'POST', headers: signed, body });
      assert.equal(reply.status, 200);
      const seen = JSON.parse(reply.body);
      assert.equal(seen.sha256, createHash('sha256').update(body).digest('hex'));
      assert.equal(seen.headers['x-sha2-signature'], 'ab12');
    }
  });

  test('tells the true caller and drops what strangers claim', async () => {
    const claims = {
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      'x-real-ip': '198.51.100.7',
      forwarded: 'for=198.51.100.7',
      'x-request-id': 'claimed-by-a-stranger',
    };
    const reply = await call(sitePort, '/v/abc?lang=cs', { headers: claims });
    const seen = JSON.parse(reply.body);
    assert.deepEqual(
      [seen.ip, seen.host, seen.protocol, seen.url],
      ['127.0.0.1', 'kyc.example.net', 'https', '/v/abc?lang=cs'],
    );
    assert.equal(seen.headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(seen.headers.forwarded, undefined);
    assert.equal(seen.headers['x-real-ip'], undefined);
    assert.match(seen.id, /^[0-9a-f]{32}$/);
    assert.equal(reply.headers['x-request-id'], seen.id);
    assert.equal(reply.headers['strict-transport-security'], 'max-age=31536000');
    assert.doesNotMatch(String(reply.headers.server), /\d/);
  });

  test('forwards the public paths and nothing else', async () => {
    const open = [
      ...[
        '/',
        '/?a=0a1b&lang=en',
        '/v/abc',
        '/v/abc/status',
        '/sms/status',
        '/onfido/callback',
        '/jumio/callback',
        '/persona/callback',
      ],
      ...['/serverapi/apiv1/identity-check/onfidowh', '/serverapi/apiv1/identity-check/onfidowh/1', webhook],
      ...[
        '/serverapi/apiv1/identity-check/submit/0a1b',
        '/server/serverapi/apiv1/identity-check/submit/0a1b',
      ],
      ...['/verification/register', '/verification/token/0a1b', '/verification/submit/0a1b'],
    ];
    for (const path of open) assert.equal((await call(sitePort, path)).status, 200, path);
    reached = [];
    const shut = [
      ...[
        '/healthz',
        '/readyz',
        '/metrics',
        '/api/v1/registrations',
        '/onfido/initiate',
        '/onfido/validate',
        '/v',
        '/server',
      ],
      ...[
        '/onfido/callback/x',
        '/xonfido/callback',
        '/v/../healthz',
        '/v/%2e%2e/healthz',
        '/verification/',
        '/sms/status/x',
      ],
      ...[
        '/serverapi/apiv1/identity-check/',
        '/serverapi/apiv1/identity-check/submit/a/b',
        '/server/v/abc',
        '/.env',
      ],
    ];
    for (const path of shut) {
      const reply = await call(sitePort, path);
      assert.deepEqual([reply.status, JSON.parse(reply.body).error.code], [404, 'not_found'], path);
    }
    assert.deepEqual(reached, []);
  });

  test('refuses a body beyond the limit in the common form', async () => {
    const body = Buffer.alloc(2 * 1024 * 1024 + 1);
    const reply = await call(hookPort, webhook, { method: 'POST', body }).catch(() => undefined);
    // the refusal may overtake the upload, and the connection then breaks before it is read
    if (reply) assert.deepEqual([reply.status, JSON.parse(reply.body).error.code], [413, 'body_too_large']);
  });

  /** NGINX logs a request after it answered it: its access log, once the last line of it is what it should be. */
  async function logOnce(last: RegExp): Promise<string> {
    for (let tries = 0; ; tries++) {
      const text = readFileSync(join(folder, 'access.log'), 'utf8');
      if (last.test(text.trim().split('\n').at(-1) ?? '') || tries === 1_000) return text;
      await pause(5);
    }
  }

  test('logs neither links nor ids nor queries nor addresses', async () => {
    await call(sitePort, '/v/q3Zk9xSecret?lang=cs');
    await call(sitePort, '/serverapi/apiv1/identity-check/submit/q3Zk9xSecret');
    await call(sitePort, '/nowhere/q3Zk9xSecret');
    const access = await logOnce(/"\(none\)"/);
    const routes = access
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).route as string);
    assert.deepEqual(routes.slice(-3), ['/v/', 'submit', '(none)']);
    assert.doesNotMatch(
      access + readFileSync(join(folder, 'error.log'), 'utf8'),
      /q3Zk9xSecret|lang=|127\.0\.0\.1/,
    );
  });

  test('speaks to nobody but Gatehouse: another certificate behind it is an outage, not a delivery', async () => {
    const impostor = await makePair('localhost');
    const seen: string[] = [];
    const other = await startBackend({ context: () => impostor, onChange: () => {}, close: () => {} }, url =>
      seen.push(url),
    );
    const second = mkdtempSync(join(tmpdir(), 'gatehouse-nginx-'));
    mkdirSync(join(second, 'tls'));
    writeFileSync(join(second, 'tls', 'self-signed.crt'), source.context().cert);
    const [site, hook] = [await freePort(), await freePort()];
    const wrong = await startNginx(second, front, { site, hook, backend: portOf(other) });
    const reply = await call(hook, webhook, { method: 'POST', body: Buffer.from('{}') });
    assert.deepEqual(
      [reply.status, JSON.parse(reply.body).error.code, reply.headers['retry-after']],
      [503, 'unavailable', '5'],
    );
    assert.deepEqual(seen, []);
    const ended = new Promise(resolve => wrong.once('exit', resolve));
    wrong.kill('SIGTERM');
    await ended;
    await other.close();
    rmSync(second, { recursive: true });
  });
});

/** A listener that repeats what reaches it, on any path. */
async function startBackend(tls: TlsSource, onRequest: (url: string) => void): Promise<FastifyInstance> {
  const app = createListener({ name: 'public', log: silentLog, limits, tls, trustedProxies: ['127.0.0.1'] });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 2_000_000 }, (_request, body, done) =>
    done(null, body),
  );
  app.all('/*', { bodyLimit: 2_000_000 }, async ({ body, headers, ip, host, protocol, id, url }) => {
    onRequest(url);
    const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    return { sha256: createHash('sha256').update(raw).digest('hex'), headers, ip, host, protocol, id, url };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return app;
}

/** The shipped file with ports and paths of this machine; everything else in it is as an operator gets it. */
function derive(folder: string, ports: { site: number; hook: number; backend: number }): string {
  const replacements: [string, string][] = [
    ['listen 443 ssl;', `listen 127.0.0.1:${ports.site} ssl;`],
    ['listen 8743 ssl;', `listen 127.0.0.1:${ports.hook} ssl;`],
    ['server 127.0.0.1:7743;', `server 127.0.0.1:${ports.backend};`],
    ['/etc/letsencrypt/live/kyc.example.net/fullchain.pem', join(folder, 'front.crt')],
    ['/etc/letsencrypt/live/kyc.example.net/privkey.pem', join(folder, 'front.key')],
    ['/var/lib/gatehouse/tls/self-signed.crt', join(folder, 'tls', 'self-signed.crt')],
    ['/var/log/nginx/gatehouse.log', join(folder, 'access.log')],
    ['/var/log/nginx/gatehouse-error.log', join(folder, 'error.log')],
  ];
  return replacements.reduce(
    (text, [from, to]) => {
      assert.ok(text.includes(from), `the shipped file no longer contains "${from}"`);
      return text.replace(from, to);
    },
    readFileSync(shipped, 'utf8'),
  );
}

async function startNginx(
  folder: string,
  front: CertificatePair,
  ports: { site: number; hook: number; backend: number },
): Promise<ChildProcess> {
  writeFileSync(join(folder, 'front.crt'), front.cert);
  writeFileSync(join(folder, 'front.key'), front.key);
  writeFileSync(join(folder, 'gatehouse.conf'), derive(folder, ports));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${folder}/${name};`,
  );
  const main = [
    ...['daemon off;', 'master_process off;', `pid ${folder}/nginx.pid;`, 'events {}'],
    `http { ${temporary.join(' ')} include ${folder}/gatehouse.conf; }`,
  ];
  writeFileSync(join(folder, 'nginx.conf'), main.join('\n'));
  const child = spawn(
    'nginx',
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'start.log')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let complaints = '';
  child.stderr.on('data', chunk => {
    complaints += chunk;
  });
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('exit', code => reject(new Error(`nginx ended with ${code}: ${complaints}`)));
    child.once('error', reject);
  });
  failed.catch(() => {});
  await Promise.race([answering(ports.hook), failed]);
  return child;
}

async function answering(port: number): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
