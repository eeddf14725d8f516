/** Fills a box with years of customers, as fast as SQLite takes them. */
import { randomBytes } from 'node:crypto';
import { kioskKeyPrefix } from '../../../src/registration/kiosk-key.js';
import { newId } from '../../../src/runtime/ids.js';
import { createKeyring, hashSecret } from '../../../src/runtime/keyring.js';
import { addKiosk } from '../../../src/store/kiosks.js';
import { openStore, type Store } from '../../../src/store/store.js';
import { type Installation, secrets } from '../../support/installation.js';
import { createRowWriter } from './rows.js';

const span = 5 * 365 * 86_400_000;
export const rowsInOneCommit = 10_000;
const samples = 5_000;

/** The key of the kiosk that every seeded box has. */
export const kioskKey = `${kioskKeyPrefix}${randomBytes(32).toString('base64url')}`;

/** What can be asked for in a seeded box: taken evenly from all its years. */
export interface Seeded {
  readonly registrations: readonly string[];
  readonly phones: readonly string[];
}

/** A Czech mobile number for every place up to twenty-seven million. */
export function phoneOf(place: number): string {
  const prefixes = ['72', '73', '77'];
  return `+420${prefixes[Math.floor(place / 9_000_000)] ?? ''}${String(1_000_000 + (place % 9_000_000)).slice(-7)}`;
}

/** Registrations with one check each, spread over five years up to now; every fifth is of somebody who was here before. */
export function seed(box: Installation, checks: number, onProgress: (done: number) => void): Seeded {
  const now = Date.now();
  const store = openStore(box.dataDir, createKeyring(Buffer.from(secrets.GATEHOUSE_MASTER_KEY, 'hex')), now);
  hurry(store);
  const kiosk = { id: newId('ksk', now), organization: '1', name: 'Bench', keyHash: hashSecret(kioskKey) };
  addKiosk(store.main, kiosk, now);
  const rows = createRowWriter(store);
  const seeded = { registrations: [] as string[], phones: [] as string[] };
  const sampled = Math.ceil(checks / samples);
  let identity = '';
  const addOne = (place: number) => {
    const at = Math.round(now - span + (place / checks) * span);
    const comesBack = place % 5 === 4;
    const phone = phoneOf(comesBack ? place - 1 : place);
    if (!comesBack) identity = rows.identity(phone, place + 1, at);
    const registration = rows.registration(identity, at);
    if (place % sampled !== 0) return;
    seeded.registrations.push(registration);
    seeded.phones.push(phone);
  };
  for (let begin = 0; begin < checks; begin += rowsInOneCommit) {
    const end = Math.min(checks, begin + rowsInOneCommit);
    store.main.transaction(() =>
      store.inbox.transaction(() => {
        for (let place = begin; place < end; place++) addOne(place);
      }),
    );
    onProgress(end);
  }
  settle(store);
  return seeded;
}

/** Nothing is lost that cannot be made again. */
export function hurry(store: Store): void {
  for (const { raw } of [store.main, store.inbox]) {
    raw.pragma('synchronous = OFF');
    raw.pragma('cache_size = -2000000');
    raw.pragma('wal_autocheckpoint = 100000');
  }
}

/** What was written in a hurry lands in the files; closes the store. */
export function settle(store: Store): void {
  for (const { raw } of [store.main, store.inbox]) raw.pragma('wal_checkpoint(TRUNCATE)');
  store.close();
}
