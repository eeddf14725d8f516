import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '../runtime/clock.js';
import type { Log } from '../runtime/log.js';
import { findPairFault } from './pem-files.js';
import type { CertificatePair, TlsSource } from './tls-source.js';

export interface WatchOptions {
  /** PEM, the server certificate first, then its chain */
  readonly certificate: string;
  readonly key: string;
  readonly clock: Clock;
  readonly log: Log;
}

const pollMs = 30_000;

/**
 * The operator's own certificate. The two files are looked at every 30 seconds, by content, so that any way of replacing
 * them works (in place, renamed, a link turned). A pair that cannot be used is complained about once, and the last good
 * one stays in force.
 * @throws when the pair is unusable at the start; the message names the file and the remedy
 */
export function watchFiles(options: WatchOptions): TlsSource {
  const { clock, log } = options;
  let pair = readAtStart(options);
  let complaint: string | undefined;
  const listeners: (() => void)[] = [];
  let stop = () => {};

  const look = () => {
    const found = readUsable(options, pair);
    if ('fault' in found) {
      if (found.fault !== complaint)
        log.warn({ fault: found.fault }, 'the new certificate cannot be used; the old one stays in force');
      complaint = found.fault;
      return;
    }
    complaint = undefined;
    if (found === pair) return;
    pair = found;
    for (const act of listeners) act();
    log.info({ until: new X509Certificate(pair.cert).validTo }, 'the certificate was replaced');
  };
  const lookAgainLater = () => {
    stop = clock.after(pollMs, () => {
      look();
      lookAgainLater();
    });
  };
  lookAgainLater();
  return {
    context: () => pair,
    onChange: act => void listeners.push(act),
    close: () => stop(),
  };
}

function readAtStart(options: WatchOptions): CertificatePair {
  const found = readUsable(options);
  if ('fault' in found) throw new Error(`TLS certificate: ${found.fault}`);
  const until = new X509Certificate(found.cert).validTo;
  if (Date.parse(until) <= options.clock.now())
    options.log.warn(
      { file: options.certificate, until },
      'the certificate has expired; put a new one in its place',
    );
  return found;
}

/** The pair in force itself when the files still hold it: taking it apart costs more than everything else done meanwhile. */
function readUsable(
  { certificate, key }: WatchOptions,
  inForce?: CertificatePair,
): CertificatePair | { readonly fault: string } {
  const cert = read(certificate);
  if (typeof cert !== 'string') return { fault: cannotRead(certificate, cert) };
  const privateKey = read(key);
  if (typeof privateKey !== 'string') return { fault: cannotRead(key, privateKey) };
  if (cert === inForce?.cert && privateKey === inForce.key) return inForce;
  const pair = { cert, key: privateKey };
  const fault = findPairFault(pair);
  if (fault === undefined) return pair;
  const where = { certificate, key, pair: `${certificate} and ${key}` }[fault.part];
  return { fault: `${where}: ${fault.remedy}` };
}

function read(file: string): string | NodeJS.ErrnoException {
  try {
    // small local files; reading them at once keeps the pair as close together as it gets
    return readFileSync(file, 'utf8');
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

function cannotRead(file: string, error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT')
    return `${file} does not exist; write the path of the PEM file into the configuration`;
  if (error.code === 'EACCES') return `${file} may not be read by this user; allow it, e.g. through a group`;
  return `${file} cannot be read (${error.code ?? 'unknown'})`;
}
