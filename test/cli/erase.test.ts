import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { command } from '../../src/cli/erase.js';
import { operate } from '../support/command.js';
import { signUp, startOryWorld } from '../support/ory.js';
import { newPhone, verify } from '../support/verify.js';
import { endsOfFile, type World } from '../support/world.js';
import { runInTerminal } from './terminal.js';

const ends = endsOfFile();
let world: World;

before(async () => {
  const onfido = { apiToken: { secret: 'ONFIDO_API_TOKEN' } };
  world = await startOryWorld(ends, {
    startAt: Date.now() + 600_000,
    organizations: [
      {},
      { id: 'second', onfido },
      { id: 'cz', countries: ['CZ', 'ES'], onfido },
      { id: 'es', countries: ['ES'], onfido },
    ],
  });
});

const erase = (...argv: string[]) => operate(world.installation, command, ...argv);
const typing = (argv: string[], ...typed: string[]) =>
  runInTerminal(command, argv, { cwd: world.installation.dir, env: world.installation.env, typed });

test('wrong use is told and erases nobody', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone });
  for (const [argv, code, says] of [
    [[], 2, /say whom/],
    [[id, '--phone', phone], 2, /say whom, in one way/],
    [[id, 'reg_other'], 2, /at most 1 word/],
    [['--phone', phone], 2, /confirm with --yes/],
    [['--phone', phone, '--json'], 2, /--json asks nobody/],
    [['--kratos-identity', 'somebody', '--yes'], 2, /is a UUID/],
    [['--kratos-identity', '00000000-0000-0000-0000-000000000000', '--yes'], 2, /not the nil one/],
    [['--phone', '+420777000000', '--yes'], 1, /nobody|anybody/i],
    [['--phone', '601 000 009', '--yes'], 1, /anybody[\s\S]*with \+ and the country code/],
    [['--phone', 'x', '--yes'], 1, /anybody/],
    [['reg_nothing', '--yes'], 1, /anybody/],
    [['idn_nothing', '--yes'], 1, /anybody/],
    [['--phone', phone, '--organization', 'second', '--yes'], 1, /second has nobody.* but others do: 1\./],
    [['--phone', phone, '--organization', 'secnod', '--yes'], 1, /secnod has nobody.* but others do: 1\./],
    [[id, '--organization', 'secnod', '--yes'], 1, /secnod has nobody.* but others do: 1\./],
    [
      ['--phone', '+420777000000', '--organization', 'secnod', '--yes'],
      1,
      /secnod is not configured.* second,/,
    ],
  ] as const) {
    const seen = await erase(...argv);
    assert.equal(seen.code, code, argv.join(' '));
    assert.match(seen.stderr, says);
  }
  assert.equal(world.identityStatus(id), 'registered');
});

test('a person at a terminal is asked, and only a yes will do', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, outcome: 'suspected' });
  for (const typed of [['n'], [''], ['yesterday'], []]) {
    const seen = await typing(['--phone', phone], ...typed);
    assert.equal(seen.code, 1);
    assert.match(
      seen.stdout,
      /may register again although it was turned down[\s\S]*Erase this for good\? \[y\/N\]/,
    );
    assert.match(seen.stderr, /Nothing was erased/);
  }
  assert.equal(world.identityStatus(id), 'rejected');
  const seen = await typing(['--phone', phone], 'yes');
  assert.equal(seen.code, 0, seen.stderr);
  assert.match(seen.stdout, /Erased here/);
  assert.equal((await world.kiosk.lookup(phone)).status, 'unknown');
});

