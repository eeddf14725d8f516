/** From the kiosk to the end with Persona: the link in the SMS, Persona's hosted page, its events, the verdict, the photos. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type OutcomeName,
  type PersonaSimulator,
  type PersonaSimulatorOptions,
  signatureHeader,
  startPersonaSimulator,
} from '../../../src/simulators/persona/index.js';
import { documentsOf } from '../../../src/store/documents.js';
import { type Answer, call } from '../../support/call.js';
import { hook, webhookSecret as orySecret } from '../../support/ory.js';
import { alertsAbout, deliveries, openCauses } from '../../support/records.js';
import { kindsTo, newPhone } from '../../support/verify.js';
import { type Ends, endsOfFile, startWorld, type World, type WorldOptions } from '../../support/world.js';

const templateId = 'itmpl_Journey0001';
const secrets = {
  PERSONA_API_KEY: 'persona_production_Zq8-kfW2vR6t',
  PERSONA_WEBHOOK_SECRET: 'wbhsec_5tYbN3mQx9',
};
const minute = 60_000;

interface Place {
  readonly world: World;
  readonly sim: PersonaSimulator;
}

async function open(
  t: Ends,
  persona: PersonaSimulatorOptions = {},
  options: WorldOptions & { persona?: object } = {},
): Promise<Place> {
  let sim: PersonaSimulator | undefined;
  const world = await startWorld(t, {
    ...options,
    secrets: { ...secrets, ...options.secrets },
    async further({ clock, ca, reach }) {
      const started = await startPersonaSimulator({
        clock,
        apiKeys: [secrets.PERSONA_API_KEY],
        templateIds: [templateId],
        webhook: {
          url: 'https://kyc.example.net/persona/callback',
          secrets: [secrets.PERSONA_WEBHOOK_SECRET],
        },
        webhookCa: ca,
        rewriteWebhookUrl: reach,
        ...persona,
      });
      sim = started;
      const section = { apiBase: started.url, templateId, ...options.persona };
      return Object.assign(started, { organization: { provider: 'persona', persona: section } });
    },
  });
  assert.ok(sim);
  return { world, sim };
}

interface Guest {
  readonly id: string;
  readonly phone: string;
  readonly path: string;
  /** the tap on the button: answers where the customer is sent */
  go(): Promise<string>;
  get(): Promise<Answer>;
  page(): Promise<string>;
  submit(): Promise<Answer>;
}

async function invite({ world }: Place, body: object = {}): Promise<Guest> {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone, ...body });
  await world.settle();
  const customer = world.customer(world.textedLink(phone));
  return {
    id,
    phone,
    path: customer.path,
    async go() {
      const answer = await customer.start();
      assert.equal(answer.status, 303, answer.text);
      return String(answer.headers.location);
    },
    get: () => customer.get(),
    page: async () => (await customer.standing()).page,
    submit: () => customer.submit(),
  };
}

function visit(url: string): Promise<Answer> {
  const { origin, pathname, search } = new URL(url);
  return call({ origin }, 'GET', `${pathname}${search}`);
}

/** What a person does on Persona's page; answers where it sends them afterwards. */
async function finish(href: string, outcome: OutcomeName): Promise<string> {
  const page = await visit(href);
  assert.equal(page.status, 200);
  const [, session = ''] = /name="session" value="([^"]+)"/.exec(page.text) ?? [];
  const { origin } = new URL(href);
  const done = await call({ origin }, 'POST', '/verify/finish', {
    body: new URLSearchParams({ session, outcome }),
  });
  return String(done.headers.location);
}

/** The whole way, as most customers go it. */
async function verify(place: Place, outcome: OutcomeName): Promise<Guest> {
  const guest = await invite(place);
  await finish(await guest.go(), outcome);
  await place.world.pass(2_000);
  return guest;
}

/** The inquiries under a guest's reference, oldest first. */
function inquiriesOf({ world, sim }: Place, guest: Guest) {
  const reference = world.stored(guest.id).row.applicant_ref;
  return [...sim.inquiries.values()].filter(({ attributes }) => attributes['reference-id'] === reference);
}

/** For every test that needs nothing but the usual. */
const common = await open(endsOfFile());

