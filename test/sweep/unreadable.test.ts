/** Deliveries that cannot be opened are told to the operator, whoever found them and whatever fails meanwhile. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createKeyring } from '../../src/runtime/keyring.js';
import { alertsAfter } from '../../src/store/alerts.js';
import { keepArrival, unpackArrivals } from '../../src/store/arrivals.js';
import { type Db, openDb } from '../../src/store/db.js';
import { rememberRecent } from '../../src/store/recent-deliveries.js';
import { watchUnreadable } from '../../src/sweep/unreadable.js';
import { openTestStore } from '../store/open-db.js';
import { TestClock } from '../support/clock.js';
import { newPhone, verify } from '../support/verify.js';
import { startWorld } from '../support/world.js';

const minute = 60_000;
const strange = createKeyring(Buffer.alloc(32, 9));

/** So many deliveries that came in together and are sealed with another key. */
function spoil(inbox: Db, count: number): void {
  const parts = Array.from({ length: count }, () => [0, 1, 1]).flat();
  keepArrival(inbox, strange, {
    sources: [{ organization: '1', provider: 'onfido' }],
    parts,
    bytes: Buffer.alloc(count),
  });
}

function setUp(t: TestContext) {
  const store = openTestStore(t);
  const clock = new TestClock();
  return {
    store,
    clock,
    spoil: (count: number) => spoil(store.inbox, count),
    find: (keyring = store.keyring) => unpackArrivals(store.inbox, keyring, 100, rememberRecent(store.inbox)),
    /** what a look leaves that was not there before */
    look() {
      const last = alertsAfter(store.main, 0, 1_000).at(-1)?.id ?? 0;
      watchUnreadable({ store, clock });
      return alertsAfter(store.main, last).map(({ code, subject }) => `${code} ${subject}`);
    },
  };
}

test('deliveries that cannot be opened are told once for each time that they are more, whoever found them', t => {
  const box = setUp(t);
  box.spoil(2);
  assert.deepEqual(box.look(), [], 'nobody tried yet');
  box.find();
  assert.deepEqual([box.look(), box.look()], [['deliveries_unreadable 2'], []]);
  box.spoil(1);
  box.find();
  // what comes next and was not tried yet hides none of them
  box.spoil(4);
  assert.deepEqual([box.look(), box.look()], [['deliveries_unreadable 3'], []]);
});

test('that there are fewer, because an operator took some away, is not told, and more of them are', t => {
  const box = setUp(t);
  box.spoil(2);
  box.spoil(1);
  box.find();
  assert.deepEqual(box.look(), ['deliveries_unreadable 3']);
  box.store.inbox.raw.exec('DELETE FROM arrivals WHERE deliveries = 2');
  assert.deepEqual(box.look(), []);
  box.spoil(1);
  box.find();
  assert.deepEqual([box.look(), box.look()], [['deliveries_unreadable 2'], []]);
});

test('nor that they can be opened again, because their key is back', t => {
  const box = setUp(t);
  box.spoil(2);
  box.find();
  assert.deepEqual(box.look(), ['deliveries_unreadable 2']);
  box.store.inbox.raw.exec('UPDATE arrivals SET unreadable = 0');
  assert.deepEqual(box.look(), []);
  assert.equal(box.find(strange).added, 1, 'the two are one, delivered twice');
  assert.deepEqual(box.look(), []);
});

test('a look that fails ends nothing, and what it found is told by the next one, once', async t => {
  const world = await startWorld(t);
  const { store } = world.gateway;
  const told = () =>
    world.log.entries().flatMap(({ alert, subject }) => (alert === 'deliveries_unreadable' ? [subject] : []));
  const failed = () => world.log.messages().filter(message => message === 'background work failed').length;
  store.main.raw.exec(`CREATE TRIGGER refusal BEFORE INSERT ON alerts WHEN NEW.code = 'deliveries_unreadable'
    BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  // as `gatehouse erase` does it, beside the gateway
  const inbox = openDb({ file: store.files.inbox });
  spoil(inbox, 3);
  unpackArrivals(inbox, store.keyring, 100, rememberRecent(inbox));
  inbox.close();
  await world.pass(6 * minute);
  assert.deepEqual([told(), failed()], [[], 1]);
  assert.equal(world.identityStatus(await verify(world, { phone: newPhone() })), 'registered');
  store.main.raw.exec('DROP TRIGGER refusal');
  await world.pass(11 * minute);
  assert.deepEqual([told(), failed()], [['3'], 1]);
  await world.restart();
  await world.pass(6 * minute);
  assert.deepEqual(told(), ['3']);
});
