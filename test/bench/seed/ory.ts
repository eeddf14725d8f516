/** Fills a box with people whom Ory asked about. */
import { randomBytes, randomUUID } from 'node:crypto';
import { newId } from '../../../src/runtime/ids.js';
import { createKeyring } from '../../../src/runtime/keyring.js';
import { openStore } from '../../../src/store/store.js';
import { type Installation, secrets } from '../../support/installation.js';
import { hurry, rowsInOneCommit, settle } from './seed.js';

/** How people stand, by their last digit: most were approved, the others are at every place on the way. */
const standings = [
  { identity: 'registered', status: 'decided', result: 'CLEAR', word: 'approved' },
  { identity: 'pending', status: 'submitted', result: null, word: 'pending' },
  { identity: 'awaiting_registration', status: 'in_review', result: 'CAUTION', word: 'review' },
  { identity: 'rejected', status: 'decided', result: 'SUSPECTED', word: 'declined' },
] as const;

/** Somebody to be asked about. */
export interface OryPersonSample {
  readonly kratosId: string;
  /** what is written on the identity at Kratos */
  readonly word: string;
}

const samples = 20_000;

/** Identities with one attempt each, every fifth with one that expired before; answers some of them, taken evenly. */
export function seedOryPeople(
  box: Installation,
  people: number,
  onProgress: (done: number) => void,
): OryPersonSample[] {
  const now = Date.now();
  const store = openStore(box.dataDir, createKeyring(Buffer.from(secrets.GATEHOUSE_MASTER_KEY, 'hex')), now);
  hurry(store);
  const { main } = store;
  const identities = main.prepare(
    `INSERT INTO identities (id, organization, data_key, status, since, source_seq, source_by, created_at, kratos_identity_id)
     VALUES (?, '1', ?, ?, ?, ?, 'machine', ?, ?)`,
  );
  const registrations = main.prepare(
    `INSERT INTO registrations (seq, id, organization, identity_id, kratos_identity_id, provider, status, created_at,
       expires_at, language, notifies, phone_verified, external_site, sms_link_hash, kiosk_link_hash, channel, result, mirrored)
     VALUES (?, ?, '1', ?, ?, 'onfido', ?, ?, ?, 'en', 0, 1, 0, ?, ?, 'ory', ?, 1)`,
  );
  const key = randomBytes(61);
  let seq = 0;
  const attempt = (identity: string, kratosId: string, status: string, result: string | null) => {
    seq += 1;
    const hashes = [randomBytes(32), randomBytes(32)];
    registrations.run(seq, newId('reg', now), identity, kratosId, status, now, now, ...hashes, result);
  };
  const found: OryPersonSample[] = [];
  const sampled = Math.ceil(people / samples);
  const addOne = (place: number) => {
    const standing = standings[place % 10 < 7 ? 0 : (place % 10) - 6] ?? standings[0];
    const [id, kratosId] = [newId('idn', now), randomUUID()];
    const expiredBefore = place % 5 === 4;
    const source = standing.result === null ? null : seq + (expiredBefore ? 2 : 1);
    identities.run(id, key, standing.identity, now, source, now, kratosId);
    if (expiredBefore) attempt(id, kratosId, 'expired', 'EXPIRED');
    attempt(id, kratosId, standing.status, standing.result);
    // a step that is no multiple of ten, so that every standing is among them
    if (place % sampled === Math.floor(place / sampled) % Math.min(10, sampled))
      found.push({ kratosId, word: standing.word });
  };
  for (let begin = 0; begin < people; begin += rowsInOneCommit) {
    const end = Math.min(people, begin + rowsInOneCommit);
    main.transaction(() => {
      for (let place = begin; place < end; place++) addOne(place);
    });
    onProgress(end);
  }
  settle(store);
  return found;
}
