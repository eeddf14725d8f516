import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { blockKratosIdentity } from '../../src/store/ory-people.js';
import { call } from '../support/call.js';
import { blockedOf, hook, pathOf, signUp, startOryWorld, webhookSecret } from '../support/ory.js';
import { newPhone } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const nil = '00000000-0000-0000-0000-000000000000';
const ends = endsOfFile();
let world: World;
let lenient: World;

before(async () => {
  world = await startOryWorld(ends, { ory: { gate: 'approved' } });
  lenient = await startOryWorld(ends, {
    secrets: { ORY_WEBHOOK_SECRET_PREVIOUS: 'whsec-the-one-before-this' },
  });
});

function registrations(of: World): number {
  const row = of.gateway.store.main.raw.prepare('SELECT count(*) AS count FROM registrations').get();
  return (row as { count: number }).count;
}

const post = { headers: { 'sec-fetch-site': 'same-origin' }, body: new URLSearchParams() };

test('the nil identity is refused with the cure, and nothing is kept under it', async () => {
  const kept = registrations(world);
  for (const body of [{ kratos_identity_id: nil }, { identity_id: nil }]) {
    const answer = await hook(world, '/onfido/initiate', body);
    assert.equal(answer.status, 400);
    const { error, messages } = answer.json<{
      error: { code: string; message: string; field: string };
      messages: { messages: { id: number; text: string }[] }[];
    }>();
    assert.deepEqual([error.code, error.field], ['identity_nil', 'kratos_identity_id']);
    assert.deepEqual(
      [messages[0]?.messages[0]?.id, messages[0]?.messages[0]?.text],
      [9410009, error.message],
    );
    assert.match(error.message, /response\.parse/);
  }
  assert.equal(registrations(world), kept);
  const login = await hook(world, '/onfido/validate', { identity_id: nil });
  assert.deepEqual([login.status, blockedOf(login).id], [403, 9410009]);
});

test('an id that is none is refused', async () => {
  for (const id of ['', 'x', 7, null, [], `${nil}0`])
    assert.equal((await hook(world, '/onfido/initiate', { kratos_identity_id: id })).status, 400);
});

test('a wrong or missing secret is 401 everywhere, and does nothing', async () => {
  const kept = registrations(world);
  const person = signUp(world);
  for (const headers of [
    {},
    { 'x-webhook-secret': 'wrong' },
    { authorization: 'Bearer wrong' },
    { authorization: webhookSecret },
    { authorization: `Basic ${webhookSecret}` },
    { 'x-webhook-secret': '' },
    { 'x-webhook-secret': `${webhookSecret} x` },
  ])
    for (const path of ['/onfido/initiate', '/onfido/validate']) {
      const answer = await hook(world, path, { identity_id: person.id }, headers as Record<string, string>);
      assert.equal(answer.status, 401, JSON.stringify(headers));
    }
  assert.equal(registrations(world), kept);
});

test('either header and either live secret is taken', async () => {
  const { id } = signUp(lenient);
  for (const headers of [
    { 'x-webhook-secret': webhookSecret },
    { authorization: `bearer ${webhookSecret}` },
    { authorization: 'Bearer whsec-the-one-before-this' },
    { 'x-webhook-secret': 'whsec-the-one-before-this', authorization: 'Bearer something-of-a-proxy' },
  ])
    assert.equal(
      (await hook(lenient, '/onfido/validate', { identity_id: id }, headers as never)).status,
      200,
    );
});

test('without a secret the routes do not exist, and the start says why', async t => {
  const unset = await startWorld(
    { after: close => t.after(close) },
    {
      kratos: {},
      organizations: [{ ory: true }],
    },
  );
  for (const path of ['/onfido/initiate', '/onfido/validate'])
    for (const headers of [{}, { authorization: 'Bearer ' }, { 'x-webhook-secret': 'undefined' }])
      assert.equal((await hook(unset, path, { identity_id: nil }, headers as never)).status, 404);
  assert.equal((await unset.call('POST', '/onfido/session')).status, 404);
  assert.match(unset.gateway.config.warnings.join('\n'), /ORY_WEBHOOK_SECRET is missing/);
});

