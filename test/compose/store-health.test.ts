import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as later, setImmediate as turn } from 'node:timers/promises';
import { isToldByHealth, watchIntegrity, watchKeeper, watchStore } from '../../src/compose/store-health.js';
import { createHealth } from '../../src/http/health.js';
import { alertsAfter } from '../../src/store/alerts.js';
import { openDb } from '../../src/store/db.js';
import type { Store } from '../../src/store/store.js';
import { InboxError, type InboxWriter, startInboxWriter } from '../../src/store/threads/inbox-writer.js';
import { startListener } from '../http/build-listener.js';
import { captureLog } from '../runtime/captured-log.js';
import { openTestStore, temporaryFolder } from '../store/open-db.js';
import { TestClock } from '../support/clock.js';
import { newPhone } from '../support/verify.js';
import { startWorld, type World } from '../support/world.js';

/** A store and an inbox that refuse as told. */
function watched() {
  const clock = new TestClock();
  const { log, entries } = captureLog();
  const health = createHealth(log);
  let refuse = (_code: string) => {};
  let onHealth: Parameters<InboxWriter['onHealth']>[0] = () => {};
  const state = { store: null as string | null, inbox: null as string | null, probes: 0 };
  const main = {
    raw: { prepare: () => ({ get: () => 1 }) },
    onRefusal: (act: (code: string) => void) => {
      refuse = act;
    },
    probe: () => {
      state.probes += 1;
      return state.store;
    },
  };
  const stop = watchStore({
    health,
    log,
    clock,
    store: { main, inbox: { onRefusal: () => {} } } as unknown as Store,
    inbox: {
      onHealth: act => {
        onHealth = act;
      },
      probe: async () => state.inbox,
    },
  });
  /** lets seconds pass, with the probes in them */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1_000);
      await turn();
    }
  }
  return {
    clock,
    health,
    state,
    stop,
    pass,
    said: () => entries().map(({ level, message }) => `${level} ${message}`),
    refuseMain: (code: string) => {
      state.store = code;
      refuse(code);
    },
    answerInbox: (now: Parameters<typeof onHealth>[0]) => onHealth(now),
  };
}

const full =
  'error the database refuses all changes: the disk is full: make room, and everything goes on by itself';
const again = 'info the database takes changes again';

test('a thousand refusals are one line, and well again is another, without anybody writing', async () => {
  const { refuseMain, state, pass, said } = watched();
  for (let nth = 0; nth < 1000; nth++) refuseMain('SQLITE_FULL');
  await pass(5);
  assert.deepEqual(said(), [full]);
  state.store = null;
  await pass(5);
  assert.deepEqual(said(), [full, again]);
});

test('a disk that takes one write and refuses the next is not well', async () => {
  const { refuseMain, state, pass, said } = watched();
  for (let nth = 0; nth < 30; nth++) {
    refuseMain(nth % 2 === 0 ? 'SQLITE_FULL' : 'SQLITE_IOERR_WRITE');
    state.store = null;
    await pass(1);
  }
  assert.deepEqual(said(), [full]);
  await pass(3);
  assert.deepEqual(said(), [full, again]);
});

test('after a relapse it takes longer to be believed', async () => {
  const { refuseMain, state, pass, said } = watched();
  for (const calm of [2, 4, 8]) {
    refuseMain('SQLITE_FULL');
    state.store = null;
    await pass(calm - 1);
    assert.equal(said().at(-1), full);
    await pass(1);
    assert.equal(said().at(-1), again);
  }
});

test('a clock that was set back keeps nobody waiting for as long', async () => {
  const { clock, refuseMain, state, pass, said } = watched();
  refuseMain('SQLITE_FULL');
  clock.setBack(3_600_000);
  state.store = null;
  await pass(1);
  assert.deepEqual(said(), [full]);
  await pass(2);
  assert.deepEqual(said(), [full, again]);
});

test('nothing is probed while all is well, nor after the end', async () => {
  const { state, pass, stop, refuseMain } = watched();
  await pass(10);
  assert.equal(state.probes, 0);
  refuseMain('SQLITE_FULL');
  stop();
  await pass(10);
  assert.equal(state.probes, 0);
});

