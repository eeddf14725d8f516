/** Erasing a person: what goes, what stays, and that it ends the same whatever fails on the way. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { command as eraseCommand } from '../../src/cli/erase.js';
import { createKeyring } from '../../src/runtime/keyring.js';
import { countArrived, countUnreadable, keepArrival } from '../../src/store/arrivals.js';
import { eraseIdentity } from '../../src/store/commit-erasure.js';
import { openDb, sql } from '../../src/store/db.js';
import { contentKeyOf, listDeliveries } from '../../src/store/deliveries.js';
import { operate } from '../support/command.js';
import { finishErasure, wordsOnDisk } from '../support/disk.js';
import { openEvents } from '../support/event-stream.js';
import { hook, signUp, startOryWorld } from '../support/ory.js';
import { alertsAbout, deliveries, openCauses, unfinishedJobs } from '../support/records.js';
import { capture, checkedBySomebodyElse, newPhone, verify } from '../support/verify.js';
import { endsOfFile, type World } from '../support/world.js';

const ends = endsOfFile();
let world: World;

before(async () => {
  // the command goes by the machine's time: the world is a little ahead, so that what it orders is due
  world = await startOryWorld(ends, { startAt: Date.now() + 600_000, ory: { gate: 'approved' } });
});

const erase = (...argv: string[]) => operate(world.installation, eraseCommand, ...argv, '--yes');

/** The wire object of an applicant at the provider. */
function applicantAt(ref: string | null): { delete_at: string | null } {
  const all = world.onfido.state().applicants as { wire: { id: string; delete_at: string | null } }[];
  const found = all.find(({ wire }) => wire.id === ref);
  assert.ok(found);
  return found.wire;
}

/** Everything by which somebody could be known again; the identity's own id refers to nothing once its rows are gone. */
function tracesOf(id: string): string[] {
  const { row, checks } = world.stored(id);
  const { main } = world.gateway.store;
  const pictures = main.all(
    sql
      .selectFrom('documents')
      .select('ref')
      .where(
        'check_id',
        'in',
        checks.map(check => check.id),
      ),
  );
  return [
    id,
    row.applicant_ref,
    row.kratos_identity_id,
    ...checks.flatMap(check => [check.id, check.check_ref]),
    ...pictures.map(({ ref }) => ref),
  ].filter((trace): trace is string => trace !== null);
}

/** The registration of a Kratos identity. */
function registrationOf(kratosId: string): string {
  const query = sql.selectFrom('registrations').select('id').where('kratos_identity_id', '=', kratosId);
  const id = world.gateway.store.main.one(query)?.id;
  assert.ok(id);
  return id;
}

/** Through Ory, to the verdict. */
async function verifyByOry(outcome?: 'suspected' | 'caution') {
  const person = signUp(world);
  const begun = (await person.initiate({ first_name: 'Libuše', last_name: 'Přemyslovna' })).json<{
    applicant_id: string;
    verification_url: string;
  }>();
  if (outcome) world.onfido.decide(begun.applicant_id, outcome);
  await world.customer(begun.verification_url).goThrough();
  await world.pass(2_000);
  return { person, applicant: begun.applicant_id, id: registrationOf(person.id) };
}

test('a kiosk’s customer is gone: rows, pictures, deliveries, and at the provider', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone, body: { firstName: 'Kunhuta', lastName: 'Halická' } });
  const applicant = world.stored(id).row.applicant_ref;
  const { identity_id: identityId } = world.stored(id).row;
  const traces = tracesOf(id);
  assert.ok(
    traces.length >= 5 && wordsOnDisk(world, traces).length === traces.length,
    'the search finds what is there',
  );
  const vault = join(world.installation.dataDir, 'vault', identityId);
  assert.ok(existsSync(vault));
  const kept = deliveries(world).length;

  const seen = await erase('--phone', phone);
  assert.deepEqual([seen.code, seen.stderr], [0, '']);
  assert.match(seen.stdout, /registered at a kiosk, registered\n {2}here: 1 registration, 2 photos/);
  assert.ok(!existsSync(vault), 'the pictures go at once');
  assert.equal((await world.kiosk.get(`/api/v1/registrations/${id}`)).status, 404);

  await world.pass(3_000);
  assert.ok(applicantAt(applicant).delete_at, 'deleted at the provider');
  await finishErasure(world);
  assert.deepEqual(wordsOnDisk(world, [...traces, phone, phone.slice(4), 'Kunhuta', 'Halická']), []);
  assert.ok(deliveries(world).length < kept);
  assert.deepEqual(
    unfinishedJobs(world).filter(job => job.startsWith('erase')),
    [],
  );
  assert.equal((await world.kiosk.lookup(phone)).status, 'unknown');
  assert.equal(
    (await world.kiosk.post('/api/v1/registrations', { phone })).status,
    201,
    'and may come again',
  );
});

