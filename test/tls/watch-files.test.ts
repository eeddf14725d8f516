import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, beforeEach, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { openTls } from '../../src/tls/open-tls.js';
import type { CertificatePair } from '../../src/tls/tls-source.js';
import { startListener } from '../http/build-listener.js';
import { open, parseAnswer, readAll } from '../http/raw-client.js';
import { captureLog } from '../runtime/captured-log.js';
import { TestClock } from '../support/clock.js';
import { makePair } from './pairs.js';

let first: CertificatePair;
let second: CertificatePair;
let folder: string;
let certificate: string;
let key: string;
let clock: TestClock;

before(async () => {
  [first, second] = await Promise.all([makePair('kyc.example.net'), makePair('kyc.example.net')]);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-files-'));
  certificate = join(folder, 'fullchain.pem');
  key = join(folder, 'privkey.pem');
  clock = new TestClock(Date.now());
  write(first);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(pair: CertificatePair): void {
  writeFileSync(certificate, pair.cert);
  writeFileSync(key, pair.key);
}

async function opened() {
  const captured = captureLog();
  const surroundings = { dataDir: folder, hostname: 'kyc.example.net', clock, log: captured.log };
  const source = await openTls({ mode: 'files', certificate, key }, surroundings);
  let changes = 0;
  source.onChange(() => {
    changes += 1;
  });
  return { source, captured, changes: () => changes };
}

test('a replaced pair is served within half a minute, and connections from before live on', async context => {
  const { source, captured } = await opened();
  const { app } = await startListener(context, routes => void routes.get('/', async () => 'ok'), {
    tls: source,
  });
  const early = (await open(app, true)) as TLSSocket;
  write(second);
  clock.advance(30_000);
  const late = (await open(app, true)) as TLSSocket;
  assert.notEqual(late.getPeerCertificate().fingerprint256, early.getPeerCertificate().fingerprint256);
  late.destroy();
  early.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.equal(parseAnswer(await readAll(early)).body, 'ok');
  assert.deepEqual(captured.messages(), ['the certificate was replaced']);
  source.close();
});

test('a half-finished replacement changes nothing, is reported once with the remedy, and heals', async () => {
  const { source, captured, changes } = await opened();
  writeFileSync(certificate, second.cert);
  clock.advance(90_000);
  assert.deepEqual(source.context(), first);
  writeFileSync(certificate, second.cert.slice(0, 200));
  clock.advance(90_000);
  rmSync(key);
  clock.advance(90_000);
  assert.deepEqual([source.context(), changes()], [first, 0]);
  const faults = captured.entries().map(entry => `${entry.level}: ${entry.fault}`);
  assert.equal(faults.length, 3, faults.join('\n'));
  assert.match(
    faults[0] ?? '',
    /^warn: .*fullchain\.pem and .*privkey\.pem: the key belongs to another certificate/,
  );
  assert.match(faults[1] ?? '', /^warn: .*fullchain\.pem: it must be a PEM file that begins with/);
  assert.match(faults[2] ?? '', /privkey\.pem does not exist/);
  write(second);
  clock.advance(30_000);
  assert.deepEqual([source.context(), changes()], [second, 1]);
  source.close();
});

test('links that are turned to another pair count as a change, unchanged files do not', async () => {
  const other = mkdtempSync(join(tmpdir(), 'gatehouse-archive-'));
  writeFileSync(join(other, 'c.pem'), second.cert);
  writeFileSync(join(other, 'k.pem'), second.key);
  const { source, changes } = await opened();
  write(first);
  clock.advance(300_000);
  assert.equal(changes(), 0);
  for (const [target, link] of [
    ['c.pem', certificate],
    ['k.pem', key],
  ] as const) {
    symlinkSync(join(other, target), `${link}.new`);
    renameSync(`${link}.new`, link);
  }
  clock.advance(30_000);
  assert.deepEqual([source.context(), changes()], [second, 1]);
  source.close();
  write(first);
  clock.advance(300_000);
  assert.equal(changes(), 1);
  rmSync(other, { recursive: true });
});

test('an unusable pair stops the start with the file and the remedy', async () => {
  const expectStop = (pattern: RegExp) => assert.rejects(opened(), pattern);
  writeFileSync(key, second.key);
  await expectStop(/fullchain\.pem and .*privkey\.pem: the key belongs to another certificate/);
  writeFileSync(key, 'no key');
  await expectStop(/privkey\.pem: it must be an unencrypted private key in PEM form/);
  writeFileSync(key, '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n');
  await expectStop(/privkey\.pem: it must be an unencrypted/);
  writeFileSync(certificate, '');
  await expectStop(/fullchain\.pem: it must be a PEM file/);
  rmSync(certificate);
  await expectStop(/fullchain\.pem does not exist; write the path/);
});

test('an expired certificate is served with a warning, since refusing to start would help nobody', async () => {
  clock = new TestClock('2040-01-01T00:00:00Z');
  const { source, captured } = await opened();
  assert.match(captured.messages()[0] ?? '', /has expired/);
  source.close();
});
