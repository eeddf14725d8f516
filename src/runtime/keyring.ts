/**
 * The keys of an installation, all derived from the one master key, and what is done with them. AES-256-GCM throughout;
 * every sealed thing is bound to what it belongs to (its `context`), so that a row's ciphertext moved to another row
 * does not open. Layout of sealed bytes: version 1, nonce 12, tag 16, ciphertext.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

const version = 1;
const nonceBytes = 12;
const headerBytes = 1 + nonceBytes + 16;

/** Something sealed cannot be opened: another key, another owner, or changed bytes. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/** A key of one person (in `open`/`seal` calls) with the form in which it is stored. */
export interface DataKey {
  readonly key: Buffer;
  /** the key, sealed by the master key */
  readonly wrapped: Buffer;
}

/** Which of a registration's two links: the SMS's proves the phone, the kiosk's does not. */
export type LinkKind = 'sms' | 'kiosk';

export interface Keyring {
  /** changes with the master key; kept in the database to notice a wrong one at start */
  readonly fingerprint: string;
  /** a new key for one person */
  createDataKey(owner: string): DataKey;
  /** @throws {SealError} */
  unwrapDataKey(wrapped: Buffer, owner: string): Buffer;
  /** the keyed index a secret value is found by, without storing the value */
  indexOf(purpose: 'phone' | 'document' | 'kratos', text: string): Buffer;
  /** a mark by which something of ours is known again when others bring it back; 32 bytes */
  sign(purpose: string, text: string): Buffer;
  /** the unguessable id in a customer's link: not stored, made again from the registration when it is needed */
  linkId(registrationId: string, kind: LinkKind): string;
  /** seals what belongs to the installation rather than to one person: raw deliveries, webhook tokens */
  sealOwn(plain: Buffer, context: string): Buffer;
  /** @throws {SealError} */
  openOwn(sealed: Buffer, context: string): Buffer;
}

/** Builds the keyring from the 32 bytes of the master key. */
export function createKeyring(masterKey: Buffer): Keyring {
  if (masterKey.length !== 32) throw new Error('the master key has 32 bytes');
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, 'gatehouse', purpose, 32));
  const wrapping = derive('data keys');
  const indexing = derive('indexes');
  const linking = derive('links');
  const own = derive('own');
  const signing = derive('marks');
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  return {
    fingerprint: createHash('sha256').update(derive('fingerprint')).digest('hex').slice(0, 32),
    createDataKey(owner) {
      const key = randomBytes(32);
      return { key, wrapped: seal(wrapping, key, `data key of ${owner}`) };
    },
    unwrapDataKey: (wrapped, owner) => open(wrapping, wrapped, `data key of ${owner}`),
    indexOf: (purpose, text) => hmac(indexing, `${purpose}\0${text}`),
    sign: (purpose, text) => hmac(signing, `${purpose}\0${text}`),
    linkId: (registrationId, kind) =>
      hmac(linking, `${kind}\0${registrationId}`).subarray(0, 20).toString('base64url'),
    sealOwn: (plain, context) => seal(own, plain, context),
    openOwn: (sealed, context) => open(own, sealed, context),
  };
}

/** Seals bytes under a key, bound to a context. */
export function seal(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.allocUnsafe(headerBytes + plain.length);
  // in this mode all of the ciphertext comes at once
  cipher.update(plain).copy(sealed, headerBytes);
  cipher.final();
  sealed[0] = version;
  nonce.copy(sealed, 1);
  cipher.getAuthTag().copy(sealed, 1 + nonceBytes);
  return sealed;
}

let nonces = Buffer.alloc(0);

/** Random like any other, but asked of the system for many at a time: asking costs half as much as sealing. */
function nextNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(nonceBytes * 256);
  const nonce = nonces.subarray(0, nonceBytes);
  nonces = nonces.subarray(nonceBytes);
  return nonce;
}

/** Opens what {@link seal} made with the same key and context. @throws {SealError} */
export function open(key: Buffer, sealed: Buffer, context: string): Buffer {
  if (sealed.length < headerBytes || sealed[0] !== version) throw new SealError('not sealed by this version');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes), {
    authTagLength: 16,
  });
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(1 + nonceBytes, headerBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headerBytes)), decipher.final()]);
  } catch (cause) {
    throw new SealError('sealed with another key, for another owner, or changed', { cause });
  }
}

/** A secret's SHA-256, by which it is stored and looked up. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares two texts without telling by the time where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(hashSecret(given), hashSecret(expected));
}
