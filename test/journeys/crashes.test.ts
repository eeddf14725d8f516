/**
 * The gateway dies between two steps and is started again: the customer still ends in the right state, with one text of
 * each kind, one applicant, one check, one of each picture.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { JobKind } from '../../src/domain/job.js';
import { startExternalSite } from '../support/external-site.js';
import type { CrashPoint } from '../support/faults.js';
import { kindsTo } from '../support/verify.js';
import type { World } from '../support/world.js';
import { assertRegisteredOnce, capture, doomed, type Journey, mirrored, register } from './once.js';

const minute = 60_000;

async function journey(t: TestContext, point: CrashPoint | null): Promise<Journey> {
  const world = await doomed(t, point);
  const made = await register(world);
  await capture(made, true);
  await world.pass(2 * minute);
  return made;
}

/** The work of one undisturbed journey, by kind and how often. */
const work: Readonly<Partial<Record<JobKind, number>>> = {
  webhook: 1,
  prepare: 1,
  notice: 2,
  submit: 1,
  read: 1,
  mirror: 5,
  documents: 1,
};

test('an undisturbed journey is the work that the crashes below fall into', async t => {
  const made = await journey(t, null);
  assertRegisteredOnce(made);
  const counted: Partial<Record<JobKind, number>> = {};
  for (const kind of made.world.crashes.begun) counted[kind] = (counted[kind] ?? 0) + 1;
  assert.deepEqual(counted, work);
});

/** Of many alike the first and the last are enough. */
const points = (Object.entries(work) as [JobKind, number][]).flatMap(([kind, times]) =>
  [...new Set([0, times - 1])].flatMap(skip =>
    (['before', 'after'] as const).map(when => ({ kind, skip, when })),
  ),
);

for (const point of points)
  test(`dying ${point.when} ${point.kind} ${point.skip + 1}`, async t => {
    const made = await journey(t, point);
    assert.equal(made.world.crashes.deaths, 1);
    assertRegisteredOnce(made);
  });

/** The deadline comes before any other look for uploads. */
const shortLinks = { settings: { times: { link: '10m', uploads: '3h' } } };

for (const when of ['before', 'after'] as const) {
  test(`dying ${when} the sweep that looks for uploads`, async t => {
    const world = await doomed(t, { kind: 'look_for_uploads', when });
    const made = await register(world);
    await capture(made, false);
    await world.pass(25 * minute);
    assert.equal(world.crashes.deaths, 1);
    assertRegisteredOnce(made);
  });

  test(`dying ${when} a deadline that finds uploads`, async t => {
    const world = await doomed(t, { kind: 'deadline', when }, shortLinks);
    const made = await register(world);
    await capture(made, false);
    await world.pass(25 * minute);
    assert.equal(world.crashes.deaths, 1);
    assertRegisteredOnce(made);
  });

  test(`dying ${when} a deadline that finds nothing`, async t => {
    const world = await doomed(t, { kind: 'deadline', when }, shortLinks);
    const { id, phone } = await register(world);
    await world.pass(12 * minute);
    assert.equal(world.crashes.deaths, 1);
    assert.equal(world.stored(id).registration.result, 'EXPIRED');
    assert.deepEqual(kindsTo(world, phone), ['link', 'expired']);
    assert.equal(mirrored(world), 'expired');
  });

  test(`dying ${when} finding out whose check a delivery is about`, async t => {
    const world = await doomed(t, { kind: 'resolve', when });
    const made = await register(world);
    // the check is made, but nobody here hears of it before its completion is delivered
    world.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/checks' });
    await capture(made, true);
    await world.pass(600);
    await world.pass(12 * minute);
    assert.equal(world.crashes.deaths, 1);
    assertRegisteredOnce(made);
  });

  test(`dying ${when} telling an external site of its customer`, async t => {
    const site = await startExternalSite(t, url => world.call('GET', new URL(url).pathname));
    const organizations = [{ verificationSite: site.url }];
    const world: World = await doomed(t, { kind: 'prepare', when }, { organizations });
    const made = await register(world);
    const applicant = world.stored(made.id).row.applicant_ref ?? '';
    assert.equal(site.registered.at(-1)?.applicantId, applicant);
    world.onfido.upload(applicant);
    assert.equal(await site.submit(applicant), 204);
    await world.pass(2 * minute);
    assert.equal(world.crashes.deaths, 1);
    assertRegisteredOnce(made);
  });
}
