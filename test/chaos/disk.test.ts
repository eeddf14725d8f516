/** A disk that is full, read-only, broken or slow: refused honestly, told once, and made good by itself. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { contentKeyOf } from '../../src/store/deliveries.js';
import { createDiskControl, type DiskFault, readShimLog } from '../shim/shim.js';
import { withoutProgram } from '../support/skips.js';
import { comeToRest, openStreets } from './campaign.js';
import { createDice } from './dice.js';
import { keptKeys } from './kept.js';
import { createLedger } from './ledger.js';
import { judge } from './oracle.js';
import { newLetter } from './postman.js';
import { type ChaosWorld, startChaosWorld } from './world.js';

const skip = withoutProgram('cc');
const errors = ['ENOSPC', 'EROFS', 'EIO'] as const;
const hookSecret = 'whsec-7c6b5a4938271605f4e3d2c1b0a99887';

/** A world whose disk obeys. */
async function startOnDisk(t: { after(end: () => Promise<void>): void }, secret?: string) {
  let command: ((fault: DiskFault) => void) | undefined;
  const world = await startChaosWorld({
    logLevel: 'info',
    ...(secret === undefined ? {} : { hookSecret: secret }),
    shim: folder => {
      const control = join(folder, 'control');
      // made once: the next life is got ready while this one's disk is under a command
      command ??= createDiskControl(control);
      return { control, log: join(folder, 'syncs') };
    },
  });
  t.after(() => world.close());
  await world.begin().ready;
  return { world, command: (fault: DiskFault) => command?.(fault) };
}

/** Sends so many at once and tells which bodies were answered how; nothing but 200 and 503 is an answer. */
async function sendMany(world: ChaosWorld, count: number) {
  const letters = Array.from({ length: count }, () => newLetter(world));
  const answers = await Promise.all(letters.map(({ send }) => send()));
  for (const { status, headers } of answers) {
    assert.ok(status === 200 || status === 503, String(status));
    if (status === 503) assert.match(String(headers['retry-after']), /^\d+$/);
  }
  const answered = (status: number) =>
    letters.filter((_letter, place) => answers[place]?.status === status).map(({ body }) => body);
  return { kept: answered(200), refused: answered(503) };
}

/** What `/readyz` says: the parts that are not ready, with their codes. */
async function problems(world: ChaosWorld): Promise<string[]> {
  const answer = await world.callPrivate('GET', '/readyz');
  const said = answer.json<{ ready: boolean; problems: { part: string; code: string }[] }>();
  assert.equal(answer.status, said.ready ? 200 : 503);
  return said.problems.map(({ part, code }) => `${part} ${code}`);
}

async function becomesReady(world: ChaosWorld): Promise<void> {
  const giveUpAt = Date.now() + 60_000;
  while ((await problems(world)).length > 0) {
    assert.ok(Date.now() < giveUpAt, 'it never says that it is well again');
    await pause(100);
  }
}

function logged(world: ChaosWorld, words: RegExp): number {
  return readFileSync(world.logFile, 'utf8')
    .split('\n')
    .filter(line => words.test(line)).length;
}

// most of their time they wait for a recovery to be believed
test('intake answers 503 to exactly what it did not keep, says so once, and recovers by itself', {
  skip,
  concurrency: errors.length + 1,
}, async t => {
  const each = errors.map(error => t.test(error, each => refuseAndMend(each, error)));
  await Promise.all([...each, t.test('a sync that does not end', outlastSync)]);
});