test('a number is read as its organization reads it, and several that know it are told apart', async () => {
  const other = await world.addKiosk('Lobby', 'second');
  const phone = newPhone();
  await verify(world, { phone });
  await other.register({ phone });
  const unclear = await erase('--phone', phone, '--yes');
  assert.equal(unclear.code, 2);
  assert.match(unclear.stderr, /\(1, second\): say which one/);
  const written = `${phone.slice(4, 7)} ${phone.slice(7, 10)} ${phone.slice(10)}`;
  const seen = await erase('--phone', written, '--organization', 'second', '--yes', '--json');
  assert.equal(seen.code, 0, seen.stderr);
  const { erased } = JSON.parse(seen.stdout) as { erased: Record<string, unknown>[] };
  assert.deepEqual(
    erased.map(({ organization, origin, registrations, pictures, blocks }) => ({
      organization,
      origin,
      registrations,
      pictures,
      blocks,
    })),
    [{ organization: 'second', origin: 'kiosk', registrations: 1, pictures: 0, blocks: false }],
  );
  assert.equal((await world.kiosk.lookup(phone)).status, 'registered');
  assert.equal((await other.lookup(phone)).status, 'unknown');
});

test('a number without its country code names nobody whom another organization’s reading would name', async () => {
  const kiosk = await world.addKiosk('Border', 'cz');
  for (const phone of ['+420601000001', '+34601000001']) await kiosk.register({ phone });
  const seen = await erase('--phone', '601 000 001', '--organization', 'cz', '--yes');
  assert.equal(seen.code, 0, seen.stderr);
  assert.equal((await kiosk.lookup('+420601000001')).status, 'unknown');
  assert.equal((await kiosk.lookup('+34601000001')).status, 'pending', 'another person');
});

test('a number that is several people’s, each read by another organization, has to be written in full', async () => {
  const czech = await world.addKiosk('Station', 'cz');
  const spanish = await world.addKiosk('Port', 'es');
  await czech.register({ phone: '+420601000002' });
  await spanish.register({ phone: '+34601000002' });
  const unclear = await erase('--phone', '601 000 002', '--yes');
  assert.equal(unclear.code, 2);
  assert.match(unclear.stderr, /\(cz, es\).*write it with \+ and the country code/);
  const seen = await erase('--phone', '+34 601 000 002', '--yes');
  assert.equal(seen.code, 0, seen.stderr);
  assert.equal((await spanish.lookup('+34601000002')).status, 'unknown');
  assert.equal((await czech.lookup('+420601000002')).status, 'pending');
});

test('a kiosk’s customer and the one Ory asked about stay two people', async () => {
  const person = signUp(world);
  const phone = newPhone();
  const kioskId = await verify(world, { phone, body: { kratosIdentityId: person.id } });
  await person.initiate();
  await world.settle();
  assert.equal((await erase('--kratos-identity', person.id, '--yes')).code, 0);
  await world.pass(3_000);
  assert.equal(world.identityStatus(kioskId), 'registered');
  assert.equal(person.mirrored()?.status, 'approved', 'the kiosk’s is told in the place again');
  assert.equal((await erase('--phone', phone, '--yes')).code, 0);
  await world.pass(3_000);
  assert.equal(person.mirrored(), null);
});

test('what no configured organization can have deleted is said before, given up with an alert, and can be retried', async () => {
  await verify(world, { phone: newPhone() });
  const id = await verify(world, { phone: newPhone() });
  const { main } = world.gateway.store;
  // whom an organization's provider is known by is the first by this index
  main.raw
    .prepare("UPDATE identities SET phone_index = x'ffff' WHERE id = ?")
    .run(world.stored(id).row.identity_id);
  main.raw.prepare("UPDATE registrations SET provider = 'jumio' WHERE id = ?").run(id);
  const seen = await erase(id, '--yes');
  assert.match(seen.stdout, /at jumio: 1 applicant, WHICH STAYS until organization 1/);
  await world.pass(3_000);
  const dead = main.raw.prepare("SELECT kind, last_error FROM jobs WHERE state = 'dead'").all();
  assert.deepEqual(dead, [{ kind: 'erase_at_provider', last_error: 'provider_refused' }]);
  await world.pass(3_000_000);
  assert.equal((main.raw.prepare('SELECT count(*) AS n FROM erasures').get() as { n: number }).n >= 1, true);
});
