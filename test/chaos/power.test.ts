/** Power cuts: whatever no sync had covered is gone. `npm run test:chaos -- --power 100` is the same in large. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { contentKeyOf } from '../../src/store/deliveries.js';
import { readShimLog } from '../shim/shim.js';
import { hostname } from '../support/installation.js';
import { withoutProgram } from '../support/skips.js';
import { runCampaign } from './campaign.js';
import { keptKeys } from './kept.js';
import { newLetter } from './postman.js';
import { type ChaosOptions, type ChaosWorld, startChaosWorld } from './world.js';

const skip = withoutProgram('cc');

test('10 power cuts lose, repeat and falsify nothing', { skip }, async t => {
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const { lost, repeated, wrong, kills, log } = await runCampaign({ kills: 10, seed, power: { early: 30 } });
  assert.deepEqual({ lost, repeated, wrong, kills }, { lost: [], repeated: [], wrong: [], kills: 10 }, log);
});

/** Has one answered with 200, and tells its body. */
async function deliver(world: ChaosWorld): Promise<string> {
  const { body, send } = newLetter(world);
  assert.equal((await send()).status, 200);
  return body;
}

/** Has a delivery and a registration answered, cuts the power at once, and tells which of them are still there. */
async function whatIsLeft(options: NonNullable<ChaosOptions['power']>) {
  const world = await startChaosWorld({ power: options });
  try {
    await world.begin().ready;
    const headers = { authorization: `Bearer ${world.kioskKey('1')}` };
    const asked = { headers, body: { phone: '+420777123456' } };
    const [body, made] = await Promise.all([
      deliver(world),
      world.callPrivate('POST', '/api/v1/registrations', asked),
    ]);
    await world.kill();
    const kept = keptKeys(world);
    await world.begin().ready;
    const { id } = made.json<{ id: string }>();
    const found = await world.callPrivate('GET', `/api/v1/registrations/${id}`, { headers });
    const delivery = kept.includes(contentKeyOf('manual', Buffer.from(body)).toString('hex'));
    return { delivery, registration: found.status === 200 };
  } finally {
    await world.close();
  }
}

test('a delivery and a registration survive a power cut right after their answer', { skip }, async () => {
  assert.deepEqual(await whatIsLeft({}), { delivery: true, registration: true });
});

test('on a disk that only pretends to sync they do not: the test above can fail', { skip }, async () => {
  assert.deepEqual(await whatIsLeft({ lies: '.db' }), { delivery: false, registration: false });
});

/** A connection to the public listener that stays, with the handshake and all that follows it behind. */
async function openConnection(world: ChaosWorld, port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: hostname, ca: world.installation.pair.cert });
  await once(socket, 'secureConnect');
  await exchange(socket, `GET /v/nobody HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  return socket;
}

/** Sends a request and resolves to the first bytes of its answer. */
async function exchange(socket: TLSSocket, request: string): Promise<string> {
  const answer = once(socket, 'data');
  socket.write(request);
  const [bytes] = await answer;
  return String(bytes);
}

test('the sync of a delivery ends before the first byte of its 200 is written', { skip }, async t => {
  const world = await startChaosWorld({
    shim: folder => ({ log: join(folder, 'syncs'), logSends: true, syncDelayUs: 5_000 }),
  });
  t.after(() => world.close());
  const ready = await world.begin().ready;
  const port = Number(new URL(ready?.public ?? '').port);
  const socket = await openConnection(world, port);
  t.after(() => socket.destroy());
  for (let round = 0; round < 5; round++) {
    const { body, path, signature } = newLetter(world);
    // what is committed about the delivery before this one is not what the next one waits for
    await quiet(join(world.installation.dir, 'syncs'));
    const asked = process.hrtime.bigint();
    const head = [
      `POST ${path} HTTP/1.1`,
      `host: ${hostname}`,
      `x-sha2-signature: ${signature}`,
      `content-length: ${body.length}`,
    ];
    assert.match(await exchange(socket, `${head.join('\r\n')}\r\n\r\n${body}`), /^HTTP\/1\.1 200 /);
    const lines = readShimLog(join(world.installation.dir, 'syncs')).filter(({ at }) => at > asked);
    const answer = lines.findIndex(line => line.kind === 'send' && line.port === port);
    const synced = lines.findIndex(
      line => line.kind === 'sync' && line.ok && line.began > asked && line.path.endsWith('inbox.db-wal'),
    );
    assert.ok(answer >= 0 && synced >= 0, 'both are in the log');
    assert.ok(synced < answer, 'the sync ends first');
  }
});

/** Waits until nothing was synced for a while. */
async function quiet(log: string): Promise<void> {
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    await pause(100);
    now = readShimLog(log).length;
  }
}
