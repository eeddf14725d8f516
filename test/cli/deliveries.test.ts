import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { command } from '../../src/cli/deliveries.js';
import { createKeyring } from '../../src/runtime/keyring.js';
import { keepArrival, unpackArrivals } from '../../src/store/arrivals.js';
import { openDb } from '../../src/store/db.js';
import { rememberRecent } from '../../src/store/recent-deliveries.js';
import { operate } from '../support/command.js';
import { newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

interface Shown {
  readonly id: number;
  readonly action: string;
  readonly outcome: string;
  readonly bodyKept: boolean;
  readonly contentKey: string;
}

let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends);
});

const deliveries = (...argv: string[]) => operate(world.installation, command, ...argv);

async function listed(...argv: string[]): Promise<Shown[]> {
  return JSON.parse((await deliveries('list', '--json', ...argv)).stdout);
}

test('nothing was delivered at first', async () => {
  assert.equal((await deliveries('list')).stdout, 'Nothing was delivered yet.\n');
});

test('a delivery is listed, shown with its body, and replayed', async () => {
  const id = await verify(world, { phone: newPhone() });
  const [one] = await listed();
  assert.deepEqual([one?.action, one?.outcome, one?.bodyKept], ['check.completed', 'handed_on', true]);
  assert.match((await deliveries('list')).stdout, /check\.completed\s+handed_on/);
  const shown = JSON.parse((await deliveries('show', String(one?.id))).stdout);
  const checkRef = world.stored(id).checks[0]?.check_ref;
  assert.equal(JSON.parse(shown.body).payload.object.id, checkRef);

  const reads = () => world.onfido.count('GET', `/checks/${checkRef}`);
  const before = reads();
  const replayed = await deliveries('replay', String(one?.id));
  assert.deepEqual([replayed.code, /within a minute/.test(replayed.stdout)], [0, true]);
  await world.pass(61_000);
  assert.equal(reads(), before + 1);
  assert.equal((await listed()).length, 1, 'a replay is no further delivery');
  assert.equal(world.identityStatus(id), 'registered');
});

test('an outcome that there is none of is refused, with those there are', async () => {
  const { code, stderr } = await deliveries('list', '--outcome', 'banana');
  assert.equal(code, 2);
  assert.match(stderr, /outcomes are handed_on, ignored, foreign, final/);
});

test('what is not ours has no body to show or replay', async () => {
  const webhook = (world.onfido.state().webhooks as { token: string }[])[0];
  const body = JSON.stringify({
    payload: {
      resource_type: 'check',
      action: 'check.completed',
      object: { id: 'c0ffee00-0000-4000-8000-0000000000f1' },
    },
  });
  const headers = { 'x-sha2-signature': world.onfido.sign(body, webhook?.token ?? '') };
  await world.call('POST', '/serverapi/apiv1/identity-check/onfidowh/1', { body, headers });
  await world.settle();
  const [foreign] = await listed('--outcome', 'foreign');
  assert.equal(foreign?.bodyKept, false);
  assert.equal(JSON.parse((await deliveries('show', String(foreign?.id))).stdout).body, null);
  const replayed = await deliveries('replay', String(foreign?.id));
  assert.equal(replayed.code, 1);
  assert.match(replayed.stderr, /body was dropped/);
});

test('wrong use is told', async () => {
  for (const [argv, code, says] of [
    [[], 2, /say what to do/],
    [['list', '--limit', 'many'], 2, /--limit/],
    [['show', 'x'], 2, /is a number/],
    [['show', '999'], 1, /no delivery 999/],
    [['replay', '999'], 1, /no delivery 999/],
  ] as const) {
    const seen = await deliveries(...argv);
    assert.equal(seen.code, code, argv.join(' '));
    assert.match(seen.stderr, says);
  }
});

test('what nobody has looked at is counted, and so by itself is what cannot be opened', async () => {
  const { files, keyring } = world.gateway.store;
  await world.stop();
  const inbox = openDb({ file: files.inbox });
  const bytes = Buffer.from('{}{}');
  const three = { sources: [], parts: [0, 1, 2, 0, 2, 1, 0, 2, 1], bytes };
  keepArrival(inbox, createKeyring(Buffer.alloc(32, 9)), three);
  unpackArrivals(inbox, keyring, 1, rememberRecent(inbox));
  keepArrival(inbox, keyring, { sources: [], parts: [0, 1, 2, 0, 2, 2], bytes });
  inbox.close();
  assert.match(
    (await deliveries('list')).stdout,
    /outcome(.|\n)*\n2 were kept and not looked at yet\.\n3 were kept and cannot be opened: .*\n$/,
  );
  assert.ok(Array.isArray(JSON.parse((await deliveries('list', '--json')).stdout)));
  await world.restart();
});