/** Refusals that come and go, every request noted: what was answered 200 is there, and nothing else. */
async function refuseAndMend(t: TestContext, error: DiskFault['error'] & string): Promise<void> {
  const { world, command } = await startOnDisk(t);
  const kept: string[] = [];
  const refused: string[] = [];
  const send = async (count: number) => {
    const sent = await sendMany(world, count);
    kept.push(...sent.kept);
    refused.push(...sent.refused);
    return sent;
  };
  assert.equal((await send(20)).refused.length, 0);
  // a disk that is nearly full takes one write and refuses the next
  command({ error, percent: 30, part: 'inbox.db' });
  for (let round = 0; round < 15; round++) await send(4);
  command({ error, part: 'inbox.db' });
  assert.equal((await send(40)).kept.length, 0);
  assert.match((await problems(world)).join(), /^inbox sqlite_/);
  command({});
  assert.equal((await send(20)).refused.length, 0);
  await becomesReady(world);
  await world.life?.close();
  assert.equal(logged(world, /deliveries are answered 503/), 1);
  assert.equal(logged(world, /deliveries are kept again/), 1);
  assert.equal(logged(world, /"level":"error"/), 1);
  assert.deepEqual(rowsIn(world), kept.map(keyOf).toSorted());
  assert.ok(refused.length >= 40 && kept.length >= 40);
}

/**
 * The disk takes a commit and is silent about it for longer than a provider waits: who sent it is refused before, and
 * everybody after them at once, until the disk speaks.
 */
async function outlastSync(t: TestContext): Promise<void> {
  const { world, command } = await startOnDisk(t);
  const before = await sendMany(world, 3);
  assert.equal(before.refused.length, 0);
  command({ delayUs: 30_000_000, part: 'inbox.db' });
  const first = await sendMany(world, 3);
  assert.equal(first.kept.length, 0);
  assert.deepEqual(await problems(world), ['inbox inbox_silent']);
  const second = await sendMany(world, 3);
  assert.equal(second.kept.length, 0);
  command({});
  await becomesReady(world);
  const after = await sendMany(world, 3);
  assert.equal(after.refused.length, 0);
  await world.life?.close();
  assert.equal(logged(world, /"code":"inbox_silent".*deliveries are answered 503/), 1);
  assert.equal(logged(world, /deliveries are kept again/), 1);
  assert.equal(logged(world, /"level":"error"/), 1);
  // what was refused while it was being written may be there all the same: the provider sends it again
  const rows = new Set(rowsIn(world));
  for (const body of [...before.kept, ...after.kept])
    assert.ok(rows.has(keyOf(body)), 'acknowledged and not kept');
  for (const body of second.refused) assert.ok(!rows.has(keyOf(body)), 'refused untried and kept');
}

test('kiosks and customers are told that nothing can be stored, and what was begun comes to its end', {
  skip,
}, async t => {
  const { world, command } = await startOnDisk(t);
  const ledger = createLedger();
  const streets = openStreets(world, createDice(Date.now()), ledger, 0);
  t.after(streets.close);
  await untilSome(ledger.started);
  for (const error of errors) {
    command({ error, percent: 30 });
    await pause(300);
    command({ error });
    await pause(300);
    await everyRegistrationIsRefused(world);
    assert.match((await problems(world)).join(), /store sqlite_/);
  }
  // what was read before may still be known, so that nobody can say who is refused; but nothing falls over
  for (const percent of [30, 100]) {
    command({ error: 'EIO_READ', percent });
    await pause(300);
  }
  command({});
  await becomesReady(world);
  streets.close();
  await streets.empty();
  assert.equal(logged(world, /the database refuses all changes/), 1);
  assert.equal(logged(world, /the database takes changes again/), 1);
  const others = /"level":"error"(?!.*(the database refuses all changes|deliveries are answered 503))/;
  assert.equal(logged(world, others), 0, readFileSync(world.logFile, 'utf8'));
  await world.kill();
  await comeToRest(world, ledger);
  assert.deepEqual(await judge(world, ledger), { lost: [], repeated: [], wrong: [] });
  assert.ok(ledger.plans.length > 10, 'customers came');
});