test('/readyz names each part with its remedy, until it is well', async context => {
  const { health, state, pass, refuseMain, answerInbox } = watched();
  const { app } = await startListener(context, health.addRoutes, { name: 'private' });
  const ask = async () => (await app.inject('/readyz')).json() as { ready: boolean; problems: object[] };
  assert.equal((await ask()).ready, true);
  refuseMain('SQLITE_READONLY_DIRECTORY');
  state.inbox = 'SQLITE_IOERR_FSYNC';
  answerInbox({ ok: false, code: 'SQLITE_IOERR_FSYNC', refusesDeliveries: true });
  assert.deepEqual(await ask(), {
    ready: false,
    problems: [
      {
        part: 'inbox',
        code: 'sqlite_ioerr_fsync',
        message: 'the disk does not answer: look at the machine',
      },
      {
        part: 'store',
        code: 'sqlite_readonly_directory',
        message: 'the data folder is read-only: remount it or mend its rights',
      },
    ],
  });
  state.store = null;
  state.inbox = null;
  await pass(3);
  assert.equal((await ask()).ready, true);
});

test('a thread that dies again and again is one line, and it has the cause', async t => {
  const { log, entries } = captureLog();
  const file = join(temporaryFolder(t), 'no folder', 'inbox.db');
  const inbox = startInboxWriter({ file, masterKey: new Uint8Array(32) });
  t.after(() => inbox.close());
  // a thread that is to be started again keeps no process alive
  const alive = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(alive));
  let deaths = 0;
  await new Promise<void>(resolve => {
    const stop = watchStore({
      health: createHealth(log),
      log,
      clock: new TestClock(),
      store: openTestStore(t),
      inbox: {
        probe: inbox.probe,
        onHealth: act =>
          inbox.onHealth(now => {
            act(now);
            deaths += 1;
            if (deaths === 3) resolve();
          }),
      },
    });
    t.after(stop);
  });
  assert.deepEqual(
    entries().map(({ level, code, message, err }) => [level, code, message, (err as Error).message]),
    [
      [
        'error',
        'inbox_thread_ended',
        'deliveries are answered 503: the thread that keeps them ends and is started again: see the log for why',
        'Cannot open database because the directory does not exist',
      ],
    ],
  );
});

test('deliveries are said to be answered 503 when they are, and not when something else failed', () => {
  const { answerInbox, said } = watched();
  answerInbox({ ok: false, code: 'unknown', refusesDeliveries: false });
  assert.deepEqual(said(), []);
  answerInbox({ ok: false, code: 'too_much_waiting', refusesDeliveries: true });
  assert.deepEqual(said(), [
    'error deliveries are answered 503: more comes in than the disk takes: look at the machine, or set limits.deliveriesPerSecond',
  ]);
});

test('only what health was told of is kept out of the log', () => {
  const refused = (code: string, refusesDeliveries: boolean) =>
    isToldByHealth(new InboxError({ ok: false, code, refusesDeliveries }));
  assert.equal(refused('unknown', true), true);
  assert.equal(refused('unknown', false), false);
  assert.equal(isToldByHealth(Object.assign(new Error('full'), { code: 'SQLITE_FULL' })), true);
  assert.equal(isToldByHealth(new Error('anything else')), false);
});

test('a file that could not be checked is told of, and is no reason not to serve', async context => {
  const { log, entries } = captureLog();
  const health = createHealth(log);
  const integrity = { damaged: ['a.db'], unread: [{ file: 'b.db', why: 'SQLITE_IOERR_READ' }] };
  const { main } = openTestStore(context);
  const keeper = { checkIntegrity: async () => integrity };
  await watchIntegrity({ keeper, health, log, clock: new TestClock(), main });
  assert.deepEqual(
    entries().map(({ level, alert, file, why, message }) => ({ level, alert, file, why, message })),
    [
      {
        level: 'error',
        alert: 'database_damaged',
        file: 'a.db',
        why: undefined,
        message: 'the database is damaged: stop, and restore it from a backup',
      },
      {
        level: 'error',
        alert: undefined,
        file: 'b.db',
        why: 'SQLITE_IOERR_READ',
        message:
          'whether the database is damaged could not be found out: look at the machine; the next start tries again',
      },
    ],
  );
  const { app } = await startListener(context, health.addRoutes, { name: 'private' });
  const { problems } = (await app.inject('/readyz')).json() as { problems: { code: string }[] };
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['damaged'],
  );
});

