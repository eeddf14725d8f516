/** From the kiosk to the end with Jumio: the link in the SMS, Jumio's own page, its callback, the verdict, the pictures. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type {
  JumioSimulator,
  JumioSimulatorOptions,
  OutcomeName,
} from '../../../src/simulators/jumio/index.js';
import { documentsOf } from '../../../src/store/documents.js';
import { alertsAbout, deliveries, openCauses } from '../../support/records.js';
import { kindsTo, newPhone } from '../../support/verify.js';
import { type Ends, endsOfFile, startWorld, type World, type WorldOptions } from '../../support/world.js';
import { finish, jumioBeside, secrets } from './beside.js';

const minute = 60_000;

interface Place {
  readonly world: World;
  readonly sim: JumioSimulator;
}

async function open(t: Ends, jumio: JumioSimulatorOptions = {}, options: WorldOptions = {}): Promise<Place> {
  const vendor = jumioBeside(jumio);
  const world = await startWorld(t, { ...options, ...vendor.options });
  return { world, sim: vendor.sim() };
}

interface Guest {
  readonly id: string;
  readonly phone: string;
  /** the tap on Continue: answers where the customer is sent */
  go(): Promise<string>;
  page(): Promise<string>;
}

async function invite({ world }: Place, body: object = {}): Promise<Guest> {
  // Jumio is asked for one run a second
  await world.pass(1_000);
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone, ...body });
  await world.settle();
  const customer = world.customer(world.textedLink(phone));
  assert.equal((await customer.get()).status, 200);
  return {
    id,
    phone,
    async go() {
      const answer = await customer.start();
      assert.equal(answer.status, 303, answer.text);
      return String(answer.headers.location);
    },
    page: async () => (await customer.standing()).page,
  };
}

/** The runs made for a guest, oldest first. */
function runsOf({ world, sim }: Place, { id }: Guest) {
  const { applicant_ref: ref } = world.stored(id).row;
  return sim.state().workflows.filter(run => run.customerInternalReference === ref);
}

/** The addresses of two runs of one customer, both of which can still be gone through. */
async function twoRuns({ world }: Place, guest: Guest): Promise<readonly [string, string]> {
  const first = await guest.go();
  await fetch(first);
  // links are kept in memory only
  await world.restart();
  const second = await guest.go();
  assert.notEqual(second, first);
  return [first, second];
}

/** The world of most of these tests. */
let common: Place;
const ends = endsOfFile();
before(async () => {
  common = await open(ends);
});

test('a customer goes to Jumio’s page and back, and is registered by what retrieval says', async () => {
  const place = common;
  const { world, sim } = place;
  const guest = await invite(place);
  assert.equal(runsOf(place, guest).length, 0, 'nothing is made before somebody comes');
  const href = await guest.go();
  assert.ok(href.startsWith(`${sim.origin}/web/v4/app?`));
  const back = new URL((await finish(href)) ?? '');
  assert.equal(back.origin, 'https://kyc.example.net');
  assert.equal(back.pathname, new URL(world.textedLink(guest.phone)).pathname);
  await world.pass(2_000);
  assert.equal(world.identityStatus(guest.id), 'registered');
  assert.equal(await guest.page(), 'registered');
  assert.deepEqual(kindsTo(world, guest.phone), ['link', 'registered']);
  const [run] = runsOf(place, guest);
  const [check] = world.stored(guest.id).checks;
  assert.equal(check?.check_ref, `${run?.accountId}/${run?.id}`);
  assert.equal(run?.customerInternalReference, world.stored(guest.id).row.applicant_ref);
  const kept = documentsOf(world.gateway.store.main, check?.id ?? '').map(({ kind }) => kind);
  assert.deepEqual(kept.sort(), ['document', 'document_back', 'selfie']);
  assert.deepEqual(alertsAbout(world, guest.id), []);
});

test('neither the link nor a secret is stored or logged', async () => {
  const place = common;
  const { world } = place;
  const guest = await invite(place);
  const href = await guest.go();
  await finish(href, 'rejected-fake');
  await world.pass(2_000);
  const token = new URL(href).searchParams.get('authorizationToken') ?? '';
  const dump = world.log.text() + world.gateway.store.main.raw.serialize().toString('latin1');
  for (const secret of [token, ...Object.values(secrets)]) assert.ok(!dump.includes(secret));
});

