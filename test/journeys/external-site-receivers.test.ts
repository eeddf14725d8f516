/**
 * An external verification site and the provider whose tokens it gets are two receivers: each has its own pace and its
 * own health, and what passes from one to the other is in memory only.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobKind } from '../../src/domain/job.js';
import { alertsAfter } from '../../src/store/alerts.js';
import { listClosedReceivers } from '../../src/store/closed-receivers.js';
import { eraseIdentity } from '../../src/store/commit-erasure.js';
import { listJobs } from '../../src/store/jobs.js';
import { bytesIn, filesBelow } from '../support/disk.js';
import { type ExternalSite, startExternalSite } from '../support/external-site.js';
import type { Section } from '../support/installation.js';
import { kindsTo, newPhone, verify } from '../support/verify.js';
import { type Ends, startWorld, type World, type WorldOptions } from '../support/world.js';

const minute = 60_000;
const forEver = 100_000;

interface Told {
  readonly world: World;
  readonly site: ExternalSite;
}

async function startTold(
  t: Ends,
  organization: Section = {},
  further: readonly Section[] = [],
  more: WorldOptions = {},
): Promise<Told> {
  const site = await startExternalSite(t, url => world.call('GET', new URL(url).pathname));
  const organizations = [{ verificationSite: site.url, ...organization }, ...further];
  const world: World = await startWorld(t, { ...more, organizations });
  return { world, site };
}

async function ask(world: World): Promise<{ id: string; phone: string }> {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  return { id, phone };
}

async function askMany(world: World, count: number) {
  const asked: { id: string; phone: string }[] = [];
  for (let i = 0; i < count; i++) asked.push(await ask(world));
  await world.settle();
  return asked;
}

function applicantOf(world: World, id: string): string {
  return world.stored(id).row.applicant_ref ?? '';
}

function countTokens(world: World): number {
  return world.onfido.count('POST', '/sdk_token');
}

function closedNow(world: World): string[] {
  return listClosedReceivers(world.gateway.store.main).map(({ name }) => name);
}

function closedAlerts(world: World): (string | null)[] {
  return alertsAfter(world.gateway.store.main, 0)
    .filter(({ code }) => code === 'receiver_closed')
    .map(({ subject }) => subject);
}

test('tokens for the site keep to the provider’s pace, however many are asked for at once', async t => {
  const more = { onfido: { requestsPerMinute: 60 }, sms: { perKioskDaily: 1_000 } };
  const { world, site } = await startTold(t, more);
  const asked = await askMany(world, 60);
  const passSeconds = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) await world.pass(1_000);
  };
  await passSeconds(130);
  assert.equal(site.registered.length, 60);
  for (const { id } of asked)
    assert.equal((await world.kiosk.post(`/api/v1/registrations/${id}/resend`)).status, 200);
  await world.settle();
  await passSeconds(80);
  assert.equal(site.registered.length, 120);
  for (const { phone } of asked) assert.deepEqual(kindsTo(world, phone), ['link', 'link']);
  // a fifth of a minute's at once, one for each second, and what the jobs that run may each ask in between
  const [burst, places] = [12, 4];
  const times = world.onfido.calls.map(({ at }) => at);
  for (const [first, from] of times.entries())
    for (const [more, to] of times.slice(first).entries()) {
      const made = more + 1;
      assert.ok(made <= burst + places + (to - from) / 1_000, `${made} requests within ${to - from} ms`);
    }
});

test('a provider that makes no tokens is no fault of the site, and whoever has a token is told', async t => {
  const { world, site } = await startTold(t);
  site.refuse(1);
  const [early] = await askMany(world, 1);
  assert.deepEqual([site.registered.length, countTokens(world)], [0, 1]);
  world.onfido.fail({ kind: 'status', status: 503, method: 'POST', path: '/sdk_token', times: forEver });
  const late = await askMany(world, 8);
  await world.pass(3 * minute);
  assert.deepEqual(
    site.registered.map(({ applicantId }) => applicantId),
    [applicantOf(world, early!.id)],
  );
  assert.deepEqual(kindsTo(world, early!.phone), ['link']);
  assert.deepEqual([closedNow(world), closedAlerts(world)], [['onfido:1'], ['onfido:1']]);
  world.onfido.clearFaults();
  await world.pass(10 * minute);
  assert.deepEqual(closedNow(world), []);
  for (const { phone } of late) assert.deepEqual(kindsTo(world, phone), ['link']);
  assert.equal(site.registered.length, 9);
});

test('a site that is down is no fault of the provider, whose work goes on; it is asked for no token twice', async t => {
  const { world, site } = await startTold(t, {}, [
    { id: 'two', onfido: { apiToken: { secret: 'ONFIDO_API_TOKEN' } } },
  ]);
  const [early] = await askMany(world, 1);
  site.refuse(forEver);
  const late = await askMany(world, 8);
  await world.pass(10 * minute);
  assert.deepEqual([closedNow(world), closedAlerts(world)], [['site:1'], ['site:1']]);
  const applicant = applicantOf(world, early!.id);
  world.onfido.upload(applicant);
  await site.submit(applicant);
  await world.pass(2_000);
  assert.equal(world.identityStatus(early!.id), 'registered');
  const elsewhere = await verify(world, { phone: newPhone(), kiosk: await world.addKiosk('Bar', 'two') });
  assert.equal(world.identityStatus(elsewhere), 'registered');
  await world.pass(30 * minute);
  const sessionsOnOurPage = 1;
  assert.equal(countTokens(world), 9 + sessionsOnOurPage);
  site.refuse(0);
  await world.pass(20 * minute);
  for (const { phone } of late) assert.deepEqual(kindsTo(world, phone), ['link']);
  assert.deepEqual([site.registered.length, countTokens(world)], [9, 9 + sessionsOnOurPage]);
  assert.deepEqual(closedNow(world), []);
});

test('a token that waited for the site for an hour is not given to it; another one is made', async t => {
  const { world, site } = await startTold(t);
  site.refuse(forEver);
  const [asked] = await askMany(world, 1);
  await world.pass(55 * minute);
  assert.equal(countTokens(world), 1);
  // the next look at it comes when the hour is over
  site.refuse(0);
  await world.pass(15 * minute);
  assert.equal(countTokens(world), 2);
  assert.deepEqual(kindsTo(world, asked!.phone), ['link']);
  const [, payload = ''] = (site.token(applicantOf(world, asked!.id)) ?? '').split('.');
  const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
  assert.ok(exp * 1_000 > world.clock.now() + 75 * minute);
});

test('a site that fails one customer for a day is given up, however many tokens were made for it', async t => {
  const { world, site } = await startTold(t, {}, [], { settings: { times: { link: '5d' } } });
  site.refuse(forEver);
  const [asked] = await askMany(world, 1);
  const { main } = world.gateway.store;
  const given = () => alertsAfter(main, 0).filter(({ code }) => code === 'job_given_up');
  // the better part of the day has passed
  main.raw.exec("UPDATE jobs SET attempts = 31 WHERE kind = 'tell_site'");
  await world.pass(minute);
  assert.deepEqual(given(), []);
  await world.pass(200 * minute);
  const [telling] = listJobs(main, { kind: 'tell_site', limit: 1 });
  assert.deepEqual([telling?.state, telling?.attempts], ['dead', 36]);
  const tokens = countTokens(world);
  assert.ok(tokens >= 2, `${tokens} tokens`);
  await world.pass(90 * minute);
  assert.deepEqual(
    given().map(({ subject }) => subject),
    [`tell_site ${telling?.id}`],
  );
  assert.equal(countTokens(world), tokens, 'what was given up is renewed no more');
  site.refuse(0);
  assert.equal((await world.kiosk.post(`/api/v1/registrations/${asked!.id}/resend`)).status, 200);
  await world.settle();
  assert.deepEqual(kindsTo(world, asked!.phone), ['link', 'link']);
});

for (const kind of ['site_token', 'tell_site'] as const satisfies readonly JobKind[])
  for (const when of ['before', 'after'] as const)
    test(`dying ${when} ${kind}: the site is told, and the text is sent once`, async t => {
      const { world, site } = await startTold(t);
      world.crashes.arm({ kind, when });
      const [asked] = await askMany(world, 1);
      await world.pass(minute);
      assert.equal(world.crashes.deaths, 1);
      assert.ok(site.token(applicantOf(world, asked!.id)));
      assert.deepEqual(kindsTo(world, asked!.phone), ['link']);
      // a token that the first life had was made again; once more when both jobs see to it, which costs nothing
      const lost = kind === 'site_token' && when === 'before' ? 0 : 1;
      assert.ok(countTokens(world) >= 1 + lost && countTokens(world) <= 1 + 2 * lost);
      const own = listJobs(world.gateway.store.main, { limit: 100 }).filter(job => /site/.test(job.kind));
      assert.deepEqual(own.map(job => `${job.kind} ${job.state}`).sort(), [
        'site_token done',
        'tell_site done',
      ]);
    });

test('a restart while the site is down costs nobody their text, and nobody gets two', async t => {
  const { world, site } = await startTold(t);
  site.refuse(forEver);
  const asked = await askMany(world, 3);
  await world.restart();
  await world.pass(minute);
  site.refuse(0);
  await world.pass(10 * minute);
  for (const { phone } of asked) assert.deepEqual(kindsTo(world, phone), ['link']);
  assert.equal(countTokens(world), 6);
});

test('a job that an earlier version left is done: it asks for the token it does not find', async t => {
  const { world, site } = await startTold(t);
  const [asked] = await askMany(world, 1);
  const { raw } = world.gateway.store.main;
  raw.exec("DELETE FROM jobs WHERE kind = 'site_token'");
  raw.exec("UPDATE jobs SET state = 'ready', background = 1, run_at = 0 WHERE kind = 'tell_site'");
  world.gateway.runner.wake();
  await world.settle();
  assert.equal(site.registered.length, 2);
  const background = raw.prepare("SELECT kind FROM jobs WHERE kind LIKE '%site%' AND background = 1").pluck();
  assert.deepEqual(background.all().sort(), ['site_token', 'tell_site'], 'still nobody waits for it');
  assert.deepEqual(kindsTo(world, asked!.phone), ['link']);
});

test('whoever is erased while the site is down is not told of any more', async t => {
  const { world, site } = await startTold(t);
  site.refuse(forEver);
  const [asked] = await askMany(world, 1);
  const { store } = world.gateway;
  eraseIdentity(store, world.stored(asked!.id).row.identity_id, world.clock.now());
  site.refuse(0);
  await world.pass(90 * minute);
  assert.deepEqual([site.registered.length, world.texts(asked!.phone).length], [0, 0]);
  assert.deepEqual(
    listJobs(store.main, { limit: 100 }).filter(({ kind }) => /site/.test(kind)),
    [],
  );
});

test('no file and no line of the log has a token', async t => {
  const { world, site } = await startTold(t, {}, []);
  site.refuse(2);
  const asked = await askMany(world, 2);
  const waiting = [...bytesBelow(world.installation.dataDir), Buffer.from(world.log.text())];
  site.refuse(0);
  await world.pass(minute);
  const told = [...bytesBelow(world.installation.dataDir), Buffer.from(world.log.text())];
  for (const { id } of asked) {
    const applicant = applicantOf(world, id);
    const token = site.token(applicant) ?? '';
    assert.equal(countTokens(world), 2, 'it is the one that waited');
    const words = [token, ...token.split('.').slice(1)];
    for (const bytes of [...waiting, ...told])
      for (const word of words) assert.ok(word.length > 20 && !bytes.includes(word));
    assert.ok(
      told.some(bytes => bytes.includes(applicant)),
      'the search finds what is there',
    );
  }
});

function bytesBelow(folder: string): Buffer[] {
  return filesBelow(folder).map(bytesIn);
}