test('the hooks are not on the public listener unless the operator says so', async t => {
  const { id } = signUp(world);
  const headers = { authorization: `Bearer ${webhookSecret}` };
  for (const path of ['/onfido/initiate', '/onfido/validate'])
    assert.equal((await world.call('POST', path, { headers, body: { identity_id: id } })).status, 404);
  assert.equal((await hook(world, '/jumio/validate', { identity_id: id })).status, 404);

  const open = await startOryWorld({ after: close => t.after(close) }, { ory: { hooks: 'public' } });
  const person = signUp(open);
  const body = { identity_id: person.id };
  assert.equal((await open.call('POST', '/onfido/validate', { headers, body })).status, 200);
  assert.equal((await open.call('POST', '/onfido/validate', { body })).status, 401);
});

test('an address list shuts out everybody else, whatever they know', async t => {
  const listed = await startOryWorld(
    { after: close => t.after(close) },
    {
      ory: { hooks: 'public', hookAddresses: ['192.0.2.0/24'] },
    },
  );
  const headers = { authorization: `Bearer ${webhookSecret}`, 'x-forwarded-for': '192.0.2.7' };
  const body = { identity_id: signUp(listed).id };
  assert.equal((await listed.call('POST', '/onfido/validate', { headers, body })).status, 404);
  assert.equal(
    (await hook(listed, '/onfido/validate', body)).status,
    200,
    'the private listener has no list',
  );
});

test('by default only a final decline blocks', async () => {
  const person = signUp(lenient);
  assert.equal(await person.blocked(), null, 'nobody knows of a check');
  const begun = (await person.initiate()).json<{ applicant_id: string; verification_url: string }>();
  assert.equal(await person.blocked(), null);
  lenient.onfido.decide(begun.applicant_id, 'suspected');
  await lenient.customer(begun.verification_url).goThrough();
  await lenient.pass(2_000);
  const answer = await person.validate();
  assert.equal(answer.status, 403);
  const body = answer.json<{ error: { code: string }; messages: unknown }>();
  assert.equal(body.error.code, 'verification_declined');
  assert.deepEqual(body.messages, [
    {
      instance_ptr: '#/',
      messages: [
        {
          id: 9410003,
          text: 'Your identity verification was not accepted.',
          type: 'error',
          context: { idv: { provider: 'onfido', status: 'declined', url: null } },
        },
      ],
    },
  ]);
});

test('a flat approval of an older setup opens no gate; a flat decline closes it', async () => {
  const person = signUp(world);
  for (const key of [
    'jumio_verification_status',
    'persona_verification_status',
    'onfido_verification_status',
  ])
    for (const word of ['verified', 'approved', 'PASSED']) {
      const answer = await person.validate({
        metadata_public: { [key]: word, onfido: { status: 'approved' } },
      });
      assert.equal(blockedOf(answer).id, 9410004);
    }
  const other = signUp(lenient);
  for (const body of [
    { metadata_public: { jumio_verification_status: 'rejected' } },
    { metadata_public: { persona_verification_status: 'declined' } },
    { jumio_verification_status: 'rejected' },
  ]) {
    const blocked = blockedOf(await other.validate(body));
    assert.deepEqual([blocked.id, blocked.url], [9410003, null]);
  }
  for (const metadata_public of [null, [], 'x', 7, { jumio_verification_status: {} }])
    assert.equal((await other.validate({ metadata_public })).status, 200);
});

