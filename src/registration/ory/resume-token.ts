/**
 * The link a blocked login is given. Nothing is stored for it until it is used: it carries whom it is for, sealed, so
 * that it can be neither made nor changed nor read elsewhere. Its form cannot be that of a link's id.
 */
import type { Keyring } from '../../runtime/keyring.js';

/** Whom a link is for. */
export interface ResumeClaim {
  readonly kratosId: string;
  readonly provider: string;
  /** the newest attempt when it was made, by its place in the order of creation; 0: there was none */
  readonly attempt: number;
  /** epoch milliseconds */
  readonly expiresAt: number;
}

/** A link as it came back. */
export interface OpenedToken extends ResumeClaim {
  /** tells this link from every other, and is what is kept once it was used */
  readonly nonce: Buffer;
}

/** Life of a link. */
export const resumeMs = 15 * 60_000;

const context = 'resume link';
const form = /^r\.([A-Za-z0-9_-]{80,180})$/;
const idBytes = 16;
const numberBytes = 6;
const headBytes = idBytes + 2 * numberBytes;

/** Whether a text has the form of such a link; says nothing about whether it is one. */
export function isResumeToken(text: string): boolean {
  return form.test(text);
}

/** Makes a link's token. */
export function makeResumeToken(keyring: Keyring, claim: ResumeClaim): string {
  const head = Buffer.alloc(headBytes);
  head.write(claim.kratosId.replaceAll('-', ''), 'hex');
  head.writeUIntBE(claim.attempt, idBytes, numberBytes);
  head.writeUIntBE(claim.expiresAt, idBytes + numberBytes, numberBytes);
  const plain = Buffer.concat([head, Buffer.from(claim.provider)]);
  return `r.${keyring.sealOwn(plain, context).toString('base64url')}`;
}

/** Opens a token; null for one that we did not make. Its time is for the caller to judge. */
export function openResumeToken(keyring: Keyring, token: string): OpenedToken | null {
  const sealed = Buffer.from(form.exec(token)?.[1] ?? '', 'base64url');
  let plain: Buffer;
  try {
    plain = keyring.openOwn(sealed, context);
  } catch {
    return null;
  }
  const hex = plain.toString('hex', 0, idBytes);
  return {
    kratosId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    attempt: plain.readUIntBE(idBytes, numberBytes),
    expiresAt: plain.readUIntBE(idBytes + numberBytes, numberBytes),
    provider: plain.toString('utf8', headBytes),
    // the seal's own nonce, which is random for every seal
    nonce: sealed.subarray(1, 13),
  };
}
