/** Kratos itself calls the gateway, configured with what `gatehouse print ory` prints. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { parse } from 'yaml';
import type { HookAttempt, KratosSimulatorOptions } from '../../src/simulators/kratos/index.js';
import { createNativeClient, type NativeClient, onlyMessage } from '../support/native-client.js';
import { startOryWorld, webhookSecret } from '../support/ory.js';
import { printedHooks } from '../support/printed-hooks.js';
import { verifyByResumeLink } from '../support/resume-link.js';
import { endsOfFile, type World } from '../support/world.js';

interface Scene {
  readonly world: World;
  readonly client: NativeClient;
  readonly email: string;
  /** attempts to call hooks since this scene began */
  calls(): readonly HookAttempt[];
  onfido(id: string): Record<string, unknown> | undefined;
}

interface SceneOptions {
  /** a world of one's own is made for what is said here */
  readonly ory?: object;
  readonly kratos?: KratosSimulatorOptions;
  /** changes what was printed */
  readonly change?: (yaml: string) => string;
}

const ends = endsOfFile();
let shared: Promise<World> | undefined;
let people = 0;

async function open(
  t: TestContext,
  { ory, kratos, change = yaml => yaml }: SceneOptions = {},
): Promise<Scene> {
  const usual = { kratos: {}, ory: { gate: 'approved' } };
  if (!ory && !kratos) shared ??= startOryWorld(ends, usual);
  const own = { kratos: { ...kratos }, ory: { ...usual.ory, ...ory } };
  const world = await (ory || kratos ? startOryWorld(t, own) : shared);
  assert.ok(world);
  world.kratos.useActions(parse(change(await printedHooks(world))));
  const before = world.kratos.hookCalls.length;
  people += 1;
  return {
    world,
    client: createNativeClient(world.kratos.publicUrl),
    email: `customer${people}@example.net`,
    calls: () => world.kratos.hookCalls.slice(before),
    onfido: id => {
      const metadata = world.kratos.identities.get(id)?.metadata_public;
      return (metadata as { onfido?: Record<string, unknown> } | null)?.onfido;
    },
  };
}

/** Lets Kratos try thrice to reach a gateway that is down. */
async function inVain<T>({ kratos, clock }: World, pending: Promise<T>): Promise<T> {
  for (const wait of [1_000, 2_000]) {
    const before = kratos.hookCalls.length;
    while (kratos.hookCalls.length === before) await turn();
    await turn();
    clock.advance(wait);
  }
  return pending;
}

test('sign-up begins a check, the login is blocked with a way on, and allowed when it was gone', async t => {
  const { world, client, email, calls, onfido } = await open(t);
  const called = () => calls().map(({ url }) => url.split('/').at(-1));
  const signedUp = await client.signUp(email);
  assert.equal(signedUp.status, 200, signedUp.text);
  assert.equal(signedUp.session_token, undefined, 'a session at sign-up would be a way around the gate');
  const id = signedUp.identity?.id ?? '';
  assert.deepEqual(called(), ['initiate']);
  assert.deepEqual(JSON.parse(calls()[0]?.body ?? ''), { identity_id: id, email });
  await world.settle();
  assert.equal(onfido(id)?.status, 'pending');

  const message = onlyMessage(await client.logIn(email));
  assert.equal(message.id, 9410001);
  const { provider, status, url } = message.context?.idv ?? {};
  assert.deepEqual([provider, status], ['onfido', 'pending']);
  assert.ok(url && message.text.endsWith(url));

  await verifyByResumeLink(world, url);
  const login = await client.logIn(email);
  assert.equal(login.status, 200, login.text);
  const shown = (await client.metadataOf(login.session_token ?? '')) as { onfido: { status: string } };
  assert.equal(shown.onfido.status, 'approved');
  assert.deepEqual(called(), ['initiate', 'validate', 'validate']);
});

test('somebody who signed up before the hooks were there is led into a check by the login', async t => {
  const { world, client, email } = await open(t);
  const hooks = await printedHooks(world);
  world.kratos.useActions({});
  await client.signUp(email);
  world.kratos.useActions(parse(hooks));
  const message = onlyMessage(await client.logIn(email));
  assert.deepEqual([message.id, message.context?.idv?.status], [9410004, 'none']);
  await verifyByResumeLink(world, message.context?.idv?.url ?? '');
  assert.equal((await client.logIn(email)).status, 200);
});

test('a hook that runs before the identity exists is told how to be wired, and nobody is signed up', async t => {
  const { world, client, email, calls } = await open(t, {
    change: yaml => yaml.replaceAll('response: {ignore: false, parse: false}', 'response: {parse: true}'),
  });
  const refused = await client.signUp(email);
  const { status, identity, text } = refused;
  assert.deepEqual([status, identity], [400, undefined], text);
  assert.match(onlyMessage(refused).text, /response\.parse and can_interrupt .* false/, 'the page says so');
  const [attempt, ...others] = calls();
  assert.deepEqual(others, [], 'a refusal is not tried again');
  assert.equal(attempt?.status, 400);
  const { error } = JSON.parse(attempt?.answer ?? '') as { error: { code: string; message: string } };
  assert.equal(error.code, 'identity_nil');
  assert.match(error.message, /response\.parse and can_interrupt .* false/);
  assert.ok([...world.kratos.identities.values()].every(({ traits }) => traits.email !== email));
});