test('Ory is told that a sign-up was not stored, and lets nobody in about whom nothing can be read', {
  skip,
}, async t => {
  const { world, command } = await startOnDisk(t, hookSecret);
  const { id } = world.kratos.createIdentity({ email: 'customer@example.com' });
  const hook = async (name: string) => {
    const headers = { authorization: `Bearer ${hookSecret}` };
    const body = { identity_id: id };
    const answer = await world.callPrivate('POST', `/onfido/${name}`, { headers, body });
    assert.equal(answer.headers['retry-after'], undefined, 'Kratos would keep its customer waiting');
    return answer;
  };
  for (const error of errors) {
    command({ error });
    assert.equal((await hook('initiate')).status, 503, error);
    // deciding on a login writes nothing
    assert.equal((await hook('validate')).status, 200, error);
  }
  command({ error: 'EIO_READ' });
  forgetPages(world);
  const blocked = await hook('validate');
  assert.equal(blocked.status, 403);
  assert.match(blocked.text, /"id":9410009/);
  command({});
  assert.equal((await hook('validate')).status, 200);
  assert.equal((await hook('initiate')).status, 200);
  await becomesReady(world);
});

test('on a disk whose syncs take 200 ms deliveries wait for it together', { skip }, async t => {
  const { world, command } = await startOnDisk(t);
  await sendMany(world, 1);
  command({ delayUs: 200_000 });
  const syncs = () =>
    readShimLog(join(world.installation.dir, 'syncs')).filter(
      line => line.kind === 'sync' && line.path.endsWith('inbox.db-wal'),
    ).length;
  const before = syncs();
  assert.equal((await sendMany(world, 200)).refused.length, 0);
  assert.ok(syncs() - before <= 40, `${syncs() - before} syncs`);
  assert.deepEqual(await problems(world), []);
});

test('a start on a disk that is full for the main database serves what can be served, and goes on by itself', {
  skip,
}, async t => {
  const { world, command } = await startOnDisk(t, hookSecret);
  const { id } = world.kratos.createIdentity({ email: 'customer@example.com' });
  const validate = async () => {
    const headers = { authorization: `Bearer ${hookSecret}` };
    return await world.callPrivate('POST', '/onfido/validate', { headers, body: { identity_id: id } });
  };
  assert.equal((await sendMany(world, 3)).kept.length, 3);
  await world.kill();
  command({ error: 'ENOSPC', part: 'gatehouse.db-wal' });
  assert.notEqual(await world.begin().ready, null);
  assert.equal((await sendMany(world, 3)).kept.length, 3);
  assert.equal((await validate()).status, 200);
  assert.deepEqual(await problems(world), ['store sqlite_full']);
  command({});
  await becomesReady(world);
  assert.equal(logged(world, /the database refuses all changes/), 1);
  const others = /"level":"error"(?!.*(the database refuses all changes|deliveries are answered 503))/;
  assert.equal(logged(world, others), 0, readFileSync(world.logFile, 'utf8'));
});

async function untilSome(set: ReadonlySet<unknown>): Promise<void> {
  while (set.size < 3) await pause(50);
}

async function everyRegistrationIsRefused(world: ChaosWorld): Promise<void> {
  for (let nth = 0; nth < 20; nth++) {
    const headers = { authorization: `Bearer ${world.kioskKey('1')}` };
    const body = { phone: '+420777999999' };
    const refused = await world.callPrivate('POST', '/api/v1/registrations', { headers, body });
    assert.equal(refused.status, 503, refused.text);
    assert.equal(refused.json<{ error: { code: string } }>().error.code, 'store_unavailable');
  }
}

/** A change by another process: what the gateway's connections hold in memory is then of no use to them. */
function forgetPages(world: ChaosWorld): void {
  const db = new Database(join(world.installation.dataDir, 'gatehouse.db'));
  db.pragma(`user_version = ${Number(db.pragma('user_version', { simple: true }))}`);
  db.close();
}

/** The content keys in the inbox, which is whole. */
function rowsIn(world: ChaosWorld): string[] {
  const inbox = new Database(join(world.installation.dataDir, 'inbox.db'));
  try {
    assert.equal(inbox.pragma('integrity_check', { simple: true }), 'ok');
  } finally {
    inbox.close();
  }
  return keptKeys(world);
}

function keyOf(body: string): string {
  return contentKeyOf('manual', Buffer.from(body)).toString('hex');
}
