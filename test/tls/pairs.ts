import { generate } from 'selfsigned';
import type { CertificatePair } from '../../src/tls/tls-source.js';

/** A self-signed pair for the given DNS names and, always, 127.0.0.1. */
export async function makePair(...names: string[]): Promise<CertificatePair> {
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'test' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map(value => ({ type: 2 as const, value })),
          { type: 7 as const, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
