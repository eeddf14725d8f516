import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '../../src/domain/events.js';
import type { PersonAction } from '../../src/domain/registration.js';
import { type Result, results } from '../../src/domain/results.js';
import { after, now, policy, registration } from './registrations.js';

/** Results a provider's answer can be mapped to. */
const mapped = (Object.keys(results) as Result[]).filter(result => result !== 'RESUBMISSION_REQUESTED');

const reading = (attempt: number) =>
  fc.record({
    kind: fc.constant('read' as const),
    checkId: fc.constant(`chk_1-${attempt}`),
    reading: fc.oneof(
      fc.record({
        asOf: fc.integer({ min: now, max: now + 6 }),
        kind: fc.constantFrom('pending' as const, 'reopened' as const),
      }),
      fc.record({
        asOf: fc.integer({ min: now, max: now + 6 }),
        kind: fc.constant('final' as const),
        result: fc.constantFrom(...mapped),
        holds: fc.constantFrom<readonly string[]>([], ['policy.minimum_age']),
        withdrawn: fc.boolean(),
      }),
    ),
  });

const machineEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.constant<Event>({ kind: 'link_taken' }),
  fc.constantFrom<Event>({ kind: 'opened', via: 'sms' }, { kind: 'opened', via: 'kiosk' }),
  fc.constant<Event>({ kind: 'submitted', checkId: 'chk_1-1', checkRef: 'ref-1' }),
  fc.constant<Event>({ kind: 'run_opened', checkId: 'chk_1-1', checkRef: 'ref-1' }),
  fc.constant<Event>({ kind: 'run_outdone', checkId: 'chk_1-1', checkRef: 'ref-2' }),
  fc.constant<Event>({ kind: 'deadline', expiresAt: registration().expiresAt }),
  fc.constant<Event>({ kind: 'failed' }),
  fc.constant<Event>({ kind: 'earlier_declined', declined: true }),
  reading(1),
);

const events = fc.array(machineEvent, { maxLength: 8 });
const settings = fc.record({
  autoRegistration: fc.boolean(),
  resubmissions: fc.constant(0),
  linkMs: fc.constant(policy.linkMs),
  silenceMs: fc.constant(policy.silenceMs),
});

function standing(list: readonly Event[], by = policy) {
  const { identity, registration: end } = after(list, { policy: by });
  return { identity: identity.status, status: end.status, result: end.result, codes: [...end.reasonCodes] };
}

/** A permutation of the events with some of them repeated. */
const shuffled = events.chain(list =>
  fc.tuple(
    fc.constant(list),
    list.length === 0
      ? fc.constant([])
      : fc.array(fc.nat({ max: list.length - 1 }), { maxLength: 6 }).chain(extra =>
          fc
            .shuffledSubarray(
              [...list.keys(), ...extra].map((_, i) => i),
              { minLength: list.length + extra.length },
            )
            .map(order => order.map(i => (i < list.length ? i : (extra[i - list.length] ?? 0)))),
        ),
  ),
);

test('any order and any repetition of machine events ends in the same state', () => {
  fc.assert(
    fc.property(shuffled, settings, ([list, order], by) => {
      const mixed = order.flatMap(place => list[place] ?? []);
      assert.deepEqual(standing(mixed, by), standing(list, by));
    }),
    { numRuns: 2000 },
  );
});

test('nobody is registered by a machine unless the newest word is CLEAR, the phone is proven and nothing holds', () => {
  fc.assert(
    fc.property(events, settings, (list, by) => {
      const end = after(list, { policy: by });
      if (end.identity.status !== 'registered') return;
      assert.ok(by.autoRegistration);
      assert.ok(end.registration.openedBySms);
      assert.ok(!end.registration.earlierDeclined);
      const [only] = end.registration.checks;
      assert.equal(only?.lastFinal?.result, 'CLEAR');
      assert.deepEqual(only?.lastFinal?.holds ?? [], []);
      assert.notEqual(only?.latest?.kind, 'reopened');
      assert.notEqual(only?.latest?.withdrawn, true);
    }),
    { numRuns: 2000 },
  );
});

const expected: Readonly<Record<PersonAction, string>> = {
  register: 'registered',
  reject: 'rejected',
  again: 'unknown',
};

test('with people’s decisions mixed in, the last person’s decision stands', () => {
  const person = fc.constantFrom<PersonAction>('register', 'reject', 'again');
  const mixed = fc.array(
    fc.oneof(
      machineEvent,
      person.map(action => ({ kind: 'person', action }) as const),
    ),
    { minLength: 1, maxLength: 10 },
  );
  fc.assert(
    fc.property(mixed, settings, (list, by) => {
      const last = list.findLast(event => event.kind === 'person');
      if (last?.kind !== 'person') return;
      assert.equal(after(list, { policy: by }).identity.status, expected[last.action]);
    }),
    { numRuns: 2000 },
  );
});

test('a repeated event never has an effect', () => {
  fc.assert(
    fc.property(events, machineEvent, settings, (list, event, by) => {
      const once = after([...list, event], { policy: by });
      assert.deepEqual(after([event], { ...once, policy: by }).all, []);
    }),
    { numRuns: 1000 },
  );
});

test('the customer is told each outcome at most once in a row', () => {
  fc.assert(
    fc.property(events, settings, (list, by) => {
      const told = after(list, { policy: by }).all.flatMap(effect =>
        effect.kind === 'notice' ? [effect.notice] : [],
      );
      told.forEach((notice, place) => {
        assert.notEqual(notice, told[place - 1]);
      });
    }),
    { numRuns: 1000 },
  );
});