test('the keeper’s end is one line however often it ends, and its return is another', () => {
  const { log, entries } = captureLog();
  watchKeeper(
    {
      onHealth(act) {
        for (const now of [null, new Error('x'), new Error('x'), null, null]) act(now);
      },
    },
    log,
  );
  assert.deepEqual(
    entries().map(({ level, message }) => `${level} ${message}`),
    [
      'error the databases’ logs are not copied back and will grow: the thread that does it ended and is started again',
      'info the databases’ logs are copied back again',
    ],
  );
});

/** Writes over the first page of a table or an index, as a disk does that is about to give up. */
function damage(file: string, name: string): void {
  const db = openDb({ file });
  try {
    const page = db.raw.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name);
    const size = Number(db.raw.pragma('page_size', { simple: true }));
    // a change by another process: what the gateway's connections hold in memory is then of no use to them
    assert.equal(db.probe(), null);
    // the check at the start may still be reading
    while (!db.emptyLog());
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(size, 0xff), 0, size, (Number(page) - 1) * size);
    closeSync(handle);
  } finally {
    db.close();
  }
}

test('a page that nobody can claim a job without is told of, although nothing is written', async t => {
  const { gateway, log } = await startWorld(t);
  const { store, addresses, runner } = gateway;
  damage(store.files.main, 'jobs_ready');
  runner.wake();
  const told = log.messages().filter(message => message.startsWith('the database refuses all changes'));
  assert.deepEqual(told, [
    'the database refuses all changes: it reads as damaged: look at the machine, and restore a backup if that stays',
  ]);
  const answer = await fetch(`${addresses.private}/readyz`);
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /"part":"store","code":"sqlite_corrupt/);
});

/** Asks until the check that runs beside the gateway has found something; that part of the answer. */
async function problemWith(part: string, { gateway }: World): Promise<object | undefined> {
  for (let nth = 0; nth < 200; nth++) {
    const answer = await fetch(`${gateway.addresses.private}/readyz`);
    const { problems } = (await answer.json()) as { problems: { part: string }[] };
    const found = problems.find(each => each.part === part);
    if (found) return found;
    await later(50);
  }
  return undefined;
}

/** Of each file the page of something that no start and no customer needs. */
const damages = [
  { file: 'inbox', page: 'deliveries', subject: 'inbox.db', keepsAlert: true },
  { file: 'main', page: 'alerts', subject: 'gatehouse.db', keepsAlert: false },
] as const;

for (const { file, page, subject, keepsAlert } of damages) {
  test(`a damaged page of ${page} is found a while after listening and raises one alert`, async t => {
    const world = await startWorld(t);
    const { files } = world.gateway.store;
    await world.stop();
    damage(files[file], page);
    await world.restart();
    // it serves first
    await world.pass(120_000);
    assert.deepEqual(await problemWith('integrity', world), {
      part: 'integrity',
      code: 'damaged',
      message: 'restore the data folder from a backup',
    });
    // the alerts that were kept are looked for meanwhile: this one was said already
    await world.pass(10_000);
    const said = world.log.entries().filter(({ alert }) => alert === 'database_damaged');
    assert.deepEqual(
      said.map(({ level, subject, message }) => ({ level, subject, message })),
      [{ level: 'error', subject, message: 'the database is damaged: stop, and restore it from a backup' }],
    );
    const alerts = () => alertsAfter(world.gateway.store.main, 0);
    if (keepsAlert)
      assert.deepEqual(
        alerts().map(alert => [alert.code, alert.subject]),
        [['database_damaged', subject]],
      );
    else assert.throws(alerts, { code: 'SQLITE_CORRUPT' });
    const { id } = await world.kiosk.register({ phone: newPhone() });
    assert.ok(id, 'it serves');
  });
}
