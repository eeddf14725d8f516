/** `gatehouse start` as a process: the whole flow, its end, and its sudden death. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { command as kioskCommand } from '../../src/cli/kiosk.js';
import { operate } from '../support/command.js';
import { type Life, openProcessWorld, type ProcessWorld, until } from '../support/gateway-process.js';
import { secrets } from '../support/installation.js';
import { createKiosk, type Kiosk } from '../support/kiosk.js';
import { endsOfFile } from '../support/world.js';

const phone = '+420777123456';
const messages = '/2010-04-01/Accounts/*/Messages.json';

async function addKiosk(world: ProcessWorld): Promise<Kiosk> {
  const argv = ['add', 'Lobby', '--organization', '1', '--json'];
  const { stdout, stderr, code } = await operate(world.installation, kioskCommand, ...argv);
  assert.equal(code, 0, stderr);
  const { key } = JSON.parse(stdout) as { key: string };
  return createKiosk(key, () => ({ origin: world.privateOrigin() }));
}

function kindsOf(world: ProcessWorld): string[] {
  return world.twilio.messages.map(({ body }) => {
    if (body.includes('please verify your identity')) return 'link';
    return body.includes('your identity is verified') ? 'registered' : body;
  });
}

function countAt(world: ProcessWorld, list: string): number {
  return world.onfido.state()[list]?.length ?? 0;
}

async function untilRegistered(world: ProcessWorld, kiosk: Kiosk): Promise<void> {
  await until('the customer is registered', async () => (await kiosk.lookup(phone)).status === 'registered');
  await until('the customer was told', () => kindsOf(world).includes('registered'));
}

function assertOnce(world: ProcessWorld): void {
  assert.deepEqual(kindsOf(world), ['link', 'registered']);
  assert.deepEqual(
    ['applicants', 'checks', 'webhooks'].map(list => countAt(world, list)),
    [1, 1, 1],
  );
}

describe('one gateway from its start to its end', () => {
  let world: ProcessWorld;
  let life: Life;
  let kiosk: Kiosk;
  const ends = endsOfFile();

  before(async () => {
    world = await openProcessWorld(ends);
    life = await world.live();
    kiosk = await addKiosk(world);
  });

  test('does the whole flow over TLS', async () => {
    const { id } = await kiosk.register({ phone });
    await until('the link is texted', () => world.twilio.messages.length === 1);
    await world.customer(world.textedLink()).goThrough();
    await untilRegistered(world, kiosk);
    assertOnce(world);
    await until('the texts were delivered', async () =>
      (await kiosk.registration(id)).notices.every(({ status }) => status === 'delivered'),
    );
  });

  test('is alone on its data: a second one is refused with the remedy, and the first goes on', async () => {
    const second = world.start();
    assert.equal((await second.ended).code, 1);
    assert.match(second.stderr(), /another gatehouse runs on this data folder: stop it first/);
    assert.equal((await kiosk.lookup(phone)).status, 'registered');
  });

  test('ends with 0 and in time on SIGTERM, although the provider hangs', async () => {
    const asked = () => world.onfido.count('POST', '/applicants');
    const before = asked();
    world.onfido.fail({ kind: 'slow', ms: 600_000, method: 'POST', path: '/applicants' });
    await kiosk.register({ phone: '+420777123457' });
    await until('the provider was asked', () => asked() > before);
    const begun = Date.now();
    life.kill('SIGTERM');
    assert.deepEqual(await life.ended, { code: 0, signal: null });
    assert.ok(Date.now() - begun < 60_000);
  });

  test('has logged one JSON object a line, and nothing of the customer', () => {
    const log = life.stdout();
    for (const line of log.trim().split('\n')) assert.ok(JSON.parse(line));
    assert.match(log, /"stopping"[\s\S]*"stopped/);
    assert.doesNotMatch(log, /777123456|1990-01-01|Unnamed|api_live|gh_kiosk_/);
    const links = world.twilio.messages.flatMap(({ body }) => /\/v\/(\S+)/.exec(body)?.[1] ?? []);
    assert.ok(links.length > 0);
    for (const link of links) assert.equal(log.includes(link), false, 'links are secrets');
    assert.equal(life.stderr(), '');
  });

  test('does not start with another master key, and says which it needs', async () => {
    const otherKey = secrets.GATEHOUSE_MASTER_KEY.replace('5d0a', 'a0d5');
    const strange = world.start({ GATEHOUSE_MASTER_KEY: otherKey });
    assert.equal((await strange.ended).code, 1);
    assert.match(strange.stderr(), /another master key: set GATEHOUSE_MASTER_KEY to the one/);
    assert.equal(strange.stderr().includes(otherKey), false);
  });

  test('does not start with another provider for the same people, and says what to write instead', async () => {
    const file = join(world.installation.dir, 'config', 'gatehouse.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^ {2}- id: .*$/m, '$&\n    provider: persona'));
    const changed = world.start({ PERSONA_API_KEY: 'persona_x', PERSONA_TEMPLATE_ID: 'itmpl_Test0001' });
    assert.equal((await changed.ended).code, 1);
    writeFileSync(file, text);
    assert.match(
      changed.stderr(),
      /gatehouse\.yaml:\d+: organizations\[0\]\.provider: is persona, but .* checked by onfido; write onfido again/,
    );
  });

  test('does not start with a spoilt configuration, and says what to write instead', async () => {
    const file = join(world.installation.dir, 'config', 'gatehouse.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nfrontt: nginx\n`);
    const spoilt = world.start();
    assert.equal((await spoilt.ended).code, 1);
    assert.match(spoilt.stderr(), /frontt.*front/);
  });
});

test('kill -9 after each step of a journey', async t => {
  const world = await openProcessWorld(t);
  let life: Life = await world.live();
  const reborn = async () => {
    await world.murder(life);
    life = await world.live();
  };
  const kiosk = await addKiosk(world);
  await kiosk.register({ phone });
  await reborn();
  await until('the link is texted', () => world.twilio.messages.length === 1);
  await reborn();
  const customer = world.customer(world.textedLink());
  assert.equal((await customer.start()).status, 303);
  await reborn();
  await until('a session opens', async () => (await customer.session()).status === 200);
  customer.upload();
  await reborn();
  assert.equal((await customer.submit()).status, 204);
  await reborn();
  await until('the check is announced', () =>
    world.onfido.deliveries.some(({ action, status }) => action === 'check.completed' && status === 200),
  );
  await reborn();
  await untilRegistered(world, kiosk);
  assertOnce(world);
  life.kill('SIGTERM');
  assert.equal((await life.ended).code, 0);
});

test('kill -9 after Twilio took the text, and after the check was made, before either answer came', async t => {
  const world = await openProcessWorld(t);
  let life = await world.live();
  await until('the webhook is made', () => countAt(world, 'webhooks') === 1);
  const kiosk = await addKiosk(world);
  world.twilio.fail({ kind: 'cut-after', method: 'POST', path: messages });
  await kiosk.register({ phone });
  await until('Twilio took the message', () => world.twilio.messages.length === 1);
  await world.murder(life);
  life = await world.live();
  const customer = world.customer(world.textedLink());
  await customer.start();
  await until('a session opens', async () => (await customer.session()).status === 200);
  customer.upload();
  world.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/checks' });
  await customer.submit();
  await until('the check is made', () => countAt(world, 'checks') === 1);
  await world.murder(life);
  await world.live();
  await untilRegistered(world, kiosk);
  assertOnce(world);
});
