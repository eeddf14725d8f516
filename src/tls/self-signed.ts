import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../runtime/clock.js';
import type { Log } from '../runtime/log.js';
import { findPairFault, makePrivateFolder, writePemFile } from './pem-files.js';
import type { CertificatePair, TlsSource } from './tls-source.js';

export interface SelfSignedOptions {
  /** the pair is kept in its folder `tls` as `self-signed.crt` and `self-signed.key` */
  readonly dataDir: string;
  /** the box's public name, or its address */
  readonly hostname: string;
  readonly clock: Clock;
  readonly log: Log;
}

const day = 86_400_000;
/** The longest life every TLS client accepts of a certificate that no public authority issued. */
const lifeDays = 825;
const renewalDays = 30;

/**
 * A certificate made on this box, for use behind a proxy that is told to trust it. It is made once and kept; a new pair
 * is made when the hostname is another, the pair on disk is unusable, or fewer than 30 days are left.
 * @throws when the data folder cannot be written
 */
export async function createSelfSigned(options: SelfSignedOptions): Promise<TlsSource> {
  const folder = join(options.dataDir, 'tls');
  await makePrivateFolder(folder);
  let pair = await keepOrMake(folder, options);
  const listeners: (() => void)[] = [];
  let closed = false;
  let stop = () => {};
  const renewDaily = () => {
    if (closed) return;
    stop = options.clock.after(day, () => void renew().finally(renewDaily));
  };
  const renew = async () => {
    try {
      const next = await keepOrMake(folder, options);
      if (next.cert === pair.cert) return;
      pair = next;
      for (const act of listeners) act();
    } catch (err) {
      options.log.error(
        { err },
        'the self-signed certificate could not be renewed; is the data folder writable?',
      );
    }
  };
  renewDaily();
  return {
    context: () => pair,
    onChange: act => void listeners.push(act),
    close() {
      closed = true;
      stop();
    },
  };
}

async function keepOrMake(folder: string, options: SelfSignedOptions): Promise<CertificatePair> {
  const files = { cert: join(folder, 'self-signed.crt'), key: join(folder, 'self-signed.key') };
  const kept = await readPair(files);
  if (kept !== undefined && isStillGood(kept, options)) return kept;
  const made = await make(options);
  // the key first: a crash in between leaves a pair that does not match, and that one is made anew
  await writePemFile(files.key, made.key, 0o600);
  await writePemFile(files.cert, made.cert, 0o644);
  options.log.info(
    { file: files.cert, replaced: kept !== undefined },
    'made a self-signed certificate; a proxy that trusts it must read it again',
  );
  return made;
}

async function readPair(files: { cert: string; key: string }): Promise<CertificatePair | undefined> {
  try {
    return { cert: await readFile(files.cert, 'utf8'), key: await readFile(files.key, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isStillGood(pair: CertificatePair, { hostname, clock }: SelfSignedOptions): boolean {
  if (findPairFault(pair) !== undefined) return false;
  const certificate = new X509Certificate(pair.cert);
  const named = isIP(hostname) === 0 ? certificate.checkHost(hostname) : certificate.checkIP(hostname);
  const begun = Date.parse(certificate.validFrom) <= clock.now();
  return named !== undefined && begun && Date.parse(certificate.validTo) - clock.now() >= renewalDays * day;
}

async function make({ hostname, clock }: SelfSignedOptions): Promise<CertificatePair> {
  // half the work of loading this room, and seldom needed
  const { generate } = await import('selfsigned');
  // from yesterday, so that a neighbour whose clock is behind does not refuse it
  const notBeforeDate = new Date(clock.now() - day);
  const made = await generate([{ name: 'commonName', value: 'gatehouse self-signed' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate,
    notAfterDate: new Date(notBeforeDate.getTime() + lifeDays * day),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: alternativeNames(hostname) },
    ],
  });
  return { cert: `${made.cert.trim()}\n`, key: `${made.private.trim()}\n` };
}

/** `localhost` is there for a proxy on the same box, whatever the hostname becomes. */
function alternativeNames(hostname: string) {
  const names = new Set([...(isIP(hostname) === 0 ? [hostname] : []), 'localhost']);
  const addresses = new Set([...(isIP(hostname) === 0 ? [] : [hostname]), '127.0.0.1', '::1']);
  return [
    ...[...names].map(value => ({ type: 2 as const, value })),
    ...[...addresses].map(ip => ({ type: 7 as const, ip })),
  ];
}
