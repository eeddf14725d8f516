/** One customer who must end registered exactly once, whatever happened to the gateway on the way. */
import assert from 'node:assert/strict';
import { sql } from '../../src/store/db.js';
import type { CrashPoint } from '../support/faults.js';
import { alertsAbout, announced, unfinishedJobs } from '../support/records.js';
import { kindsTo, newPhone } from '../support/verify.js';
import { type Ends, startWorld, type World, type WorldOptions } from '../support/world.js';

export const kratosIdentityId = 'c0ffee00-0000-4000-8000-00000000cafe';

export interface Journey {
  readonly world: World;
  readonly phone: string;
  readonly id: string;
}

/** A gateway that will die at the given point, and does not know it yet. */
export async function doomed(t: Ends, point: CrashPoint | null, options: WorldOptions = {}): Promise<World> {
  const world = await startWorld(t, { ...options, kratos: {}, asleep: true });
  world.kratos.createIdentity({ email: 'someone@example.net' }, { id: kratosIdentityId });
  if (point) world.crashes.arm(point);
  await world.restart();
  await world.settle();
  return world;
}

export async function register(world: World): Promise<Journey> {
  const phone = newPhone();
  const kiosk = await world.addKiosk('Lobby');
  const { id } = await kiosk.register({ phone, kratosIdentityId });
  await world.pass(10_000);
  return { world, phone, id };
}

export async function capture({ world, phone }: Journey, submits: boolean): Promise<void> {
  const customer = world.customer(world.textedLink(phone));
  assert.equal((await customer.start()).status, 303);
  assert.equal((await customer.session()).status, 200);
  customer.upload();
  if (submits) await customer.submit();
  await world.settle();
}

function countAt(world: World, list: string): number {
  return world.onfido.state()[list]?.length ?? 0;
}

export function assertRegisteredOnce({ world, phone, id }: Journey): void {
  assert.equal(world.identityStatus(id), 'registered');
  assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
  assert.deepEqual(
    ['checks', 'webhooks'].map(list => countAt(world, list)),
    [1, 1],
  );
  assertNoStrayApplicants(world);
  const { main } = world.gateway.store;
  assert.equal(main.all(sql.selectFrom('documents').selectAll()).length, 2);
  assert.deepEqual(alertsAbout(world, id), []);
  const steps = announced(world, id);
  assert.equal(new Set(steps).size, steps.length, `each step is announced once: ${steps}`);
  assert.equal(mirrored(world), 'approved');
  const waiting = unfinishedJobs(world).filter(
    job => !/^(webhook|deadline|look_for_uploads|read) /.test(job),
  );
  assert.deepEqual(waiting, []);
}

/** One is ours; of the others nobody here ever heard, because the answer was lost or the gateway died before it came. */
function assertNoStrayApplicants(world: World): void {
  const { calls } = world.onfido;
  const lost = calls.filter(
    each => each.method === 'POST' && each.path === '/applicants' && each.lost,
  ).length;
  const made = countAt(world, 'applicants');
  assert.ok(made >= 1 && made <= 1 + lost + world.crashes.deaths, `${made} applicants were made`);
}

export function mirrored(world: World): string | undefined {
  const metadata = world.kratos.identities.get(kratosIdentityId)?.metadata_public;
  return (metadata as { onfido?: { status?: string } } | null)?.onfido?.status;
}
