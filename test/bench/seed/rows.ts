import { randomBytes, randomUUID } from 'node:crypto';
import { newId } from '../../../src/runtime/ids.js';
import { contentKeyOf } from '../../../src/store/deliveries.js';
import type { Store } from '../../../src/store/store.js';

/** Writes the rows of a customer who was registered long ago. Years pass quickly: plain statements, prepared once. */
export interface RowWriter {
  /** returns the identity's id */
  identity(e164: string, seq: number, at: number): string;
  /** with its check, history, texts and delivery; returns its id */
  registration(identityId: string, at: number): string;
}

const minute = 60_000;

/** Sealed columns hold noise of the right length and hashes are of nothing: nobody opens them or follows the links here. */
export function createRowWriter({ main, inbox, keyring }: Store): RowWriter {
  const into = (db: typeof main, table: string, columns: string) => {
    const names = columns.split(' ');
    return db.prepare(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    );
  };
  const identities = into(
    main,
    'identities',
    'id organization phone_index phone_sealed data_key status since source_seq source_by created_at',
  );
  const registrations = into(
    main,
    'registrations',
    `id organization identity_id provider status created_at expires_at decided_at language country notifies phone_verified
     external_site sms_link_hash kiosk_link_hash applicant_ref consent_at link_sent opened_by_sms result reason told
     revision`.replace(/\s+/g, ' '),
  );
  const checks = into(
    main,
    'checks',
    `id registration_id provider attempt check_ref submitted created_at started_at hinted_at latest last_final used_media
     media person_sealed submitted_at answered_at`.replace(/\s+/g, ' '),
  );
  const events = into(main, 'registration_events', 'registration_id status at');
  const notices = into(
    main,
    'notices',
    `id registration_id organization identity_id kind effect_key status vendor vendor_ref segments created_at attempted_at
     settled_at`.replace(/\s+/g, ' '),
  );
  const deliveries = into(
    inbox,
    'deliveries',
    'content_key organization provider received_at body_sealed action check_ref outcome',
  );
  const noise = createNoise();

  function addCheck(registration: string, checkRef: string, at: number): void {
    const answered = at + 12 * minute;
    const latest = { asOf: answered, kind: 'final', result: 'CLEAR', reason: null, reasonCodes: [] };
    const pictures = [randomUUID(), randomUUID()];
    const media = pictures.map(ref => ({ kind: 'document', ref }));
    checks.run(
      ...[registration.replace('reg_', 'chk_').concat('-1'), registration, 'onfido', 1, checkRef, 1],
      ...[at, at + minute, at + 5 * minute, JSON.stringify(latest), JSON.stringify(latest)],
      ...[JSON.stringify(pictures), JSON.stringify(media), noise(240), at + 5 * minute, answered],
    );
  }

  return {
    identity(e164, seq, at) {
      const id = newId('idn', at);
      const index = keyring.indexOf('phone', e164);
      identities.run(id, '1', index, noise(42), noise(61), 'registered', at, seq, 'machine', at);
      return id;
    },
    registration(identity, at) {
      const id = newId('reg', at);
      const checkRef = randomUUID();
      registrations.run(
        ...[
          id,
          '1',
          identity,
          'onfido',
          'decided',
          at,
          at + 90 * minute,
          at + 12 * minute,
          'cs',
          'CZ',
          1,
          0,
          0,
        ],
        ...[
          randomBytes(32),
          randomBytes(32),
          randomUUID(),
          at + minute,
          1,
          1,
          'CLEAR',
          null,
          'registered',
          6,
        ],
      );
      addCheck(id, checkRef, at);
      ['created', 'link_sent', 'opened', 'submitted', 'decided'].forEach((status, step) => {
        events.run(id, status, at + step * minute);
      });
      for (const kind of ['link', 'registered'])
        notices.run(
          ...[newId('ntc', at), id, '1', identity, kind, `${id}:${kind}:0`, 'delivered', 'twilio'],
          ...[`SM${randomUUID()}`, 1, at, at, at],
        );
      const key = contentKeyOf('1', Buffer.from(checkRef));
      deliveries.run(key, '1', 'onfido', at, noise(330), 'check.completed', checkRef, 'handed_on');
      return id;
    },
  };
}

/** Random bytes, cut at ever other places from a supply: making them all would take longer than writing them. They may recur. */
function createNoise(): (length: number) => Buffer {
  const supply = randomBytes(1 << 22);
  let at = 0;
  return length => {
    at = (at + 61) % (supply.length - length);
    return supply.subarray(at, at + length);
  };
}
