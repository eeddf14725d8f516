/** A provider that says nothing is noticed, once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSilent } from '../../src/sweep/silence.js';
import { alertsAbout } from '../support/records.js';
import { capture, newPhone } from '../support/verify.js';
import { startWorld } from '../support/world.js';

const minute = 60_000;
const usualMs = minute;

test('silence is several checks, or one very old one, that wait longer than usual since the last answer', () => {
  const now = 1000 * minute;
  const ago = (minutes: number) => now - minutes * minute;
  const silent = (waiting: number[], lastAnswer: number | null = null, usual = usualMs) =>
    isSilent(
      {
        waitingSince: waiting.map(ago),
        lastAnswer: lastAnswer === null ? null : ago(lastAnswer),
        usualMs: usual,
      },
      now,
    );
  assert.equal(silent([]), false);
  assert.equal(silent([29, 29, 29]), false, 'never before half an hour');
  assert.equal(silent([31]), false, 'one alone may be a hard one');
  assert.equal(silent([31, 32]), true);
  assert.equal(silent([121]), true);
  assert.equal(silent([40, 50], null, 20 * minute), false, 'five times the usual is longer here');
  assert.equal(silent([101, 102], null, 20 * minute), true);
  assert.equal(silent([500, 600], 10), false, 'others were answered since: these are hard ones');
  assert.equal(silent([31, 32], 100), true);
});

test('the operator is told once that submitted checks go unanswered, and again only after an answer came', async t => {
  const world = await startWorld(t, { onfido: { autoComplete: false } });
  const first = await capture(world, { phone: newPhone() });
  await capture(world, { phone: newPhone() });
  const told = () => alertsAbout(world, '1').filter(code => code === 'provider_silent').length;
  // nobody knows what is usual, so ten minutes are taken for it
  await world.pass(48 * minute);
  assert.equal(told(), 0);
  await world.pass(10 * minute);
  assert.equal(told(), 1);
  await world.pass(180 * minute);
  assert.equal(told(), 1);
  world.onfido.complete(world.stored(first).checks[0]?.check_ref ?? '');
  await world.pass(6 * minute);
  assert.equal(told(), 1);
  assert.ok(world.log.messages().includes('the provider speaks again'));
  for (let i = 0; i < 2; i++) await capture(world, { phone: newPhone() });
  // the usual is now what the first one took
  await world.pass(6 * 250 * minute);
  assert.equal(told(), 2);
});

test('neither an answer nor an alarm from before the clock was set back mutes the next alarm', async t => {
  const world = await startWorld(t, { onfido: { autoComplete: false } });
  const told = () => alertsAbout(world, '1').filter(code => code === 'provider_silent').length;
  const captureTwo = async () => {
    for (let i = 0; i < 2; i++) await capture(world, { phone: newPhone() });
  };
  const answered = await capture(world, { phone: newPhone() });
  world.onfido.complete(world.stored(answered).checks[0]?.check_ref ?? '');
  await world.settle();
  world.clock.setBack(24 * 60 * minute);
  await captureTwo();
  await world.pass(120 * minute);
  assert.equal(told(), 1, 'the last answer is dated tomorrow');
  world.clock.setBack(24 * 60 * minute);
  await captureTwo();
  await world.pass(120 * minute);
  assert.equal(told(), 2, 'the last alarm is dated tomorrow');
});
