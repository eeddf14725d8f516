import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { command } from '../../src/cli/review.js';
import { operate } from '../support/command.js';
import { newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

let world: World;
const ends = endsOfFile();

before(async () => {
  // the commands go by the machine's time: the world is a little ahead, so that what they order is due
  world = await startWorld(ends, { startAt: Date.now() + 600_000 });
});

const review = (...argv: string[]) => operate(world.installation, command, ...argv);

async function listed(): Promise<{ case: string; registration: string; cause: string }[]> {
  const { stdout, code } = await review('list', '--json');
  assert.equal(code, 0);
  return JSON.parse(stdout);
}

test('nobody waits at first', async () => {
  assert.deepEqual(await review('list'), { code: 0, stdout: 'Nobody waits.\n', stderr: '' });
  assert.deepEqual(await listed(), []);
});

test('who waits is listed with cause and reason, without name or number', async () => {
  const id = await verify(world, {
    phone: newPhone(),
    outcome: 'caution',
    body: { firstName: 'Jan', lastName: 'Novák' },
  });
  const [entry] = await listed();
  assert.deepEqual([entry?.registration, entry?.cause], [id, 'caution']);
  const { stdout } = await review('list');
  assert.match(stdout, /case_/);
  assert.match(stdout, /CAUTION/);
  assert.doesNotMatch(stdout, /Novák|777/);
});

test('a case shows what its reviewer needs', async () => {
  const [entry] = await listed();
  const { stdout, code } = await review('show', entry?.case ?? '');
  assert.equal(code, 0);
  for (const word of [
    '+420777',
    'Novák',
    '1990-01-01',
    '999999999',
    'document (image/png',
    'link: delivered',
  ])
    assert.ok(stdout.includes(word), word);
  const json = JSON.parse((await review('show', entry?.registration ?? '', '--json')).stdout);
  assert.equal(json.person.lastName, 'Novák');
});

test('registering somebody tells what they are now, and the running gateway texts them', async () => {
  const [entry] = await listed();
  const registration = entry?.registration ?? '';
  const decided = await review('register', entry?.case ?? '', '--reason', 'called them', '--by', 'Eva');
  assert.deepEqual([decided.code, decided.stdout], [0, 'Decided: the customer is now registered.\n']);
  await world.pass(3_000);
  const told = await world.kiosk.registration(registration);
  assert.deepEqual(told.notices.map(({ kind, status }) => `${kind} ${status}`).sort(), [
    'awaiting delivered',
    'link delivered',
    'registered delivered',
  ]);
  const { stdout } = await review('show', registration);
  assert.match(stdout, /caution · register · Eva · called them/);
  assert.deepEqual(await listed(), []);
});

test('rejecting and starting over', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'unknown' });
  assert.match((await review('reject', id, '--reason', 'no')).stdout, /now rejected/);
  await world.pass(2_000);
  assert.equal((await world.kiosk.post('/api/v1/registrations', { phone })).status, 409);
  assert.match((await review('again', id, '--reason', 'mistaken')).stdout, /now unknown/);
  assert.equal((await world.kiosk.post('/api/v1/registrations', { phone })).status, 201);
  const refused = await review('register', id, '--reason', 'too late');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /newer registration, reg_/);
});

test('wrong use is told and changes nothing', async () => {
  const id = await verify(world, { phone: newPhone(), outcome: 'caution' });
  for (const [argv, code, says] of [
    [[], 2, /say what to do/],
    [['list', id], 2, /say what to do/],
    [['show'], 2, /say what to do/],
    [['approve', id], 2, /say what to do/],
    [['register', id], 2, /say why/],
    [['register', id, '--reason', '  '], 2, /say why/],
    [['show', 'case_nothing'], 1, /no case or registration/],
    [['register', 'reg_nothing', '--reason', 'x'], 1, /no case or registration/],
    [['register', id, '--because', 'x'], 2, /not an option/],
  ] as const) {
    const seen = await review(...argv);
    assert.equal(seen.code, code, argv.join(' '));
    assert.match(seen.stderr, says);
  }
  assert.equal(world.identityStatus(id), 'awaiting_registration');
});