test('a customer goes to Persona’s page and back, and is registered by what was asked for', async () => {
  const place = common;
  const { world, sim } = place;
  const guest = await invite(place);
  const policy = String((await guest.get()).headers['content-security-policy']);
  assert.ok(policy.includes(`form-action 'self' ${sim.origin}`), policy);
  const before = sim.calls.length;
  await guest.get();
  assert.equal(sim.calls.length, before);
  assert.deepEqual(inquiriesOf(place, guest), [], 'nothing is made before somebody comes, nor by a preview');
  const href = await guest.go();
  assert.ok(href.startsWith(`${sim.origin}/verify?code=`));
  const back = new URL(await finish(href, 'approved'));
  assert.deepEqual([back.origin, back.pathname], ['https://kyc.example.net', guest.path]);
  await world.pass(2_000);
  assert.equal(world.identityStatus(guest.id), 'registered');
  assert.equal(await guest.page(), 'registered');
  assert.deepEqual(kindsTo(world, guest.phone), ['link', 'registered']);
  const [inquiry] = inquiriesOf(place, guest);
  const { row, checks } = world.stored(guest.id);
  assert.equal(checks[0]?.check_ref, inquiry?.id);
  assert.equal(inquiry?.attributes['reference-id'], row.applicant_ref);
  const kept = documentsOf(world.gateway.store.main, checks[0]?.id ?? '').map(({ kind }) => kind);
  assert.deepEqual(kept.sort(), ['document', 'document_back', 'selfie']);
  assert.deepEqual(alertsAbout(world, guest.id), []);
});

test('no address of Persona’s, no key and no secret is stored or logged', async () => {
  const place = common;
  const { world, sim } = place;
  const guest = await invite(place);
  const href = await guest.go();
  await finish(href, 'approved');
  await world.pass(2_000);
  const { main, inbox } = world.gateway.store;
  const files = [main, inbox].map(({ raw }) => raw.serialize().toString('latin1'));
  const everything = [...files, world.log.text()].join('');
  const code = new URL(href).searchParams.get('code') ?? '';
  for (const secret of [code, 'access_token', ...Object.values(secrets), `${sim.origin}/files`])
    assert.ok(!everything.includes(secret), secret);
});

test('every tap on the button gives a link of its own, into the same inquiry', async () => {
  const place = common;
  const guest = await invite(place);
  const first = await guest.go();
  const second = await guest.go();
  assert.notEqual(first, second);
  assert.equal(inquiriesOf(place, guest).length, 1);
  assert.equal((await visit(first)).status, 200);
  assert.equal((await visit(second)).status, 200);
  assert.equal((await visit(second)).status, 410);
});

test('the page a customer comes back to follows by itself what Persona tells', async t => {
  const place = await open(t, { decideAfterMs: 5 * minute });
  const { world } = place;
  const guest = await invite(place);
  const href = await guest.go();
  assert.match((await guest.get()).text, /data-page="continue"/);
  await finish(href, 'approved');
  await world.settle();
  assert.equal(await guest.page(), 'submitted');
  assert.equal(world.stored(guest.id).registration.status, 'submitted');
  await world.pass(6 * minute);
  assert.equal(await guest.page(), 'registered');
});

test('results do what they do everywhere', async () => {
  const place = common;
  const { world } = place;
  const expected: [OutcomeName, string, string, string[]][] = [
    ['needs_review', 'CAUTION', 'awaiting_registration', ['link', 'awaiting']],
    ['approved_despite_mismatch', 'CAUTION_FACIAL_COMPARISON', 'awaiting_registration', ['link', 'awaiting']],
    ['declined_mismatch', 'SUSPECTED_FACE_COMPARISON', 'rejected', ['link', 'rejected']],
    ['failed_blurred', 'REJECTED_IMAGE_INTEGRITY', 'rejected', ['link', 'rejected_retry']],
    ['failed_expired_document', 'CAUTION_DATA_VALIDATION', 'awaiting_registration', ['link', 'awaiting']],
  ];
  for (const [outcome, result, status, kinds] of expected) {
    const guest = await verify(place, outcome);
    assert.equal(world.stored(guest.id).registration.result, result, outcome);
    assert.equal(world.identityStatus(guest.id), status, outcome);
    assert.deepEqual(kindsTo(world, guest.phone), kinds, outcome);
  }
});

