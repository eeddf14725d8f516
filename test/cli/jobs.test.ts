import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { command } from '../../src/cli/jobs.js';
import type { JobRow } from '../../src/store/jobs.js';
import { operate } from '../support/command.js';
import { newPhone } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
const ends = endsOfFile();

before(async () => {
  world = await startWorld(ends, { startAt: Date.now() + 600_000 });
});

const jobs = (...argv: string[]) => operate(world.installation, command, ...argv);

async function listed(...argv: string[]): Promise<JobRow[]> {
  return JSON.parse((await jobs('list', '--json', ...argv)).stdout);
}

test('what waits is listed, what is done only when asked for', async () => {
  const phone = newPhone();
  await world.kiosk.register({ phone });
  await world.settle();
  assert.deepEqual([...new Set((await listed()).map(({ kind }) => kind))].sort(), ['deadline', 'webhook']);
  assert.ok((await listed('--state', 'done')).some(({ kind }) => kind === 'prepare'));
  const { stdout } = await jobs('list');
  assert.match(stdout, /deadline\s+ready\s+0/);
  assert.doesNotMatch(stdout, /777/);
});

test('a job that was given up is listed with its fault, and can be tried again', async () => {
  world.onfido.fail({ kind: 'status', status: 422, method: 'POST', path: '/applicants' });
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  const [dead] = await listed('--state', 'dead');
  assert.deepEqual([dead?.kind, dead?.attempts, dead?.last_error], ['prepare', 1, 'provider_refused_422']);
  assert.ok(world.log.messages().some(message => /given up/.test(message)));
  assert.equal((await world.kiosk.registration(id)).status, 'failed');
  const retried = await jobs('retry', '--kind', 'prepare', '--since', '2026-01-01T00:00Z');
  assert.deepEqual([retried.code, retried.stdout], [0, '1 job will be tried again.\n']);
  const nothing = await jobs('retry', String(dead?.id));
  assert.deepEqual([nothing.code, nothing.stdout], [1, '0 jobs will be tried again.\n']);
  await world.pass(2_000);
  assert.deepEqual(await listed('--state', 'dead'), []);
});

test('wrong use is told', async () => {
  for (const [argv, says] of [
    [[], /say what to do/],
    [['list', '--state', 'lost'], /states are/],
    [['list', '--limit', '0'], /--limit/],
    [['retry'], /say which/],
    [['retry', 'x'], /is a number/],
    [['retry', '--kind', 'notice', '--since', 'yesterday'], /--since is a time/],
  ] as const) {
    const seen = await jobs(...argv);
    assert.equal(seen.code, 2, argv.join(' '));
    assert.match(seen.stderr, says);
  }
});
