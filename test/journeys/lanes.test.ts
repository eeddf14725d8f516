/** What is said about one person is said in order, whichever of their registrations it is about; nobody else waits. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { listJobs } from '../../src/store/jobs.js';
import { newPhone, verify } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const slowMs = 5_000;
const ends = endsOfFile();
let world: World;

before(async () => {
  world = await startWorld(ends);
});

async function until(is: () => boolean): Promise<void> {
  while (!is()) await pause(2);
}

/** The provider tells of a check once more, and the gateway looks at that without a rest before. */
async function tell(checkRef: string): Promise<void> {
  world.onfido.complete(checkRef);
  await world.onfido.settled();
  void world.gateway.idle();
}

/** When a check was asked about, in order. */
function readsOf(checkRef: string): number[] {
  return world.onfido.calls
    .filter(({ method, path }) => method === 'GET' && path === `/checks/${checkRef}`)
    .map(({ at }) => at);
}

function waitingReads(registrationId: string): number {
  const { main } = world.gateway.store;
  return listJobs(main, { state: 'ready', kind: 'read', limit: 1_000 }).filter(({ payload }) =>
    payload.includes(registrationId),
  ).length;
}

test('a newer registration’s check is not read while an older one’s of the same person still is', async () => {
  const checkOf = (id: string) => world.stored(id).checks.at(-1)?.check_ref ?? '';
  const phone = newPhone();
  const older = await verify(world, { phone, outcome: 'rejected' });
  const newer = await verify(world, { phone });
  const stranger = await verify(world, { phone: newPhone() });
  const before = [older, newer, stranger].map(id => readsOf(checkOf(id)).length);
  const further = (nth: number, id: string) => readsOf(checkOf(id)).slice(before[nth]);

  world.onfido.fail({ kind: 'slow', ms: slowMs, method: 'GET', path: `/checks/${checkOf(older)}` });
  await tell(checkOf(older));
  await until(() => further(0, older).length > 0);
  await tell(checkOf(newer));
  await until(() => waitingReads(newer) + further(1, newer).length > 0);
  // asked for later, and answered all the same
  await tell(checkOf(stranger));
  await until(() => further(2, stranger).length > 0);
  assert.deepEqual(further(1, newer), []);

  const began = further(0, older)[0] ?? Number.NaN;
  world.clock.advance(slowMs);
  await world.settle();
  const [next = Number.NaN] = further(1, newer);
  assert.ok(next >= began + slowMs, `${next - began} ms after the older one began`);
});

test('of two texts to one number the second waits until the first is taken', async () => {
  const textsTo = (to: string) => world.twilio.messagesTo(to).length;
  const path = '/2010-04-01/Accounts/*/Messages.json';
  const sends = () => world.twilio.calls.filter(({ method }) => method === 'POST');
  const phone = newPhone();
  const other = newPhone();
  const id = await verify(world, { phone, outcome: 'caution' });
  const stranger = await verify(world, { phone: other, outcome: 'caution' });
  const [before, told, toldOther] = [sends().length, textsTo(phone), textsTo(other)];

  world.twilio.fail({ kind: 'slow', ms: slowMs, method: 'POST', path });
  world.decide(id, 'reject');
  await until(() => sends().length > before);
  world.decide(id, 'register');
  world.decide(stranger, 'register');
  await until(() => textsTo(other) > toldOther);
  assert.equal(textsTo(phone), told);

  world.clock.advance(slowMs);
  await world.settle();
  const kinds = world.texts(phone).map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(told), ['rejected', 'registered']);
  const [first, , second] = sends().slice(before);
  assert.ok(first && second && second.at >= first.at + slowMs);
});