test('somebody Ory asked about and turned down stays out, and nothing else is kept', async () => {
  const { person, applicant, id } = await verifyByOry('suspected');
  const traces = tracesOf(id);
  assert.equal((await person.blocked())?.id, 9410003);
  const seen = await erase('--kratos-identity', person.id.toUpperCase());
  assert.equal(seen.code, 0, seen.stderr);
  assert.match(seen.stdout, /what stays: a keyed hash of the Kratos id/);
  await finishErasure(world);
  assert.equal(person.mirrored(), null);
  assert.ok(applicantAt(applicant).delete_at);
  assert.deepEqual(wordsOnDisk(world, [...traces, person.id.replaceAll('-', '')]), []);

  const blocked = await person.blocked();
  assert.deepEqual([blocked?.id, blocked?.status, blocked?.url], [9410003, 'declined', null]);
  assert.equal((await person.initiate()).json<{ status: string }>().status, 'declined');
  assert.equal((await person.session()).status, 409);
  assert.equal(
    world.gateway.store.main.one(
      sql.selectFrom('registrations').select('id').where('kratos_identity_id', '=', person.id),
    ),
    undefined,
  );
  const again = await erase('--kratos-identity', person.id);
  assert.deepEqual([again.code, /stays blocked/.test(again.stderr)], [1, true]);
});

test('somebody Ory asked about and approved is unknown afterwards', async () => {
  const { person, applicant } = await verifyByOry();
  assert.equal(await person.blocked(), null);
  assert.equal((await erase('--kratos-identity', person.id)).code, 0);
  await world.pass(3_000);
  const blocked = await person.blocked();
  assert.deepEqual([blocked?.id, blocked?.status], [9410004, 'none']);
  assert.deepEqual([person.mirrored(), applicantAt(applicant).delete_at !== null], [null, true]);
  assert.equal((await person.initiate()).json<{ status: string }>().status, 'pending');
  await world.pass(3_000);
  assert.equal(person.mirrored()?.status, 'pending', 'who comes back is told about');
});

test('a person who comes back before Kratos was told is not overwritten', async () => {
  const { person } = await verifyByOry();
  world.kratos.fail({ kind: 'status', status: 503, method: 'PATCH', times: 3 });
  assert.equal((await erase('--kratos-identity', person.id)).code, 0);
  await world.pass(1_500);
  await person.initiate();
  await world.pass(60_000);
  assert.equal(person.mirrored()?.status, 'pending');
});

test('a provider that is down is asked until it has deleted', async () => {
  const { person, applicant } = await verifyByOry();
  world.onfido.fail({ kind: 'status', status: 503, method: 'DELETE', path: '/applicants/*', times: 4 });
  assert.equal((await erase('--kratos-identity', person.id)).code, 0);
  await world.pass(10_000);
  assert.equal(applicantAt(applicant).delete_at, null);
  assert.ok(unfinishedJobs(world).includes('erase_at_provider ready'));
  await world.pass(600_000);
  assert.ok(applicantAt(applicant).delete_at);
  await finishErasure(world);
  assert.deepEqual(wordsOnDisk(world, [applicant, person.id]), []);
});

test('a check that still runs is waited for, and its verdict moves nothing', async () => {
  const phone = newPhone();
  const id = await capture(world, { phone });
  const { row } = world.stored(id);
  const checkRef = world.stored(id).checks[0]?.check_ref ?? '';
  assert.equal((await erase(id)).code, 0);
  await world.pass(5_000);
  world.onfido.announce(checkRef, 'check.completed');
  await finishErasure(world);
  assert.ok(applicantAt(row.applicant_ref).delete_at);
  assert.equal((await world.kiosk.lookup(phone)).status, 'unknown');
  assert.deepEqual(wordsOnDisk(world, [id, checkRef]), []);
});

test('a webhook about somebody erased long since is answered, and not kept', async () => {
  const phone = newPhone();
  const id = await verify(world, { phone });
  const checkRef = world.stored(id).checks[0]?.check_ref ?? '';
  assert.equal((await erase('--phone', phone)).code, 0);
  await finishErasure(world);
  world.onfido.announce(checkRef, 'check.completed');
  await world.pass(5_000);
  assert.equal(world.onfido.deliveries.at(-1)?.status, 200);
  const late = deliveries(world).at(-1);
  assert.deepEqual([late?.checkRef, late?.outcome, late?.hasBody], [checkRef, 'foreign', false]);
  assert.equal((await world.kiosk.lookup(phone)).status, 'unknown');
});