test('the page may lead to Jumio and nowhere else', async () => {
  const place = common;
  const { world, sim } = place;
  const phone = newPhone();
  await world.kiosk.register({ phone });
  await world.settle();
  const { headers } = await world.customer(world.textedLink(phone)).get();
  const policy = String(headers['content-security-policy']);
  assert.match(policy, new RegExp(`form-action 'self' https://\\*\\.jumio\\.ai ${sim.origin}(;|$)`));
});

const outcomes: [OutcomeName, string, string, string][] = [
  ['rejected-blurred', 'REJECTED_IMAGE_INTEGRITY', 'rejected', 'retry_pictures'],
  ['rejected-face', 'SUSPECTED_FACE_COMPARISON', 'rejected', 'rejected'],
  ['warning-watchlist', 'CAUTION', 'awaiting_registration', 'in_review'],
  ['not-executed', 'UNKNOWN', 'awaiting_registration', 'in_review'],
];

test('what Jumio says decides, and a person looks where a person must', async () => {
  const place = common;
  const { world } = place;
  for (const [outcome, result, status, page] of outcomes) {
    const guest = await invite(place);
    await finish(await guest.go(), outcome);
    await world.pass(2_000);
    assert.equal(world.stored(guest.id).registration.result, result);
    assert.equal(world.identityStatus(guest.id), status);
    assert.equal(await guest.page(), page);
  }
});

test('a tap within the link’s life leads to the same page; after it to a new one of the same account', async () => {
  const place = common;
  const { world } = place;
  const guest = await invite(place);
  const first = await guest.go();
  assert.equal(await guest.go(), first);
  await world.pass(31 * minute);
  assert.equal(runsOf(place, guest)[0]?.status, 'TOKEN_EXPIRED');
  assert.equal(await guest.page(), 'continue');
  const second = await guest.go();
  assert.notEqual(second, first);
  await finish(second);
  await world.pass(2_000);
  assert.equal(world.identityStatus(guest.id), 'registered');
  const [one, two] = runsOf(place, guest);
  assert.equal(one?.accountId, two?.accountId);
  assert.deepEqual(alertsAbout(world, guest.id), []);
});

test('who never finishes expires when our own link does, not when Jumio’s does', async () => {
  const place = common;
  const { world } = place;
  const guest = await invite(place);
  await guest.go();
  await world.pass(60 * minute);
  assert.equal(world.stored(guest.id).registration.status, 'opened');
  await world.pass(31 * minute);
  assert.equal(world.stored(guest.id).registration.result, 'EXPIRED');
  assert.deepEqual(openCauses(world, guest.id), []);
});

test('the first of two runs that ends decides; a dead one changes nothing', async () => {
  const place = common;
  const { world } = place;
  const guest = await invite(place);
  const [first] = await twoRuns(place, guest);
  await finish(first, 'passed');
  await world.pass(2_000);
  assert.equal(world.identityStatus(guest.id), 'registered');
  await world.pass(31 * minute);
  assert.equal(world.identityStatus(guest.id), 'registered');
  assert.deepEqual(alertsAbout(world, guest.id), []);
});

for (const order of ['passed first', 'found out first'])
  test(`of two runs that ended the worse one counts: ${order}`, async () => {
    const place = common;
    const { world } = place;
    const guest = await invite(place);
    const [first, second] = await twoRuns(place, guest);
    const outcomes = [
      [second, 'passed'],
      [first, 'rejected-fake'],
    ] as const;
    for (const [url, outcome] of order === 'passed first' ? outcomes : [...outcomes].reverse()) {
      await finish(url, outcome);
      await world.pass(2_000);
    }
    await world.pass(31 * minute);
    assert.equal(world.identityStatus(guest.id), 'rejected');
    assert.match(world.stored(guest.id).registration.result ?? '', /^SUSPECTED/);
    assert.deepEqual(alertsAbout(world, guest.id), []);
  });

