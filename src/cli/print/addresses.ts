/** How others on this machine reach a listener. */
import { join } from 'node:path';
import type { Config, Listener } from '../../config/config.js';

/** `host:port`; a listener on every address is reached on loopback. */
export function reachedAt({ host, port }: Listener): string {
  if (host === '0.0.0.0') return `127.0.0.1:${port}`;
  if (host === '::') return `[::1]:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What a proxy in front has to trust, and the name it expects in the certificate of Gatehouse. */
export interface OwnCertificate {
  /** null: any that a public authority issued */
  readonly authority: string | null;
  readonly name: string;
}

/** The public listener's. */
export function ownCertificate({ dataDir, hostname, publicListener }: Config): OwnCertificate {
  return publicListener.tls.mode === 'self-signed'
    ? { authority: join(dataDir, 'tls', 'self-signed.crt'), name: 'localhost' }
    : { authority: null, name: hostname };
}

/** What has to be configured for a proxy whose file is printed. */
export function frontNotes({ front, trustedProxies }: Config, meant: Config['front']): string[] {
  return [
    ...(front === meant ? [] : [`front is ${front}; set front: ${meant} in gatehouse.yaml`]),
    ...(trustedProxies.length > 0
      ? []
      : ['set trustedProxies: ["127.0.0.1"] in gatehouse.yaml, or every caller seems to be the proxy']),
  ];
}