test('somebody else’s inquiry under our reference moves nobody; it is kept and alerted', async () => {
  const place = common;
  const { world, sim } = place;
  const guest = await invite(place);
  await guest.go();
  const referenceId = world.stored(guest.id).row.applicant_ref;
  const stranger = sim.stranger({ templateId, referenceId });
  sim.finish(stranger, 'approved');
  await world.pass(2_000);
  assert.equal(world.identityStatus(guest.id), 'pending');
  assert.equal(world.stored(guest.id).registration.status, 'opened');
  assert.notEqual(world.stored(guest.id).checks[0]?.check_ref, stranger);
  assert.ok(alertsAbout(world, guest.id).includes('foreign_check'));
  const about = deliveries(world).filter(({ checkRef }) => checkRef === stranger);
  assert.ok(about.length > 0 && about.every(({ hasBody }) => hasBody));
  assert.ok(sim.deliveries.every(({ status }) => status === 200 || status === null));
  const [own] = inquiriesOf(place, guest);
  sim.finish(own?.id ?? '', 'declined');
  await world.pass(2_000);
  assert.equal(world.identityStatus(guest.id), 'rejected');
});

test('before the customer has come, an approval under their reference does nothing either', async () => {
  const place = common;
  const { world, sim } = place;
  const guest = await invite(place);
  const referenceId = world.stored(guest.id).row.applicant_ref;
  sim.finish(sim.stranger({ templateId, referenceId }), 'approved');
  await world.pass(2_000);
  await guest.get();
  await guest.submit();
  await world.pass(3 * minute);
  assert.equal(world.stored(guest.id).registration.status, 'link_sent');
  assert.equal(world.identityStatus(guest.id), 'pending');
});

test('inquiries that have nothing to do with us are told of once a day and not kept', async () => {
  const place = common;
  const { world, sim } = place;
  const strangers = ['9f425a8d-7efc-4768-8f23-7647a74fdf13', null].map(referenceId =>
    sim.stranger({ templateId, referenceId }),
  );
  for (const id of strangers) sim.finish(id, 'approved');
  await world.pass(2_000);
  assert.deepEqual(alertsAbout(world, '1'), ['stranger_check']);
  const relevant = deliveries(world).filter(({ checkRef }) => strangers.includes(checkRef ?? ''));
  assert.deepEqual(
    relevant
      .filter(({ action }) => action === 'inquiry.approved')
      .map(({ outcome, hasBody }) => [outcome, hasBody]),
    [
      ['foreign', false],
      ['foreign', false],
    ],
  );
  sim.finish(sim.stranger({ templateId }), 'approved');
  await world.pass(2_000);
  assert.equal(alertsAbout(world, '1').length, 1);
});

test('the answer to the making of an inquiry is lost: the next tap finds that inquiry', async () => {
  const place = common;
  const { world, sim } = place;
  const guest = await invite(place);
  sim.fail({ method: 'POST', path: '/inquiries', kind: 'cut-after' });
  const customer = world.customer(world.textedLink(guest.phone));
  assert.equal((await customer.start()).status, 503);
  await finish(await guest.go(), 'approved');
  await world.pass(2_000);
  assert.equal(inquiriesOf(place, guest).length, 1);
  assert.equal(world.identityStatus(guest.id), 'registered');
});

test('events that never come are made up for by asking', async () => {
  const place = common;
  const { world, sim } = place;
  sim.failDelivery({ kind: 'lost', times: 99 });
  const guest = await verify(place, 'approved');
  sim.clearFaults();
  assert.equal(world.stored(guest.id).registration.status, 'opened');
  await world.pass(30 * minute);
  assert.equal(world.identityStatus(guest.id), 'registered');
});

test('who taps the button once more after the end is told to wait, and the answer is fetched', async () => {
  const place = common;
  const { world, sim } = place;
  sim.failDelivery({ kind: 'lost', times: 99 });
  const guest = await verify(place, 'approved');
  sim.clearFaults();
  const href = await guest.go();
  assert.equal(new URL(href, 'https://kyc.example.net').pathname, guest.path);
  assert.equal(await guest.page(), 'submitted');
  await world.pass(20 * minute);
  assert.equal(world.identityStatus(guest.id), 'registered');
});

test('events in any order, twice and late end the same', async () => {
  const place = common;
  const { world, sim } = place;
  sim.failDelivery({ kind: 'duplicated', action: 'inquiry.approved' });
  sim.failDelivery({ kind: 'delayed', action: 'inquiry.completed', ms: 10 * minute });
  const guest = await verify(place, 'approved');
  await world.pass(15 * minute);
  assert.equal(world.identityStatus(guest.id), 'registered');
  assert.deepEqual(kindsTo(world, guest.phone), ['link', 'registered']);
});

test('an end without a decision waits for a person here', async () => {
  const place = common;
  const { world } = place;
  const guest = await verify(place, 'completed');
  assert.equal(world.stored(guest.id).registration.status, 'submitted');
  await world.pass(15 * minute);
  assert.equal(world.identityStatus(guest.id), 'awaiting_registration');
  assert.deepEqual(openCauses(world, guest.id), ['caution']);
});

