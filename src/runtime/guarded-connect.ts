import { type LookupAddress, type LookupOptions, lookup as resolve } from 'node:dns';
import { readFileSync } from 'node:fs';
import { isIP, type LookupFunction, Socket } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { buildConnector } from 'undici';
import { isLoopbackAddress, isPublicAddress } from './addresses.js';

/** How connections to the outside are made. */
export interface ConnectRules {
  /** `false`: nothing but public addresses, whatever a name resolves to */
  readonly allowPrivate: boolean;
  /** PEM bundle trusted instead of the system's authorities */
  readonly caFile?: string;
  /** SHA-256 of the peer's certificate in hex, colons or not; checked in addition */
  readonly fingerprint?: string;
  readonly timeoutMs: number;
}

/** The peer's address is one we do not go to. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
  readonly code = 'FORBIDDEN_ADDRESS';
}

export interface GuardedConnect {
  readonly connect: buildConnector.connector;
  /** ends the attempts still under way; undici itself leaves them to their timeout */
  giveUp(): void;
}

type AddressRule = (address: string) => boolean;

/**
 * The connector of the guarded client. Addresses are judged as they come out of the resolver and are the very ones
 * connected to, so a name that changes its mind between check and use gains nothing. Plain http reaches loopback only.
 * @throws when `caFile` cannot be read or `fingerprint` is not a SHA-256
 */
export function createGuardedConnect(rules: ConnectRules): GuardedConnect {
  const secureRule: AddressRule = rules.allowPrivate ? () => true : isPublicAddress;
  const plainRule: AddressRule = rules.allowPrivate ? isLoopbackAddress : () => false;
  const secure = buildConnector({
    ...tlsOptions(rules),
    timeout: rules.timeoutMs,
    lookup: guardedLookup(secureRule),
  });
  const plain = buildConnector({ timeout: rules.timeoutMs, lookup: guardedLookup(plainRule) });
  const connecting = new Set<Socket>();
  return {
    connect(target, callback) {
      const [rule, connect] = target.protocol === 'https:' ? [secureRule, secure] : [plainRule, plain];
      // a literal address is connected to without asking the resolver
      if (isIP(target.hostname) !== 0 && !rule(target.hostname))
        return callback(new ForbiddenAddressError('refused address'), null);
      const socket: unknown = connect(target, callback);
      if (socket instanceof Socket) forgetWhenDone(socket, connecting);
    },
    giveUp() {
      for (const socket of connecting) socket.destroy();
    },
  };
}

function forgetWhenDone(socket: Socket, connecting: Set<Socket>): void {
  const forget = () => connecting.delete(socket);
  connecting.add(socket);
  socket.once('close', forget).once('secureConnect', forget);
  if (!('encrypted' in socket)) socket.once('connect', forget);
}

function tlsOptions(rules: ConnectRules): buildConnector.BuildOptions {
  const pinned = rules.fingerprint === undefined ? undefined : normalizeFingerprint(rules.fingerprint);
  return {
    // said explicitly, because NODE_TLS_REJECT_UNAUTHORIZED would otherwise have a say
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(rules.caFile === undefined ? {} : { ca: readAuthorities(rules.caFile) }),
    ...(pinned === undefined
      ? {}
      : {
          // a resumed session would not be compared again
          maxCachedSessions: 0,
          checkServerIdentity: (host: string, peer: PeerCertificate) => checkPinned(host, peer, pinned),
        }),
  };
}

function checkPinned(host: string, peer: PeerCertificate, pinned: string): Error | undefined {
  const nameError = checkServerIdentity(host, peer);
  if (nameError) return nameError;
  if (normalizeFingerprint(peer.fingerprint256) === pinned) return undefined;
  return Object.assign(new Error('the certificate is not the pinned one'), { code: 'CERT_NOT_PINNED' });
}

function normalizeFingerprint(text: string): string {
  const hex = text.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw new Error('a certificate fingerprint must be a SHA-256: 64 hex digits');
  return hex;
}

function readAuthorities(file: string): string {
  const pem = readFileSync(file, 'utf8');
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error(`${file} holds no certificate; write the authority's certificate there in PEM form`);
  return pem;
}

/** The system's resolver, less every address the rule refuses. */
function guardedLookup(rule: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...(options as LookupOptions), all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const allowed = found.filter(entry => rule(entry.address));
      const first = allowed[0];
      if (first === undefined) return callback(new ForbiddenAddressError('refused address'), '', 0);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
