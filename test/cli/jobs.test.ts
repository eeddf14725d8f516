/** Dead letters and closed receivers, as an operator sees them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command } from '../../src/cli/jobs.js';
import { capture, kindsTo, newPhone } from '../support/verify.js';
import { startWorld, type World } from '../support/world.js';
import { runInTerminal } from './terminal.js';

const minute = 60_000;

function jobs(world: World, ...argv: string[]) {
  const { dir, env } = world.installation;
  return runInTerminal(command, argv, { cwd: dir, env });
}

test('a receiver that does not answer is named above its waiting jobs, and no longer once it does', async t => {
  const world = await startWorld(t, { onfido: { autoComplete: false } });
  for (let i = 0; i < 6; i++) await capture(world, { phone: newPhone() });
  world.onfido.fail({ kind: 'status', status: 503, times: 10_000 });
  await world.pass(11 * minute);
  const { stdout } = await jobs(world, 'list');
  assert.match(stdout, /^onfido:1 does not answer since \d{4}-.* \(provider_later_503\): its jobs wait/);
  assert.match(stdout, /read +ready/);
  const { stdout: json } = await jobs(world, 'list', '--json');
  assert.ok(Array.isArray(JSON.parse(json)));
  world.onfido.clearFaults();
  await world.pass(10 * minute);
  const { stdout: later } = await jobs(world, 'list');
  assert.doesNotMatch(later, /does not answer/);
});

test('a text that was given up is listed as dead, told to the operator, and sent when it is retried', async t => {
  const world = await startWorld(t);
  const phone = newPhone();
  world.twilio.fail({ kind: 'status', status: 401, method: 'POST', times: 1000 });
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  world.gateway.store.main.raw.exec("UPDATE jobs SET attempts = 35 WHERE kind = 'notice'");
  await world.pass(minute);
  const { stdout } = await jobs(world, 'list', '--state', 'dead', '--json');
  const [dead] = JSON.parse(stdout) as { id: number; kind: string; last_error: string }[];
  assert.equal(dead?.kind, 'notice');
  assert.match(dead?.last_error ?? '', /^sms_unauthorized/);
  const alerts = world.gateway.store.main.raw.prepare(
    "SELECT count(*) FROM alerts WHERE code = 'job_given_up'",
  );
  assert.equal(alerts.pluck().get(), 1);
  assert.deepEqual(kindsTo(world, phone), []);
  world.twilio.clearFaults();
  const retried = await jobs(world, 'retry', '--kind', 'notice', '--since', '2026-01-01T00:00Z');
  assert.deepEqual([retried.code, retried.stdout], [0, '1 job will be tried again.\n']);
  // the command goes by the machine's clock
  world.gateway.store.main.raw.exec("UPDATE jobs SET run_at = 0 WHERE kind = 'notice'");
  await world.pass(minute);
  assert.deepEqual(kindsTo(world, phone), ['link']);
  assert.equal(world.stored(id).registration.status, 'link_sent');
  assert.equal((await jobs(world, 'retry', String(dead?.id))).code, 1);
});

test('retrying what made a registration fail does not bring it back, and says so', async t => {
  const world = await startWorld(t);
  world.onfido.fail({ kind: 'status', status: 422, method: 'POST', path: '/applicants' });
  const phone = newPhone();
  const { id } = await world.kiosk.register({ phone });
  await world.settle();
  assert.equal(world.stored(id).registration.status, 'failed');
  const { id: anew } = await world.kiosk.register({ phone });
  await world.settle();
  const retried = await jobs(world, 'retry', '--kind', 'prepare');
  assert.equal(retried.stdout, '1 job will be tried again.\n');
  // the command goes by the machine's clock
  world.gateway.store.main.raw.exec("UPDATE jobs SET run_at = 0 WHERE kind = 'prepare' AND state = 'ready'");
  await world.pass(minute);
  const { stdout } = await jobs(world, 'list', '--state', 'dead', '--json');
  const [dead, ...others] = JSON.parse(stdout) as { kind: string; last_error: string }[];
  assert.deepEqual([dead?.kind, dead?.last_error, others], ['prepare', 'registration_failed', []]);
  assert.equal(world.stored(id).registration.status, 'failed');
  assert.equal(world.stored(anew).registration.status, 'link_sent');
  assert.deepEqual(kindsTo(world, phone), ['link', 'link']);
});