test('unreadable pictures open a second try: another inquiry under the same reference', async t => {
  const place = await open(t, {}, { organizations: [{ policy: { resubmissions: 1 } }] });
  const { world } = place;
  const guest = await verify(place, 'failed_blurred');
  assert.deepEqual(kindsTo(world, guest.phone), ['link', 'resubmission']);
  await finish(await guest.go(), 'approved');
  await world.pass(2_000);
  assert.equal(world.identityStatus(guest.id), 'registered');
  const references = inquiriesOf(place, guest).map(({ attributes }) => attributes['reference-id']);
  assert.equal(references.length, 2);
  assert.equal(new Set(references).size, 1);
});

test('a decline after a person had registered the customer opens a case and changes nothing', async () => {
  const place = common;
  const { world, sim } = place;
  const guest = await verify(place, 'needs_review');
  world.decide(guest.id, 'register');
  await world.settle();
  sim.review(inquiriesOf(place, guest)[0]?.id ?? '', 'declined');
  await world.pass(2_000);
  assert.equal(world.identityStatus(guest.id), 'registered');
  assert.deepEqual(openCauses(world, guest.id), ['after_person']);
  assert.deepEqual(alertsAbout(world, guest.id), ['result_after_person']);
});

test('during a rotation either secret is taken; forged, stale and unsigned events are refused', async t => {
  const place = await open(t, {}, { secrets: { PERSONA_WEBHOOK_SECRET: 'wbhsec_new,wbhsec_5tYbN3mQx9' } });
  const { world, sim } = place;
  const body = JSON.stringify({ data: { attributes: { name: 'inquiry.approved' } } });
  const now = Math.floor(world.clock.now() / 1000);
  const send = async (headers: Record<string, string>) =>
    (await world.call('POST', '/persona/callback', { body, headers })).status;
  const by = (secret: string, t0 = now) => ({ 'persona-signature': signatureHeader(body, [secret], t0) });
  assert.equal(await send(by('wbhsec_new')), 200);
  assert.equal(await send(by(secrets.PERSONA_WEBHOOK_SECRET)), 200);
  assert.equal(await send(by('wbhsec_new', now - 301)), 401);
  assert.equal(await send(by('wbhsec_other')), 401);
  assert.equal(await send({}), 401);
  sim.rotateSecret('wbhsec_new');
  assert.equal(world.identityStatus((await verify(place, 'approved')).id), 'registered');
});

test('without a webhook secret deliveries are put off, and results are found by asking', async t => {
  const place = await open(t, {}, { secrets: { PERSONA_WEBHOOK_SECRET: '' } });
  const { world, sim } = place;
  const guest = await verify(place, 'approved');
  assert.ok(sim.deliveries.length > 0 && sim.deliveries.every(({ status }) => status === 503));
  await world.pass(30 * minute);
  assert.equal(world.identityStatus(guest.id), 'registered');
});

test('Ory’s identities are verified through Persona too', async t => {
  const place = await open(
    t,
    {},
    {
      kratos: {},
      organizations: [{ ory: true }],
      secrets: { ORY_WEBHOOK_SECRET: orySecret },
    },
  );
  const { world, sim } = place;
  const { id } = world.kratos.createIdentity({ email: 'ana@example.net' });
  const asked = await hook(world, '/persona/initiate', {
    kratos_identity_id: id,
    email: 'ana@example.net',
    first_name: 'Ana',
    last_name: '<script>',
  });
  assert.equal(asked.status, 200);
  const { inquiry_id: ref, verification_url: url } = asked.json<Record<string, string>>();
  assert.match(ref ?? '', /^inq_/);
  const fields = sim.inquiries.get(ref ?? '')?.attributes.fields as object;
  assert.deepEqual(Object.keys(fields), ['name-first', 'email-address']);
  assert.match(url ?? '', /^https:\/\/kyc\.example\.net\/v\//);
  sim.finish(ref ?? '', 'approved');
  await world.pass(2_000);
  const written = world.kratos.identities.get(id)?.metadata_admin as { persona?: object } | null;
  assert.deepEqual(
    { ...written?.persona, initiated_at: null, decided_at: null },
    { status: 'approved', inquiry_id: ref, initiated_at: null, decided_at: null },
  );
  const login = await hook(world, '/persona/validate', { identity_id: id });
  assert.deepEqual([login.status, login.text], [200, '{}']);
});
