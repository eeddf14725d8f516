/** What has to be true of Gatehouse and a Kratos that runs by itself, whichever it is. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call } from '../support/call.js';
import { createNativeClient, type NativeClient, onlyMessage } from '../support/native-client.js';
import { startOryWorld } from '../support/ory.js';
import { printedHooks } from '../support/printed-hooks.js';
import { verifyByResumeLink } from '../support/resume-link.js';
import { endsOfFile, type World } from '../support/world.js';
import {
  chooseKratosPlace,
  type KratosPlace,
  type KratosProcess,
  startKratosProcess,
} from './kratos-process.js';

interface Identity {
  readonly metadata_public: {
    readonly onfido?: { readonly status: string; readonly decided_at: string | null };
  } | null;
}

/** Registers the tests, against the program that the words start. To be called while a file is loaded. */
export function testJourneys(command: readonly string[]): void {
  const ends = endsOfFile();
  let place: KratosPlace;
  let world: World;
  let client: NativeClient;
  let kratos: KratosProcess | undefined;

  before(async () => {
    place = await chooseKratosPlace();
    world = await startOryWorld(ends, { ory: { gate: 'approved' }, settings: { kratos: place } });
    client = createNativeClient(place.publicUrl);
  });
  after(() => kratos?.stop());

  /** Begins anew: an empty Kratos with the printed hooks, changed as told. */
  async function start(change: (hooks: string) => string = hooks => hooks): Promise<void> {
    await kratos?.stop();
    kratos = await startKratosProcess(command, place, change(await printedHooks(world)));
  }

  async function identity(id: string): Promise<Identity> {
    const answer = await call({ origin: place.adminUrl }, 'GET', `/admin/identities/${id}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Identity>();
  }

  async function count(): Promise<number> {
    return (await call({ origin: place.adminUrl }, 'GET', '/admin/identities')).json<unknown[]>().length;
  }

  const email = 'ada@example.net';

  test('sign-up, login blocked, approval, login allowed, and the metadata as promised', async () => {
    await start();
    const signedUp = await client.signUp(email);
    assert.equal(signedUp.status, 200, signedUp.text);
    assert.equal(signedUp.session_token, undefined, 'a session at sign-up would be a way around the gate');
    const id = signedUp.identity?.id ?? '';
    await world.settle();
    const pending = (await identity(id)).metadata_public?.onfido;
    assert.deepEqual([pending?.status, pending?.decided_at], ['pending', null]);

    const message = onlyMessage(await client.logIn(email));
    assert.deepEqual([message.id, message.context?.idv?.status], [9410001, 'pending']);
    const link = message.context?.idv?.url ?? '';
    assert.ok(message.text.endsWith(link));

    await verifyByResumeLink(world, link);
    const login = await client.logIn(email);
    assert.equal(login.status, 200, login.text);
    const shown = (await client.metadataOf(login.session_token ?? '')) as Identity['metadata_public'];
    assert.equal(shown?.onfido?.status, 'approved');
    assert.ok(shown.onfido.decided_at);
  });

  test('a second sign-up with the same address makes neither an identity nor a check', async () => {
    const applicants = world.onfido.count('POST', '/applicants');
    const again = await client.signUp(email);
    assert.deepEqual([again.status, again.session_token], [400, undefined]);
    assert.deepEqual([await count(), world.onfido.count('POST', '/applicants')], [1, applicants]);
  });

  const parsing = (hooks: string) =>
    hooks.replaceAll('response: {ignore: false, parse: false}', 'response: {parse: true}');

  test('a registration hook that parses is refused, and nobody is signed up', async () => {
    await start(parsing);
    const { identity: made, status } = await client.signUp(email);
    assert.deepEqual([status, made, await count()], [400, undefined, 0]);
  });

  test('a wrong secret lets no login through', async () => {
    await start(hooks => hooks.replaceAll('Bearer whsec-', 'Bearer wrong-'));
    await client.signUp(email);
    const login = await client.logIn(email);
    assert.notEqual(login.status, 200);
    assert.equal(login.session_token, undefined);
  });

  test('without the gateway no login goes through', async () => {
    await start();
    await client.signUp(email);
    await world.settle();
    await world.stop();
    const login = await client.logIn(email);
    assert.notEqual(login.status, 200);
    assert.equal(login.session_token, undefined);
    await world.restart();
  });
}
