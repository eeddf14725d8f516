import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyring } from '../../src/runtime/keyring.js';
import {
  type Arrival,
  countArrived,
  countUnreadable,
  keepArrival,
  unpackArrivals,
} from '../../src/store/arrivals.js';
import { listDeliveries } from '../../src/store/deliveries.js';
import { rememberRecent } from '../../src/store/recent-deliveries.js';
import type { Store } from '../../src/store/store.js';
import { openTestStore } from './open-db.js';

const sources = [
  { organization: '1', provider: 'onfido' },
  { organization: 'harbour', provider: 'jumio' },
];

type Given = readonly [source: number, receivedAt: number, body: string];

/** Deliveries that came in together, each of the source at its place. */
function arrival(...deliveries: Given[]): Arrival {
  const bodies = deliveries.map(([, , body]) => Buffer.from(body));
  const parts = deliveries.flatMap(([source, at], place) => [source, at, bodies[place]!.length]);
  return { sources, parts, bytes: Buffer.concat(bodies) };
}

function keep(store: Store, ...deliveries: Given[]): void {
  keepArrival(store.inbox, store.keyring, arrival(...deliveries));
}

/** Rows as somebody reads them, oldest first. */
function rows(store: Store) {
  return listDeliveries(store.inbox, { limit: 100 })
    .reverse()
    .map(({ organization, provider, received_at, times, body_sealed, content_key }) => {
      const context = `delivery ${content_key.toString('hex')}`;
      return [
        organization,
        provider,
        received_at,
        times,
        store.keyring.openOwn(body_sealed!, context).toString(),
      ];
    });
}

test('deliveries that came in together come out in their order, each with a row of its own', t => {
  const store = openTestStore(t);
  const recent = rememberRecent(store.inbox);
  keep(store, [0, 1_700_000_000_123, 'first'], [1, 1_700_000_000_124, ''], [0, 1_700_000_000_125, 'thïrd']);
  keep(store, [1, 1_700_000_000_200, 'fourth'], [0, 1_700_000_000_201, 'first']);
  assert.deepEqual([countArrived(store.inbox), rows(store)], [5, []]);

  const some = unpackArrivals(store.inbox, store.keyring, 1, recent);
  assert.deepEqual([some.left, countArrived(store.inbox)], [true, 2]);
  const rest = unpackArrivals(store.inbox, store.keyring, 100, recent);
  assert.deepEqual([rest.left, countArrived(store.inbox)], [false, 0]);
  assert.deepEqual(rows(store), [
    ['1', 'onfido', 1_700_000_000_123, 2, 'first'],
    ['harbour', 'jumio', 1_700_000_000_124, 1, ''],
    ['1', 'onfido', 1_700_000_000_125, 1, 'thïrd'],
    ['harbour', 'jumio', 1_700_000_000_200, 1, 'fourth'],
  ]);
});

test('as few are unpacked as will do', t => {
  const store = openTestStore(t);
  for (const body of ['a', 'b', 'c', 'd']) keep(store, [0, 1, body]);
  const unpacked = (atLeast: number) =>
    unpackArrivals(store.inbox, store.keyring, atLeast, rememberRecent(store.inbox)).added;
  assert.deepEqual([unpacked(0), unpacked(1), unpacked(2), unpacked(2), unpacked(2)], [0, 1, 2, 1, 0]);
});

test('what our key does not open stays, is counted by itself, and is in nobody’s way', t => {
  const store = openTestStore(t);
  const strange = arrival([0, 1, 'of another key'], [0, 1, 'of the same']);
  keepArrival(store.inbox, createKeyring(Buffer.alloc(32, 9)), strange);
  keep(store, [0, 2, 'ours']);
  const first = unpackArrivals(store.inbox, store.keyring, 10, rememberRecent(store.inbox));
  assert.deepEqual([first.added, first.left, countUnreadable(store.inbox)], [1, false, 2]);
  keep(store, [0, 3, 'ours again']);
  const second = unpackArrivals(store.inbox, store.keyring, 10, rememberRecent(store.inbox));
  assert.deepEqual([second.added, second.left, countUnreadable(store.inbox)], [1, false, 2]);
  assert.equal(countArrived(store.inbox), 0);
});

test('a row that cannot be written leaves the arrival where it is', t => {
  const store = openTestStore(t);
  keep(store, [0, 1, 'a'], [0, 2, 'b']);
  const { raw } = store.inbox;
  raw.exec(`CREATE TRIGGER refusal BEFORE INSERT ON deliveries WHEN NEW.received_at = 2
            BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  assert.throws(() => unpackArrivals(store.inbox, store.keyring, 10, rememberRecent(store.inbox)), /refused/);
  assert.deepEqual([countArrived(store.inbox), rows(store)], [2, []]);
  raw.exec('DROP TRIGGER refusal');
  assert.equal(unpackArrivals(store.inbox, store.keyring, 10, rememberRecent(store.inbox)).added, 2);
});