test('an erased identity stays blocked and gets neither a check nor a link', async () => {
  for (const of of [world, lenient]) {
    const person = signUp(of);
    blockKratosIdentity(of.gateway.store, person.id, of.clock.now());
    const blocked = await person.blocked();
    assert.deepEqual([blocked?.id, blocked?.status, blocked?.url], [9410003, 'declined', null]);
    const kept = registrations(of);
    const answer = await person.initiate();
    assert.deepEqual(answer.json(), { success: true, provider: 'onfido', status: 'declined' });
    assert.equal((await person.session()).status, 409);
    assert.equal(registrations(of), kept);
    const rows = of.gateway.store.main.raw
      .prepare('SELECT hex(kratos_index) AS hex FROM blocked_identities')
      .all();
    assert.ok(!JSON.stringify(rows).toLowerCase().includes(person.id.replaceAll('-', '')));
  }
});

test('an unknown identity gets a link that starts a check', async () => {
  const person = signUp(world);
  const blocked = await person.blocked();
  assert.deepEqual([blocked?.id, blocked?.status], [9410004, 'none']);
  const path = pathOf(blocked?.url ?? '');
  const kept = registrations(world);
  for (let nth = 0; nth < 2; nth++) {
    const page = await world.call('GET', path);
    assert.equal(page.status, 200);
    assert.match(page.text, /<form method="post"/);
    assert.doesNotMatch(page.text, /Example Coins/);
  }
  assert.equal(registrations(world), kept, 'a preview starts nothing');
  const answer = await world.call('POST', path, post);
  assert.equal(answer.status, 303);
  assert.equal(registrations(world), kept + 1);
  await world.settle();
  assert.equal(person.mirrored()?.status, 'pending');
  await world.customer(`https://kyc.example.net${String(answer.headers.location).split('?')[0]}`).goThrough();
  await world.pass(2_000);
  assert.equal(await person.blocked(), null);
});

test('a link works once', async () => {
  const person = signUp(world);
  const path = pathOf((await person.blocked())?.url ?? '');
  assert.equal((await world.call('POST', path, post)).status, 303);
  const kept = registrations(world);
  for (const method of ['POST', 'GET'] as const) {
    const replayed = await world.call(method, path, method === 'POST' ? post : {});
    assert.equal(replayed.status, 410);
    assert.match(replayed.text, /cannot be used any more/);
  }
  assert.equal(registrations(world), kept);
});

test('a link works for fifteen minutes', async () => {
  const person = signUp(world);
  const path = pathOf((await person.blocked())?.url ?? '');
  world.clock.advance(15 * 60_000);
  assert.equal((await world.call('GET', path)).status, 410);
  assert.equal((await world.call('POST', path, post)).status, 410);
});

test('a link of another installation, a changed and an invented one are refused', async () => {
  const other = await startOryWorld(ends, {
    ory: { gate: 'approved' },
    secrets: { GATEHOUSE_MASTER_KEY: `${'11'.repeat(31)}22` },
  });
  const person = signUp(other);
  const url = (await person.blocked())?.url ?? '';
  const path = pathOf(url);
  const kept = registrations(world);
  for (const bad of [
    path,
    path.replace(/.$/, char => (char === 'A' ? 'B' : 'A')),
    '/v/r.AAAA',
    `/v/r.${'A'.repeat(90)}`,
  ]) {
    assert.equal((await world.call('POST', bad, post)).status, 410, bad);
    assert.equal((await world.call('GET', bad)).status, 410, bad);
  }
  assert.equal(registrations(world), kept);
});

test('a link made about an earlier attempt leads nowhere once there is another', async () => {
  const person = signUp(world);
  const path = pathOf((await person.blocked())?.url ?? '');
  await person.initiate();
  assert.equal((await world.call('POST', path, post)).status, 410);
});

test('a link is of no use to a page elsewhere', async () => {
  const person = signUp(world);
  const path = pathOf((await person.blocked())?.url ?? '');
  const foreign = {
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    body: post.body,
  };
  assert.equal((await world.call('POST', path, foreign)).status, 403);
  assert.equal((await world.call('POST', path, post)).status, 303, 'and was not burnt by it');
});

