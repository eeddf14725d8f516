import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../runtime/atomic-file.js';
import { open, seal } from '../../runtime/keyring.js';
import { findIdentity } from '../../store/identities.js';
import type { Store } from '../../store/store.js';

/** Where pictures rest: one sealed file each (AES-256-GCM), under the key of the person they show. */
export interface Vault {
  /** Keeps a picture and tells its file, relative to the vault. The same picture of a check is the same file. */
  put(picture: { identityId: string; checkId: string; ref: string; bytes: Buffer }): Promise<string>;
  /** @throws SealError when the file was changed or is another person's */
  get(picture: { identityId: string; checkId: string; ref: string; file: string }): Promise<Buffer>;
}

/** Builds the vault in a folder. */
export function createVault(store: Store, folder: string): Vault {
  const keyOf = (identityId: string) => {
    const owner = findIdentity(store.main, identityId);
    if (!owner) throw new Error('a picture of an unknown identity');
    return store.keyring.unwrapDataKey(owner.row.data_key, owner.row.id);
  };
  const contextOf = (picture: { checkId: string; ref: string }) =>
    `picture ${picture.ref} of ${picture.checkId}`;
  return {
    async put(picture) {
      const name = createHash('sha256')
        .update(`${picture.checkId}\0${picture.ref}`)
        .digest('hex')
        .slice(0, 40);
      const file = join(picture.identityId, `${name}.sealed`);
      await writeAtomically(
        join(folder, file),
        seal(keyOf(picture.identityId), picture.bytes, contextOf(picture)),
      );
      return file;
    },
    async get(picture) {
      return open(keyOf(picture.identityId), await readFile(join(folder, picture.file)), contextOf(picture));
    },
  };
}
