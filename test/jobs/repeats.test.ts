/**
 * What may be repeated at each receiver when the outcome of a call is unknown: one test for each row of the table in the
 * README. The receiver does what it was asked and the answer is lost; the job is then done again. Jumio's, Persona's and
 * deletion's rows are elsewhere, where the README says.
 */
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readJob } from '../../src/store/commit.js';
import { sql } from '../../src/store/db.js';
import { documentsOf } from '../../src/store/documents.js';
import { addJob } from '../../src/store/jobs.js';
import { call } from '../support/call.js';
import { startExternalSite } from '../support/external-site.js';
import { secrets } from '../support/installation.js';
import { capture, kindsTo, newPhone, verify } from '../support/verify.js';
import { startWorld, type World } from '../support/world.js';

const minute = 60_000;
const workflow = { mode: 'studio', workflowId: '11111111-2222-4333-8444-555555555555' };

/** A customer whose capture is about to be opened. */
async function somebodyStarting(world: World) {
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  const customer = world.customer(world.textedLink(phone));
  await customer.start();
  return { id, customer };
}

function applicantsOf(world: World): unknown[] {
  return world.onfido.state().applicants as unknown[];
}

test('Onfido applicant: nothing is looked for; another one is made, and the lost one is left there unused', async t => {
  const world = await startWorld(t);
  world.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/applicants', times: 2 });
  const first = await world.kiosk.register({ phone: newPhone(), firstName: 'Ada', lastName: 'Quill' });
  const second = await world.kiosk.register({ phone: newPhone() });
  await world.pass(5 * minute);
  const refs = [first, second].map(({ id }) => world.stored(id).row.applicant_ref);
  assert.ok(refs[0] && refs[1] && refs[0] !== refs[1], 'two customers never share one');
  assert.equal(applicantsOf(world).length, 4);
});

test('Onfido applicant: one of the same name that another installation made meanwhile is not taken for ours', async t => {
  const world = await startWorld(t);
  world.onfido.fail({ kind: 'status', status: 429, method: 'POST', path: '/applicants' });
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  const { first, last } = world.gateway.config.organizations[0]!.placeholderName;
  const made = await call({ origin: world.onfido.origin }, 'POST', '/v3.6/applicants', {
    headers: { authorization: `Token token=${secrets.ONFIDO_API_TOKEN}` },
    body: { first_name: first, last_name: last, location: { country_of_residence: 'CZE' } },
  });
  assert.equal(made.status, 201, made.text);
  await world.pass(minute);
  const customer = world.customer(world.textedLink(phone));
  await customer.start();
  assert.equal((await customer.session()).status, 200);
  world.onfido.upload(made.json<{ id: string }>().id);
  await world.pass(180 * minute);
  assert.notEqual(world.identityStatus(id), 'registered', 'somebody else’s pictures register nobody');
  assert.equal(world.onfido.count('POST', '/checks'), 0);
  assert.equal(world.stored(id).registration.result, 'EXPIRED');
  assert.equal(applicantsOf(world).length, 2);
});

test('Onfido check: looked for by our tag; there is one', async t => {
  const world = await startWorld(t);
  world.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/checks' });
  const id = await verify(world, { phone: newPhone() });
  await world.pass(2 * minute);
  assert.equal(world.onfido.count('POST', '/checks'), 1);
  assert.equal((world.onfido.state().checks as unknown[]).length, 1);
  assert.equal(world.identityStatus(id), 'registered');
});

test('Onfido check: while Onfido may still be at work on it none is asked for again, whoever wants it made', async t => {
  const world = await startWorld(t);
  world.onfido.fail({ kind: 'cut-amid', ms: 20_000, method: 'POST', path: '/checks' });
  const id = await capture(world, { phone: newPhone() });
  await world.pass(1_000);
  assert.equal((world.onfido.state().checks as unknown[]).length, 0, 'Onfido is at work');
  // what is due for the same check meanwhile: the deadline's look, and a process that knows only what is written
  world.gateway.store.main.raw.exec(
    "UPDATE jobs SET run_at = 0 WHERE kind IN ('deadline', 'look_for_uploads')",
  );
  await world.restart();
  await world.pass(15_000);
  assert.equal(world.onfido.count('POST', '/checks'), 1);
  await world.pass(2 * minute);
  assert.equal(world.onfido.count('POST', '/checks'), 1);
  assert.equal((world.onfido.state().checks as unknown[]).length, 1);
  assert.equal(world.identityStatus(id), 'registered');
});