test('without resume links the message is all', async t => {
  const strict = await startOryWorld(
    { after: close => t.after(close) },
    { ory: { gate: 'approved', resumeLink: false } },
  );
  const blocked = await signUp(strict).blocked();
  assert.equal(blocked?.url, null);
  assert.doesNotMatch(blocked?.text ?? '', /http/);
});

test('the text is in the customer’s language', async () => {
  const person = signUp(world);
  assert.match(blockedOf(await person.validate({ language: 'de-AT' })).text, /Bitte weisen Sie sich/);
  assert.match(blockedOf(await person.validate({ language: 7 })).text, /Please verify/);
});

test('what cannot be read is a login about which nothing can be told', async () => {
  for (const body of ['{', '[]', '"x"', '', JSON.stringify({ identity_id: {} }), 'x'.repeat(100_000)]) {
    const headers = { authorization: `Bearer ${webhookSecret}`, 'content-type': 'application/json' };
    const answer = await hook(lenient, '/onfido/validate', body, headers);
    assert.deepEqual([answer.status, blockedOf(answer).id], [403, 9410009], body.slice(0, 20));
  }
});

test('validating writes nothing, and puts right afterwards what Kratos lost', async () => {
  const person = signUp(world);
  await person.initiate();
  await world.settle();
  const patches = world.kratos.patches.length;
  await person.validate();
  await world.settle();
  assert.equal(world.kratos.patches.length, patches, 'nothing was amiss');
  await person.validate({ metadata_public: undefined });
  await world.settle();
  assert.equal(world.kratos.patches.length, patches, 'nothing was told');
  await person.validate({ metadata_public: { onfido: { status: 'approved' } } });
  await world.settle();
  assert.equal(world.kratos.patches.length, patches + 1);
});

test('a store that cannot be read lets nobody in', async t => {
  const broken = await startOryWorld({ after: close => t.after(close) });
  const person = signUp(broken);
  assert.equal((await person.validate()).status, 200);
  broken.gateway.store.main.raw.exec('ALTER TABLE blocked_identities RENAME TO gone');
  const answer = await person.validate();
  assert.deepEqual([answer.status, blockedOf(answer).id], [403, 9410009]);
  const begun = await person.initiate();
  assert.equal(begun.status, 503);
  assert.equal(begun.headers['retry-after'], undefined);
  broken.gateway.store.main.raw.exec('ALTER TABLE gone RENAME TO blocked_identities');
});

test('a vendor that fails, hangs or limits is no reason to fail a sign-up', async () => {
  const faults = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 429 },
    { kind: 'slow', ms: 5_000 },
  ] as const;
  for (const fault of faults) {
    world.onfido.fail({ ...fault, method: 'POST', path: '/applicants', times: 1 });
    const person = signUp(world);
    const answering = person.initiate();
    if (fault.kind === 'slow') {
      const calls = world.onfido.count('POST', '/applicants');
      while (world.onfido.count('POST', '/applicants') === calls) await pause(2);
      world.clock.advance(2_000);
    }
    const answer = await answering;
    assert.equal(answer.status, 202, answer.text);
    const body = answer.json();
    assert.deepEqual(Object.keys(body).sort(), ['provider', 'status', 'success', 'verification_url']);
    assert.equal(body.status, 'queued');
    assert.equal(answer.headers['retry-after'], undefined);
    // lets a slow answer come
    world.clock.advance(5_000);
    await world.pass(10_000);
    assert.equal((await person.initiate()).status, 200, 'the job did the rest');
  }
  world.onfido.clearFaults();
});

test('kiosks are none of Ory’s business', async () => {
  const { id } = await world.kiosk.register({ phone: newPhone() });
  const answer = await call(
    { origin: world.gateway.addresses.private },
    'GET',
    `/api/v1/registrations/${id}`,
    {
      headers: { authorization: `Bearer ${webhookSecret}` },
    },
  );
  assert.equal(answer.status, 401);
});
