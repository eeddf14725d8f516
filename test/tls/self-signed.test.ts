import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { promisify } from 'node:util';
import { createSelfSigned } from '../../src/tls/self-signed.js';
import { captureLog } from '../runtime/captured-log.js';
import { TestClock } from '../support/clock.js';
import { withoutProgram } from '../support/skips.js';

const run = promisify(execFile);
const day = 86_400_000;
let dataDir: string;
let clock: TestClock;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-tls-'));
  clock = new TestClock(Date.now());
});
afterEach(() => rmSync(dataDir, { recursive: true }));

async function opened(hostname = 'kyc.example.net') {
  const captured = captureLog();
  const source = await createSelfSigned({ dataDir, hostname, clock, log: captured.log });
  return { source, captured, certificate: new X509Certificate(source.context().cert) };
}

test('the certificate is ECDSA P-256, carries the hostname and localhost, and lives 825 days', async () => {
  const { certificate, source } = await opened();
  source.close();
  assert.equal(certificate.publicKey.asymmetricKeyType, 'ec');
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  for (const name of ['kyc.example.net', 'localhost']) assert.equal(certificate.checkHost(name), name);
  for (const address of ['127.0.0.1', '::1']) assert.ok(certificate.checkIP(address), address);
  assert.equal(certificate.checkHost('other.example.net'), undefined);
  assert.equal(certificate.ca, false);
  const life = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
  assert.ok(Math.abs(life - 825 * day) < 2000);
  assert.ok(Date.parse(certificate.validFrom) <= clock.now());
});

test("the folder and the key are nobody else's", async () => {
  const { source } = await opened();
  source.close();
  const modeOf = (path: string) => statSync(join(dataDir, path)).mode & 0o777;
  assert.deepEqual([modeOf('tls'), modeOf('tls/self-signed.key')], [0o700, 0o600]);
  assert.deepEqual(readdirSync(join(dataDir, 'tls')).sort(), ['self-signed.crt', 'self-signed.key']);
});

test('openssl verifies it and a handshake with it', { skip: withoutProgram('openssl') }, async () => {
  const { source } = await opened();
  source.close();
  const file = join(dataDir, 'tls', 'self-signed.crt');
  const { stdout } = await run('openssl', [
    ...['verify', '-purpose', 'sslserver', '-verify_hostname', 'kyc.example.net', '-CAfile', file, file],
  ]);
  assert.match(stdout, /: OK/);
  const text = (await run('openssl', ['x509', '-in', file, '-noout', '-text'])).stdout;
  assert.match(text, /Signature Algorithm: ecdsa-with-SHA256/);
  assert.match(text, /TLS Web Server Authentication/);
  const server = createServer(source.context(), socket => socket.end('hello'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = connect({
    port,
    host: '127.0.0.1',
    servername: 'kyc.example.net',
    ca: source.context().cert,
  });
  await new Promise((resolve, reject) => client.once('secureConnect', resolve).once('error', reject));
  assert.equal(client.authorized, true);
  client.destroy();
  server.close();
});

test('a restart keeps the pair', async () => {
  const first = await opened();
  first.source.close();
  const second = await opened();
  second.source.close();
  assert.deepEqual(second.source.context(), first.source.context());
  assert.equal(second.captured.messages().length, 0);
});

test('another hostname, a damaged pair or a short remainder makes a new pair, and says so', async () => {
  const first = await opened();
  first.source.close();
  const renamed = await opened('verify.example.net');
  renamed.source.close();
  assert.equal(renamed.certificate.checkHost('verify.example.net'), 'verify.example.net');
  assert.equal(renamed.certificate.checkHost('kyc.example.net'), undefined);
  assert.match(renamed.captured.messages()[0] ?? '', /made a self-signed certificate/);

  writeFileSync(join(dataDir, 'tls', 'self-signed.key'), first.source.context().key);
  const mended = await opened('verify.example.net');
  mended.source.close();
  assert.notEqual(mended.source.context().cert, renamed.source.context().cert);

  clock.advance(793 * day);
  const kept = await opened('verify.example.net');
  kept.source.close();
  assert.deepEqual(kept.source.context(), mended.source.context());
  clock.advance(2 * day);
  const renewed = await opened('verify.example.net');
  renewed.source.close();
  assert.notEqual(renewed.source.context().cert, kept.source.context().cert);
  assert.equal(readFileSync(join(dataDir, 'tls', 'self-signed.crt'), 'utf8'), renewed.source.context().cert);
});

test('a box that is never restarted renews by itself and tells the listener', async () => {
  const { source } = await opened();
  const old = source.context();
  const changed = new Promise<void>(resolve => source.onChange(resolve));
  clock.advance(796 * day);
  await changed;
  assert.notEqual(source.context().cert, old.cert);
  source.close();
});

test('an address for a hostname becomes an address in the certificate', async () => {
  const { certificate, source } = await opened('192.0.2.10');
  source.close();
  assert.equal(certificate.checkIP('192.0.2.10'), '192.0.2.10');
  assert.equal((await opened('192.0.2.10')).source.context().cert, source.context().cert);
});