test('Onfido check: one that Onfido is through with is asked for again at once, one that it may be at work on after 30 s', async t => {
  for (const [fault, early] of [
    [{ kind: 'status', status: 429 }, 2],
    [{ kind: 'status', status: 500 }, 2],
    [{ kind: 'status', status: 504 }, 1],
    [{ kind: 'cut' }, 1],
  ] as const) {
    const world = await startWorld(t);
    world.onfido.fail({ ...fault, method: 'POST', path: '/checks' });
    const id = await verify(world, { phone: newPhone() });
    await world.pass(10_000);
    assert.equal(world.onfido.count('POST', '/checks'), early);
    await world.pass(minute);
    assert.equal(world.onfido.count('POST', '/checks'), 2);
    assert.equal(world.identityStatus(id), 'registered');
  }
});

test('Onfido workflow run: looked for by our tag when the customer taps again; there is one', async t => {
  const world = await startWorld(t, { organizations: [{ onfido: workflow }] });
  const { id, customer } = await somebodyStarting(world);
  world.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/workflow_runs' });
  assert.equal((await customer.session()).status, 503);
  assert.equal((await customer.session()).status, 200);
  customer.upload();
  await customer.submit();
  await world.pass(minute);
  assert.equal((world.onfido.state().runs as unknown[]).length, 1);
  assert.equal(world.identityStatus(id), 'registered');
});

test('Onfido workflow run: while Onfido may still be at work on it the customer is asked to try again; there is one', async t => {
  const world = await startWorld(t, { organizations: [{ onfido: workflow }] });
  const { id, customer } = await somebodyStarting(world);
  world.onfido.fail({ kind: 'cut-amid', ms: 20_000, method: 'POST', path: '/workflow_runs' });
  assert.equal((await customer.session()).status, 503);
  assert.equal((await customer.session()).status, 503);
  await world.pass(21_000);
  assert.equal((await customer.session()).status, 200);
  customer.upload();
  await customer.submit();
  await world.pass(minute);
  assert.equal(world.onfido.count('POST', '/workflow_runs'), 1);
  assert.equal((world.onfido.state().runs as unknown[]).length, 1);
  assert.equal(world.identityStatus(id), 'registered');
});

test('Onfido SDK token: may be made any number of times', async t => {
  const world = await startWorld(t);
  const { id, customer } = await somebodyStarting(world);
  world.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/sdk_token' });
  assert.equal((await customer.session()).status, 503);
  assert.equal((await customer.session()).status, 200);
  assert.equal((await customer.session()).status, 200);
  customer.upload();
  await customer.submit();
  await world.pass(minute);
  assert.equal(world.identityStatus(id), 'registered');
});

test('Onfido applicant update: may be made any number of times, and is until it was answered', async t => {
  const world = await startWorld(t, { organizations: [{ countries: ['US', 'CZ'] }] });
  for (const kind of ['cut-after', 'cut'] as const) {
    const phone = newPhone();
    const { id } = await world.kiosk.register({ phone });
    await world.settle();
    const customer = world.customer(world.textedLink(phone));
    world.onfido.fail({ kind, method: 'PUT', path: '/applicants/*' });
    assert.equal((await customer.start(true)).status, 503);
    assert.equal((await customer.session()).status, 409, 'the consent is asked for again');
    await customer.goThrough({ consent: true });
    await world.pass(2_000);
    assert.equal(world.onfido.count('PUT', `/applicants/${world.stored(id).row.applicant_ref}`), 2);
    // Onfido makes no check of somebody in the USA whose consent it was not told of
    assert.equal(world.identityStatus(id), 'registered');
  }
});

