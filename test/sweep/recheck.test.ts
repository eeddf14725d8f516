/** What the provider took back while nobody was there is found, and nothing else moves by looking for it. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { signUp, startOryWorld } from '../support/ory.js';
import { alertsAbout, announced, openCauses, unfinishedJobs } from '../support/records.js';
import { kindsTo, newPhone, verify } from '../support/verify.js';
import { startWorld, type World } from '../support/world.js';

const minute = 60_000;
const hour = 60 * minute;
/** Deliveries that nobody takes are lost. */
const onfido = { webhookRetryDelays: [] };

function refOf(world: World, id: string): string {
  return world.stored(id).checks[0]?.check_ref ?? '';
}

/** The box is down, and comes back. */
async function beAway(world: World, meanwhile: () => void = () => {}): Promise<void> {
  await world.stop();
  await world.pass(30 * hour);
  meanwhile();
  await world.pass(30 * hour);
  await world.restart();
  await world.pass(5 * minute);
}

/** Everything that could have moved. */
function traces(world: World, id: string, phone: string) {
  const { row, registration } = world.stored(id);
  const { status, result, revision, reasonCodes } = registration;
  return {
    registration: { status, result, revision, reasonCodes, decidedAt: row.decided_at },
    identity: world.identityStatus(id),
    announced: announced(world, id),
    texts: kindsTo(world, phone),
    causes: openCauses(world, id),
    alerts: alertsAbout(world, id),
  };
}

/** The operator changes the settings of the one organization. */
function change(world: World, settings: object): void {
  const file = join(world.installation.dir, 'config', 'gatehouse.yaml');
  const before = parse(readFileSync(file, 'utf8')) as { organizations: object[] };
  const organizations = before.organizations.map(each => ({ ...each, ...settings }));
  writeFileSync(file, stringify({ ...before, organizations }));
}

test('a check taken back, opened again or decided anew while nobody was there takes the customer’s status', async t => {
  const world = await startWorld(t, { onfido });
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push(await verify(world, { phone: newPhone() }));
  const [withdrawn = '', reopened = '', suspected = '', left = ''] = ids;
  for (const id of ids) assert.equal(world.identityStatus(id), 'registered');
  const refs = ids.map(id => refOf(world, id));
  await beAway(world, () => {
    world.onfido.withdraw(refs[0] ?? '');
    world.onfido.reopen(refs[1] ?? '');
    world.onfido.reopen(refs[2] ?? '');
    world.onfido.decide(refs[2] ?? '', 'suspected');
    world.onfido.complete(refs[2] ?? '');
  });
  for (const id of [withdrawn, reopened]) {
    assert.equal(world.identityStatus(id), 'awaiting_registration');
    assert.deepEqual(openCauses(world, id), ['reopened']);
    assert.deepEqual(alertsAbout(world, id), ['registered_check_reopened']);
  }
  assert.equal(world.identityStatus(suspected), 'rejected');
  assert.equal(world.identityStatus(left), 'registered');
});

test('so does one of somebody who signed up at Ory, and Kratos is told', async t => {
  const world = await startOryWorld(t, { onfido });
  const person = signUp(world);
  const begun = (await person.initiate()).json<{ verification_url: string }>();
  await world.settle();
  await world.customer(begun.verification_url).goThrough();
  await world.pass(2_000);
  assert.equal(person.mirrored()?.status, 'approved');
  const [check] = world.onfido.state().checks as { wire: { id: string } }[];
  await beAway(world, () => world.onfido.withdraw(check?.wire.id ?? ''));
  assert.equal(person.mirrored()?.status, 'review');
});

test('where the provider’s word is the same, looking changes nothing', async t => {
  const world = await startWorld(t, { onfido });
  const phone = newPhone();
  const id = await verify(world, { phone });
  const before = traces(world, id, phone);
  const reads = () => world.onfido.count('GET', `/checks/${refOf(world, id)}`);
  const asked = reads();
  await beAway(world);
  assert.equal(reads(), asked + 1);
  assert.deepEqual(traces(world, id, phone), before);
});

test('nor by settings and a date that are others by now', async t => {
  const world = await startWorld(t, {
    onfido,
    organizations: [{ autoRegistration: false, policy: { holdExpiredDocument: true } }],
  });
  const waiting = newPhone();
  const waits = await verify(world, { phone: waiting });
  assert.equal(world.identityStatus(waits), 'awaiting_registration');
  change(world, { autoRegistration: true });
  await world.restart();
  const phone = newPhone();
  const properties = { date_of_expiry: '2026-03-05' };
  const outcome = { description: 'clear', document: { result: 'clear', properties } } as const;
  const id = await verify(world, { phone, outcome });
  assert.equal(world.identityStatus(id), 'registered');
  const before = [traces(world, waits, waiting), traces(world, id, phone)];
  change(world, {
    autoRegistration: true,
    policy: { holdExpiredDocument: true, minimumAge: 60 },
  });
  await beAway(world);
  assert.deepEqual([traces(world, waits, waiting), traces(world, id, phone)], before);
});

test('a check that the provider does not know any more costs nobody the status, and raises nothing', async t => {
  const world = await startWorld(t, { onfido });
  const phone = newPhone();
  const id = await verify(world, { phone });
  const before = traces(world, id, phone);
  world.onfido.fail({ kind: 'status', status: 410, path: `/checks/${refOf(world, id)}`, times: 1000 });
  await beAway(world);
  assert.deepEqual(traces(world, id, phone), before);
  assert.deepEqual(
    unfinishedJobs(world).filter(job => job.endsWith('dead')),
    [],
  );
});

test('whom a person registered is not asked about', async t => {
  const world = await startWorld(t, { onfido, organizations: [{ autoRegistration: false }] });
  const id = await verify(world, { phone: newPhone() });
  world.decide(id, 'register');
  await world.settle();
  const reads = () => world.onfido.count('GET', `/checks/${refOf(world, id)}`);
  const asked = reads();
  await beAway(world);
  assert.equal(reads(), asked);
});
