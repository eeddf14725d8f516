import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { CertificatePair } from './tls-source.js';

/** Makes the folder for keys, or takes it back from others: nobody but us gets in. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

/**
 * Replaces a file so that readers, and a machine that loses power, find the old content or the new, never a part.
 * The file is never readable by anybody `mode` does not allow.
 */
export async function writePemFile(file: string, pem: string, mode: 0o600 | 0o644): Promise<void> {
  const temporary = join(dirname(file), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeSynced(temporary, pem, mode);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

async function writeSynced(file: string, content: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Without this the rename itself could be lost. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What makes a pair unusable: which half, and what an operator can do. */
export interface PairFault {
  readonly part: 'certificate' | 'key' | 'pair';
  readonly remedy: string;
}

/** `undefined` when a TLS server can work with the pair. Dates are not looked at. */
export function findPairFault(pair: CertificatePair): PairFault | undefined {
  const certificate = parse(() => new X509Certificate(pair.cert));
  if (certificate === undefined)
    return { part: 'certificate', remedy: 'it must be a PEM file that begins with the server certificate' };
  const key = parse(() => createPrivateKey(pair.key));
  if (key === undefined) return { part: 'key', remedy: 'it must be an unencrypted private key in PEM form' };
  if (!certificate.checkPrivateKey(key))
    return {
      part: 'pair',
      remedy: 'the key belongs to another certificate; in a chain the server certificate comes first',
    };
  if (parse(() => createSecureContext({ cert: pair.cert, key: pair.key })) === undefined)
    return { part: 'pair', remedy: 'TLS refuses them: the chain is damaged or the key too weak' };
  return undefined;
}

function parse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