test('Onfido webhook: looked for by our name; there is one, and deliveries signed with its secret are taken', async t => {
  const world = await startWorld(t, { asleep: true });
  world.onfido.fail({ kind: 'cut-after', method: 'POST', path: '/webhooks' });
  await world.restart();
  await world.pass(minute);
  assert.equal((world.onfido.state().webhooks as unknown[]).length, 1);
  assert.equal(world.onfido.count('POST', '/webhooks'), 1);
});

interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
}

const webhooksOf = (world: World) => world.onfido.state().webhooks as Webhook[];

/** Asks Onfido's API for something behind the gateway's back. */
function atOnfido(world: World, method: string, below: string, body: object) {
  const headers = { authorization: `Token token=${secrets.ONFIDO_API_TOKEN}` };
  return call({ origin: world.onfido.origin }, method, `/v3.6${below}`, { headers, body });
}

test('Onfido webhook: what was corrected stays so, and a duplicate that is gone already is done', async t => {
  const world = await startWorld(t);
  const [ours] = webhooksOf(world);
  assert.ok(ours);
  await world.stop();
  await atOnfido(world, 'PUT', `/webhooks/${ours.id}`, { enabled: false });
  const { name, url } = ours;
  for (let nth = 0; nth < 3; nth++) await atOnfido(world, 'POST', '/webhooks', { name, url });
  const [, ...duplicates] = webhooksOf(world);
  world.onfido.fail({ kind: 'cut-after', method: 'PUT', path: '/webhooks/*' });
  world.onfido.fail({ kind: 'cut-after', method: 'DELETE', path: '/webhooks/*' });
  world.onfido.fail({ kind: 'status', status: 404, method: 'DELETE', path: '/webhooks/*' });
  const before = world.onfido.calls.length;
  await world.restart();
  await world.pass(2 * minute);
  const written = world.onfido.calls
    .slice(before)
    .filter(({ path, method }) => path.startsWith('/webhooks') && method !== 'GET');
  assert.deepEqual(
    written.map(({ method }) => method),
    ['PUT', 'DELETE', 'DELETE', 'DELETE'],
  );
  // the second one only says that it is gone
  assert.deepEqual(
    webhooksOf(world).map(({ id, enabled }) => [id, enabled]),
    [
      [ours.id, true],
      [duplicates[1]?.id, true],
    ],
  );
});