for (const kind of ['erase_at_provider', 'erase_in_kratos', 'erase_remains'] as const)
  for (const when of ['before', 'after'] as const)
    test(`a gateway that dies ${when} ${kind} ends the same`, async () => {
      const { person, applicant, id } = await verifyByOry('suspected');
      const traces = tracesOf(id);
      const { deaths } = world.crashes;
      world.crashes.arm({ kind, when });
      const { row } = world.stored(id);
      // as after a crash of the command itself: committed, and nothing more
      eraseIdentity(world.gateway.store, row.identity_id, world.clock.now());
      world.gateway.runner.wake();
      await finishErasure(world);
      assert.equal(world.crashes.deaths, deaths + 1);
      assert.ok(applicantAt(applicant).delete_at);
      assert.equal(person.mirrored(), null);
      assert.deepEqual(wordsOnDisk(world, traces), []);
      assert.equal((await person.blocked())?.id, 9410003);
    });

test('a gateway that does not run does the rest when it starts', async () => {
  const { person, applicant, id } = await verifyByOry();
  const { identity_id: identityId } = world.stored(id).row;
  await world.stop();
  assert.equal((await erase(identityId)).code, 0);
  await world.restart();
  await finishErasure(world);
  assert.ok(applicantAt(applicant).delete_at);
  assert.equal(person.mirrored(), null);
});

test('a check that somebody else made for the customer leaves nothing behind', async () => {
  const { id, applicant, checkRef: foreign } = await checkedBySomebodyElse(world, newPhone());
  await world.pass(5_000);
  assert.deepEqual(alertsAbout(world, id), ['foreign_check']);
  assert.deepEqual(wordsOnDisk(world, [applicant, foreign]), [applicant, foreign]);
  assert.equal((await erase(id)).code, 0);
  await finishErasure(world);
  assert.deepEqual(wordsOnDisk(world, [applicant, foreign]), []);
});

test('a delivery about a run that is not known here goes by what its body says', async () => {
  const phone = newPhone();
  const applicant = world.stored(await verify(world, { phone })).row.applicant_ref;
  const [webhook] = world.onfido.state().webhooks as { token: string }[];
  const runs = ['c0ffee00-0000-4000-8000-0000000000b1', 'c0ffee00-0000-4000-8000-0000000000b2'];
  for (const [at, run] of runs.entries()) {
    const about = at === 0 ? applicant : 'c0ffee00-0000-4000-8000-0000000000b3';
    const resource = { applicant_id: about, workflow_run_id: run };
    const payload = { resource_type: 'workflow_task', action: 'workflow_task.completed', resource };
    const raw = Buffer.from(JSON.stringify({ payload }));
    const headers = { 'x-sha2-signature': world.onfido.sign(raw, webhook?.token ?? '') };
    assert.equal((await world.call('POST', '/onfido/callback', { body: raw, headers })).status, 200);
  }
  await world.settle();
  const refs = () => deliveries(world).flatMap(({ checkRef }) => runs.filter(run => run === checkRef));
  assert.deepEqual(refs(), runs);
  assert.equal((await erase('--phone', phone)).code, 0);
  assert.deepEqual(refs(), runs.slice(1), 'somebody else’s stays');
});

test('a delivery that nobody has looked at is found in what came in together', async () => {
  const phone = newPhone();
  const applicant = world.stored(await verify(world, { phone })).row.applicant_ref;
  const { files, keyring } = world.gateway.store;
  await world.stop();
  const inbox = openDb({ file: files.inbox });
  const about = (who: string | null) => Buffer.from(`{"payload":{"action":"moon.rose","of":"${who}"}}`);
  const bodies = [about('somebody else'), about(applicant)];
  keepArrival(inbox, keyring, {
    sources: [{ organization: '1', provider: 'onfido' }],
    parts: bodies.flatMap(body => [0, Date.now(), body.length]),
    bytes: Buffer.concat(bodies),
  });
  assert.equal((await erase('--phone', phone)).code, 0);
  const kept = listDeliveries(inbox, { limit: 1000 }).map(row => row.content_key.toString('hex'));
  const isKept = bodies.map(body => kept.includes(contentKeyOf('1', body).toString('hex')));
  assert.deepEqual([countArrived(inbox), isKept], [0, [true, false]]);
  inbox.close();
  await world.restart();
  await finishErasure(world);
});

