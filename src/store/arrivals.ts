/**
 * What came in together: a row for each of the inbox's commits, its deliveries sealed as one. Until it was answered, a
 * delivery costs little more than its bytes; a row of its own, in `deliveries`, it gets when somebody is about to look at
 * it. Nothing is looked up here: rows are written at one end and taken away at the other.
 */
import { type Keyring, SealError } from '../runtime/keyring.js';
import { type Db, sql } from './db.js';
import { bodyContext, contentKeyOf, keepDeliveries, type NewDelivery } from './deliveries.js';
import type { RecentDeliveries } from './recent-deliveries.js';

/** Whose deliveries are: most of an arrival's are one and the same. */
export interface DeliverySource {
  readonly organization: string;
  readonly provider: string;
}

/** Numbers for each delivery in an arrival's `parts`: place of its source, when it was received, length of its body. */
export const numbersEach = 3;

/** Deliveries in the order they came. Flat, because an object for each costs as much as its hash. */
export interface Arrival {
  readonly sources: readonly DeliverySource[];
  readonly parts: readonly number[];
  /** the bodies, one behind the other */
  readonly bytes: Uint8Array;
}

/** What unpacking came to. */
export interface Unpacked {
  /** rows that were added */
  readonly added: number;
  /** whether more waits to be unpacked */
  readonly left: boolean;
}

const context = 'arrival';
const lengthBytes = 4;

/** Keeps an arrival. Written as a plain statement: this is the one place where every microsecond counts. */
export function keepArrival(db: Db, keyring: Keyring, arrival: Arrival): void {
  db.prepare('INSERT INTO arrivals (deliveries, sealed) VALUES (?, ?)').run(
    arrival.parts.length / numbersEach,
    keyring.sealOwn(toBytes(arrival), context),
  );
}

/**
 * Gives the oldest arrivals' deliveries rows of their own, until there are so many or none are left, in one commit. A
 * repeated delivery adds no row (see `keepDeliveries`). What our key does not open stays where it is and is not tried
 * again (see {@link countUnreadable}). To be called outside a transaction, because what was added is remembered
 * afterwards.
 */
export function unpackArrivals(
  db: Db,
  keyring: Keyring,
  atLeast: number,
  recent: RecentDeliveries,
): Unpacked {
  const next = db.prepare(
    'SELECT id, sealed FROM arrivals WHERE id > ? AND unreadable = 0 ORDER BY id LIMIT 1',
  );
  const { added, left } = db.transaction(() => {
    const deliveries: NewDelivery[] = [];
    let after = 0;
    let left = next.get(after) as { id: number; sealed: Buffer } | undefined;
    for (; left && deliveries.length < atLeast; left = next.get(after) as typeof left) {
      after = left.id;
      const opened = openedOrNull(keyring, left.sealed);
      if (opened) {
        deliveries.push(...toDeliveries(keyring, opened));
        db.run(sql.deleteFrom('arrivals').where('id', '=', after));
      } else db.run(sql.updateTable('arrivals').set({ unreadable: 1 }).where('id', '=', after));
    }
    const added = keepDeliveries(db, deliveries, recent.find);
    return { added, left: left !== undefined };
  });
  recent.remember(added);
  return { added: added.size, left };
}

/** How many deliveries have no row of their own yet. */
export function countArrived(db: Db): number {
  const query = sql
    .selectFrom('arrivals')
    .select(({ fn }) => fn.sum<number | null>('deliveries').as('count'))
    .where('unreadable', '=', 0);
  return db.one<{ count: number | null }>(query)?.count ?? 0;
}

/**
 * How many deliveries get none, because our key does not open what they came in with: kept, and looked at by nobody. They
 * all came before the oldest that nobody tried yet, so that a look does not go through what a flood left waiting.
 */
export function countUnreadable(db: Db): number {
  const untried = 'SELECT id FROM arrivals WHERE unreadable = 0 ORDER BY id LIMIT 1';
  const { count } = db
    .prepare(
      `SELECT coalesce(sum(deliveries), 0) AS count FROM arrivals
       WHERE unreadable = 1 AND id < coalesce((${untried}), 9223372036854775807)`,
    )
    .get() as { count: number };
  return count;
}

function toBytes({ sources, parts, bytes }: Arrival): Buffer {
  const head = Buffer.from(JSON.stringify({ sources, parts }));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, bytes]);
}

function openedOrNull(keyring: Keyring, sealed: Buffer): Arrival | null {
  try {
    return fromBytes(keyring.openOwn(sealed, context));
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

function fromBytes(whole: Buffer): Arrival {
  const end = lengthBytes + whole.readUInt32BE();
  const { sources, parts } = JSON.parse(whole.toString('utf8', lengthBytes, end)) as {
    sources: DeliverySource[];
    parts: number[];
  };
  return { sources, parts, bytes: whole.subarray(end) };
}

function toDeliveries(keyring: Keyring, { sources, parts, bytes }: Arrival): NewDelivery[] {
  const deliveries: NewDelivery[] = [];
  let offset = bytes.byteOffset;
  for (let at = 0; at < parts.length; at += numbersEach) {
    const [source = 0, receivedAt = 0, length = 0] = parts.slice(at, at + numbersEach);
    const { organization = '', provider = '' } = sources[source] ?? {};
    const raw = Buffer.from(bytes.buffer, offset, length);
    const contentKey = contentKeyOf(organization, raw);
    const bodySealed = keyring.sealOwn(raw, bodyContext(contentKey));
    deliveries.push({ contentKey, organization, provider, receivedAt, bodySealed });
    offset += length;
  }
  return deliveries;
}