test('Onfido resend: may be asked any number of times, a verdict that comes twice changes nothing', async t => {
  const world = await startWorld(t, { onfido: { webhookRetryDelays: [], completeAfterMs: minute } });
  const phone = newPhone();
  const id = await capture(world, { phone });
  await world.stop();
  await world.pass(15 * minute);
  world.onfido.fail({ kind: 'cut-after', path: '/webhooks/resend' });
  await world.restart();
  await world.pass(2 * minute);
  // the job was done again, and by then there was nothing left to ask for
  assert.equal(world.onfido.count('POST', '/webhooks/resend'), 1);
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('external verification site: may be told any number of times, it keeps one token for each applicant', async t => {
  const site = await startExternalSite(t, url => world.call('GET', new URL(url).pathname));
  const world: World = await startWorld(t, { organizations: [{ verificationSite: site.url }] });
  world.crashes.arm({ kind: 'tell_site', when: 'after' });
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  const applicantId = world.stored(id).row.applicant_ref ?? '';
  assert.equal(site.registered.length, 2);
  assert.ok(site.token(applicantId));
  assert.deepEqual(kindsTo(world, phone), ['link']);
});

test('Twilio: the messages to the number since the attempt are asked for and ours is adopted; one is sent', async t => {
  const world = await startWorld(t);
  const phone = newPhone();
  world.twilio.fail({ kind: 'cut-after', method: 'POST' });
  const { id } = await world.kiosk.register({ phone });
  await world.pass(minute);
  assert.equal(world.twilio.messagesTo(phone).length, 1);
  assert.equal(world.stored(id).registration.linkSent, true);
});

test('Twilio: while it may still be at work on a message none is sent again', async t => {
  const world = await startWorld(t);
  const phone = newPhone();
  world.twilio.fail({ kind: 'cut-amid', ms: 20_000, method: 'POST', times: 2 });
  const { id } = await world.kiosk.register({ phone });
  await world.pass(1_000);
  assert.equal(world.twilio.messagesTo(phone).length, 0, 'Twilio is at work');
  await world.restart();
  await world.pass(2 * minute);
  assert.equal(world.twilio.messagesTo(phone).length, 1);
  assert.equal(world.stored(id).registration.linkSent, true);
});

test('Twilio: a message that never came to be is sent again after 30 s, counted from the last attempt', async t => {
  const world = await startWorld(t);
  const phone = newPhone();
  world.twilio.fail({ kind: 'cut', method: 'POST', times: 2 });
  const sent = () => world.twilio.calls.filter(({ method }) => method === 'POST').length;
  await world.kiosk.register({ phone });
  for (const [ms, calls] of [
    [25_000, 1],
    [10_000, 2],
    [20_000, 2],
    [15_000, 3],
  ] as const) {
    await world.pass(ms);
    assert.equal(sent(), calls);
  }
  assert.equal(world.twilio.messagesTo(phone).length, 1);
});

test('Twilio: attempts whose answers are lost are counted together with the waiting in between, so that they end', async t => {
  const world = await startWorld(t);
  world.twilio.fail({ kind: 'cut', method: 'POST', times: 3 });
  await world.kiosk.register({ phone: newPhone() });
  await world.pass(70_000);
  const { raw } = world.gateway.store.main;
  const { attempts } = raw.prepare("SELECT attempts FROM jobs WHERE kind = 'notice'").get() as {
    attempts: number;
  };
  const sent = world.twilio.calls.filter(({ method }) => method === 'POST').length;
  assert.ok(attempts > sent && sent === 3, `${attempts} attempts, ${sent} calls`);
});

test('Twilio: also when the process died before the answer came', async t => {
  const world = await startWorld(t);
  const phone = newPhone();
  world.crashes.arm({ kind: 'notice', when: 'after' });
  const death = world.crashes.hung();
  await world.kiosk.register({ phone });
  await death;
  world.gateway.store.main.raw.exec(
    "UPDATE notices SET status = 'queued', vendor_ref = NULL, settled_at = NULL",
  );
  await world.restart();
  await world.pass(minute);
  assert.equal(world.twilio.messagesTo(phone).length, 1);
  assert.deepEqual(kindsTo(world, phone), ['link']);
});

test('console: printed once while the process lives; after a crash in between, possibly twice', async t => {
  const world = await startWorld(t, { sms: 'console' });
  world.crashes.arm({ kind: 'notice', when: 'after' });
  const death = world.crashes.hung();
  await world.kiosk.register({ phone: newPhone() });
  await death;
  const { main } = world.gateway.store;
  main.raw.exec("UPDATE notices SET status = 'queued', vendor_ref = NULL, settled_at = NULL");
  await world.restart();
  await world.pass(minute);
  assert.equal(world.printed.length, 2);
  await world.pass(10 * minute);
  assert.equal(world.printed.length, 2);
});

test('Kratos: the whole object is put in its place again, which changes nothing', async t => {
  const world = await startWorld(t, { kratos: {} });
  const identity = world.kratos.createIdentity({ email: 'a@example.net' });
  const mirrored = () =>
    (world.kratos.identities.get(identity.id)?.metadata_public as { onfido?: object } | null)?.onfido;
  const phone = newPhone();
  await world.kiosk.register({ phone, kratosIdentityId: identity.id });
  await world.settle();
  world.kratos.fail({ kind: 'cut-after', method: 'PATCH' });
  await world.customer(world.textedLink(phone)).goThrough();
  await world.pass(2 * minute);
  const once = JSON.stringify(mirrored());
  assert.match(once, /approved/);
  world.gateway.store.main.raw.exec("UPDATE jobs SET state = 'ready', run_at = 0 WHERE kind = 'mirror'");
  world.gateway.runner.wake();
  await world.settle();
  assert.equal(JSON.stringify(mirrored()), once);
});

test('Kratos: an older status that lands after the process died is found and replaced', async t => {
  const world = await startWorld(t, { kratos: {}, organizations: [{ autoRegistration: false }] });
  const { id: kratosIdentityId } = world.kratos.createIdentity({ email: 'a@example.net' });
  const mirrored = () => {
    const { metadata_public: metadata } = world.kratos.identities.get(kratosIdentityId) ?? {};
    return (metadata as { onfido?: { status?: string } } | null | undefined)?.onfido?.status;
  };
  const id = await capture(world, { phone: newPhone(), body: { kratosIdentityId } });
  world.crashes.arm({ kind: 'mirror', when: 'after' });
  const death = world.crashes.hung();
  world.clock.advance(1_000);
  await death;
  assert.equal(mirrored(), 'review');
  const lost = world.kratos.patches.at(-1)?.operations as object;
  await world.restart();
  await world.settle();
  world.decide(id, 'reject');
  await world.settle();
  assert.equal(mirrored(), 'declined');
  // Kratos worked on what the dead process had asked for until now
  const path = `/admin/identities/${kratosIdentityId}`;
  const late = await call({ origin: world.kratos.adminUrl }, 'PATCH', path, { body: lost });
  assert.equal(late.status, 200, late.text);
  assert.equal(mirrored(), 'review');
  await world.pass(40_000);
  assert.equal(mirrored(), 'declined');
});

test('our own decision: made again from the same state it texts nobody twice', async t => {
  const world = await startWorld(t);
  const phone = newPhone();
  const id = await capture(world, { phone });
  const { main } = world.gateway.store;
  const { row, checks } = world.stored(id);
  const kept = [
    ['registrations', main.raw.prepare('SELECT * FROM registrations WHERE id = ?').get(id)],
    ['identities', main.raw.prepare('SELECT * FROM identities WHERE id = ?').get(row.identity_id)],
    ['checks', main.raw.prepare('SELECT * FROM checks WHERE id = ?').get(checks[0]?.id)],
  ] as [string, Record<string, unknown>][];
  await world.pass(2_000);
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
  const { revision } = world.stored(id).registration;
  for (const [table, { id: key, ...values }] of kept) {
    const columns = Object.keys(values).map(name => `${name} = ?`);
    main.raw
      .prepare(`UPDATE ${table} SET ${columns.join(', ')} WHERE id = ?`)
      .run(...Object.values(values), key);
  }
  assert.equal(world.identityStatus(id), 'pending');
  addJob(main, readJob(row, checks[0]?.id ?? '', 0), 0, 'again');
  world.gateway.runner.wake();
  await world.pass(minute);
  assert.equal(world.identityStatus(id), 'registered');
  assert.equal(world.stored(id).registration.revision, revision);
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
});

test('vault: a picture is written again under the same name; there is one file and one row for each', async t => {
  const world = await startWorld(t);
  const id = await capture(world, { phone: newPhone() });
  world.crashes.arm({ kind: 'documents', when: 'after' });
  const death = world.crashes.hung();
  world.clock.advance(1_000);
  await death;
  const { main } = world.gateway.store;
  const [check] = world.stored(id).checks;
  const rows = documentsOf(main, check?.id ?? '');
  // the files are there, the rows are not: as after a crash between the two
  main.run(sql.deleteFrom('documents'));
  await world.restart();
  await world.pass(minute);
  const again = documentsOf(world.gateway.store.main, check?.id ?? '');
  assert.ok(rows.length >= 2);
  assert.deepEqual(
    again.map(({ file }) => file),
    rows.map(({ file }) => file),
  );
  const vault = join(world.installation.dataDir, 'vault');
  const files = readdirSync(vault, { recursive: true, encoding: 'utf8' }).filter(file =>
    statSync(join(vault, file)).isFile(),
  );
  assert.equal(files.length, rows.length);
});