test('who took all pictures and taps again is told so, and the check goes on', async t => {
  const place = await open(t, { processAfterMs: 5 * minute });
  const { world } = place;
  const guest = await invite(place);
  await finish(await guest.go());
  assert.match(await guest.go(), /\/v\//);
  await world.settle();
  assert.equal(await guest.page(), 'submitted');
  assert.equal(world.stored(guest.id).registration.status, 'submitted');
  await world.pass(6 * minute);
  assert.equal(world.identityStatus(guest.id), 'registered');
  assert.equal(runsOf(place, guest).length, 1);
});

test('with its callbacks lost a run is found by asking', async () => {
  const place = common;
  const { world, sim } = place;
  sim.failDelivery({ kind: 'lost' });
  const guest = await invite(place);
  await finish(await guest.go());
  await world.pass(35 * minute);
  assert.equal(world.identityStatus(guest.id), 'registered');
});

test('with a port in the public URL Jumio is told none, the start says so, and runs are found by asking', async t => {
  const settings = { site: { publicUrl: 'https://kyc.example.net:8443' } };
  const place = await open(t, {}, { settings });
  const { world, sim } = place;
  assert.ok(world.gateway.config.warnings.some(warning => /Jumio/.test(warning) && /port/.test(warning)));
  const guest = await invite(place);
  assert.equal(await finish(await guest.go()), null, 'Jumio has nowhere to send the customer');
  const [run] = runsOf(place, guest);
  assert.deepEqual([run?.callbackUrl, run?.successUrl], [null, null]);
  await world.pass(35 * minute);
  assert.equal(world.identityStatus(guest.id), 'registered');
  assert.equal(sim.deliveries.length, 0);
});

test('a lost answer makes no second account by itself; the lost run is adopted by its reference', async () => {
  const place = common;
  const { world, sim } = place;
  sim.fail({ kind: 'cut-after', method: 'POST', path: '/accounts' });
  const guest = await invite(place);
  const customer = world.customer(world.textedLink(guest.phone));
  assert.equal((await customer.start()).status, 503);
  await world.pass(5 * minute);
  assert.equal(runsOf(place, guest).length, 1);
  const [lost] = runsOf(place, guest);
  assert.ok(lost);
  sim.capture(lost.id);
  await world.pass(2_000);
  assert.equal(world.stored(guest.id).checks[0]?.check_ref, `${lost.accountId}/${lost.id}`);
  assert.equal(world.identityStatus(guest.id), 'registered');
});

test('a forged callback leaves no trace, and a genuine one about another’s run decides nothing', async () => {
  const place = common;
  const { world } = place;
  const guest = await invite(place);
  await guest.go();
  const [run] = runsOf(place, guest);
  assert.ok(run);
  const body = (userReference: string | null, workflowId = run.id) => ({
    userReference,
    workflowExecution: { id: workflowId, status: 'PROCESSED' },
    account: { id: run.accountId },
  });
  const post = (sent: object, headers = {}) =>
    world.call('POST', '/jumio/callback', { body: sent, headers }).then(({ status }) => status);
  assert.equal(await post(body('g1.chk_1.AAAA')), 401);
  assert.equal(await post(body(null)), 401);
  const before = deliveries(world).length;
  const signed = { 'x-jumio-signature': 'ab'.repeat(32) };
  assert.equal(await post(body(run.userReference), signed), 503);
  assert.equal(deliveries(world).length, before);
  const stranger = '99999999-9999-4999-8999-999999999999';
  assert.equal(await post(body(run.userReference, stranger)), 200);
  assert.equal(await post(body(run.userReference)), 200);
  await world.pass(2_000);
  assert.equal(world.stored(guest.id).registration.status, 'opened');
});

test('a customer in the USA agrees first, and Jumio is told', async t => {
  const { world, sim } = await open(t, {}, { organizations: [{ countries: ['US', 'CZ'] }] });
  const phone = newPhone();
  await world.kiosk.register({ phone, country: 'US' });
  await world.settle();
  const customer = world.customer(world.textedLink(phone));
  assert.equal((await customer.start()).status, 422);
  assert.equal((await customer.start(true)).status, 303);
  assert.deepEqual(sim.state().workflows[0]?.userConsent, {
    userLocation: { country: 'USA' },
    consent: { obtained: 'yes', obtainedAt: new Date(world.clock.now()).toISOString() },
  });
});