test('deliveries that cannot be opened are told of once, although an erasure’s sweep met them first', async () => {
  const told = () =>
    world.log.entries().flatMap(({ alert, subject }) => (alert === 'deliveries_unreadable' ? [subject] : []));
  const spoil = () => {
    const inbox = openDb({ file: world.gateway.store.files.inbox });
    const spoiled = { sources: [], parts: [0, 1, 1, 0, 1, 1], bytes: Buffer.from('{}') };
    keepArrival(inbox, createKeyring(Buffer.alloc(32, 9)), spoiled);
    inbox.close();
  };
  const one = await verify(world, { phone: newPhone() });
  const other = await verify(world, { phone: newPhone() });
  const { store, runner } = world.gateway;
  spoil();
  eraseIdentity(store, world.stored(one).row.identity_id, world.clock.now());
  runner.wake();
  await runner.idle();
  assert.deepEqual([countArrived(store.inbox), countUnreadable(store.inbox)], [0, 2]);
  await finishErasure(world);
  assert.deepEqual(told(), ['2']);
  // the command's own sweep, and a restart
  spoil();
  assert.equal((await erase(other)).code, 0);
  await finishErasure(world);
  assert.deepEqual(told(), ['2', '4']);
  await world.restart();
  await finishErasure(world);
  assert.deepEqual(told(), ['2', '4']);
});

test('whoever waits for a person is not waited for any more, and no job is left behind', async () => {
  const troubles = () => world.log.entries().filter(({ level }) => level === 'error').length;
  const before = troubles();
  const id = await verify(world, { phone: newPhone(), outcome: 'caution' });
  assert.deepEqual(openCauses(world, id), ['caution']);
  assert.equal((await erase(id)).code, 0);
  assert.deepEqual(openCauses(world, id), []);

  const open = newPhone();
  const registered = await world.kiosk.register({ phone: open });
  await world.settle();
  const stream = await openEvents(
    ends,
    world.gateway.addresses.private,
    `/api/v1/registrations/${registered.id}/events`,
    { authorization: `Bearer ${world.kiosk.key}` },
  );
  await stream.untilCount(1);
  const link = world.textedLink(open);
  assert.equal((await erase('--phone', open)).code, 0);
  assert.equal((await world.customer(link).get()).status, 404);
  await finishErasure(world);
  await stream.ended;
  assert.deepEqual(
    unfinishedJobs(world).filter(job => job.endsWith('dead') || job.startsWith('erase')),
    [],
  );
  assert.equal(troubles(), before);
});

test('an applicant that the provider made while somebody was erased is deleted too', async () => {
  const phone = newPhone();
  world.onfido.fail({ kind: 'slow', ms: 4_000, method: 'POST', path: '/applicants' });
  const made = world.onfido.count('POST', '/applicants');
  const { id } = await world.kiosk.register({ phone });
  while (world.onfido.count('POST', '/applicants') === made) await new Promise(setImmediate);
  assert.equal((await erase(id)).code, 0);
  world.clock.advance(4_000);
  await finishErasure(world);
  const applicants = world.onfido.state().applicants as { wire: { id: string; delete_at: string | null } }[];
  assert.ok(applicants.at(-1)?.wire.delete_at);
});

test('an identity that Kratos does not know any more is erased here and at the provider, with an alert', async () => {
  const { person, applicant, id } = await verifyByOry();
  const traces = tracesOf(id).filter(trace => trace !== id);
  world.kratos.removeIdentity(person.id);
  world.decide(id, 'register');
  await world.pass(3_000);
  assert.deepEqual(alertsAbout(world, id), ['kratos_identity_gone']);
  assert.ok(applicantAt(applicant).delete_at);
  await finishErasure(world);
  assert.deepEqual(wordsOnDisk(world, traces), []);
});

test('a Kratos that does not know many is taken for the wrong one: the rest is not erased', async t => {
  const wrong = await startOryWorld({ after: close => t.after(close) });
  const people = Array.from({ length: 25 }, () => signUp(wrong));
  for (const person of people) await person.initiate();
  await wrong.settle();
  for (const { id } of people) wrong.kratos.removeIdentity(id);
  for (const { id } of people)
    await hook(wrong, '/onfido/validate', { identity_id: id, metadata_public: {} });
  await wrong.pass(5_000);
  const left = () =>
    wrong.gateway.store.main.all(sql.selectFrom('registrations').select('id').where('channel', '=', 'ory'))
      .length;
  assert.equal(left(), 5);
  assert.deepEqual(alertsAbout(wrong, 'kratos'), ['kratos_identities_gone']);
  wrong.clock.advance(3_700_000);
  await wrong.settle();
  assert.equal(left(), 0, 'within the next hour');
});

test('a proxy’s 404 erases nobody', async () => {
  const { person, applicant, id } = await verifyByOry();
  world.kratos.fail({ kind: 'status', status: 404, method: 'PATCH', body: '<h1>Not found</h1>' });
  world.decide(id, 'register');
  await world.pass(3_000);
  assert.equal(applicantAt(applicant).delete_at, null);
  assert.equal(await person.blocked(), null);
});