test('a gateway that is down is tried three times, and no login is let through meanwhile', async t => {
  const { world, client, email, calls } = await open(t);
  await client.signUp(email);
  await world.settle();
  await world.stop();
  const before = calls().length;
  const { status, session_token: token } = await inVain(world, client.logIn(email));
  assert.deepEqual([status, token], [400, undefined]);
  const attempts = calls().slice(before);
  assert.deepEqual(
    attempts.map(({ status, attempt }) => [status, attempt]),
    [
      [null, 1],
      [null, 2],
      [null, 3],
    ],
  );
  await world.restart();
});

test('a sign-up while the gateway is down has its account, and its check begins at the next login', async t => {
  const { world, client, email } = await open(t);
  await world.stop();
  const signedUp = await inVain(world, client.signUp(email));
  assert.equal(signedUp.session_token, undefined);
  await world.restart();
  world.kratos.useActions(parse(await printedHooks(world)));
  const message = onlyMessage(await client.logIn(email));
  assert.equal(message.id, 9410004);
  await verifyByResumeLink(world, message.context?.idv?.url ?? '');
  assert.equal((await client.logIn(email)).status, 200);
});

test('a vendor that is silent costs the sign-up two seconds and no error, and is caught up with', async t => {
  const { world, client, email, calls, onfido } = await open(t);
  world.onfido.fail({ kind: 'slow', method: 'POST', path: '/applicants', ms: 10_000 });
  const applicants = world.onfido.count('POST', '/applicants');
  const signingUp = client.signUp(email);
  while (world.onfido.count('POST', '/applicants') === applicants) await turn();
  world.clock.advance(2_000);
  const signedUp = await signingUp;
  assert.equal(signedUp.status, 200, signedUp.text);
  assert.deepEqual(
    calls().map(({ status }) => status),
    [202],
  );
  world.clock.advance(8_000);
  await world.pass(60_000);
  assert.equal(onfido(signedUp.identity?.id ?? '')?.status, 'pending');
});

test('a wrong secret begins no check and opens no login', async t => {
  const { world, client, email, calls } = await open(t, {
    change: yaml => yaml.replaceAll(webhookSecret, 'whsec-another'),
  });
  const applicants = world.onfido.count('POST', '/applicants');
  assert.equal((await client.signUp(email)).status, 502);
  const login = await client.logIn(email);
  assert.deepEqual([login.status, login.session_token, login.ui], [400, undefined, undefined]);
  assert.deepEqual(
    calls().map(({ status }) => status),
    [401, 401],
  );
  assert.equal(world.onfido.count('POST', '/applicants'), applicants);
});

test('the published setups’ spelling works: X-Webhook-Secret and can_interrupt', async t => {
  const { world, client, email, calls } = await open(t, {
    change: yaml =>
      yaml
        .replaceAll('response: {parse: true}', 'can_interrupt: true')
        .replaceAll(`value: "Bearer ${webhookSecret}"`, `value: ${webhookSecret}`)
        .replaceAll('name: Authorization', 'name: X-Webhook-Secret'),
  });
  await client.signUp(email);
  assert.equal(calls()[0]?.headers['X-Webhook-Secret'], webhookSecret);
  const message = onlyMessage(await client.logIn(email));
  await verifyByResumeLink(world, message.context?.idv?.url ?? '');
  assert.equal((await client.logIn(email)).status, 200);
});

test('hooks on the public listener are reached over TLS with its own certificate', async t => {
  let reach = (url: string) => url;
  let trusted = '';
  const { world, client, email, calls } = await open(t, {
    ory: { hooks: 'public' },
    kratos: { rewriteHookUrl: url => reach(url), hookCa: () => trusted },
  });
  trusted = world.installation.pair.cert;
  reach = url => `${world.gateway.addresses.public}${new URL(url).pathname}`;
  assert.equal((await client.signUp(email)).status, 200);
  assert.match(calls()[0]?.url ?? '', /^https:\/\/kyc\.example\.net:7743\//);
  assert.equal(onlyMessage(await client.logIn(email)).id, 9410001);
});

test('with the gate as in the published setups only a decline blocks', async t => {
  const { world, client, email, calls, onfido } = await open(t, { ory: { gate: 'declined' } });
  const id = (await client.signUp(email)).identity?.id ?? '';
  assert.equal((await client.logIn(email)).status, 200);
  await world.settle();
  const applicant = String(onfido(id)?.applicant_id);
  world.onfido.decide(applicant, 'suspected');
  const { verification_url: link } = JSON.parse(calls()[0]?.answer ?? '') as {
    verification_url: string;
  };
  await world.customer(link).goThrough();
  await world.pass(2_000);
  assert.equal(onfido(id)?.status, 'declined');
  const message = onlyMessage(await client.logIn(email));
  assert.deepEqual([message.id, message.context?.idv?.url], [9410003, null]);
});
