import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '../../src/domain/events.js';
import type { Policy } from '../../src/domain/policy.js';
import type { PersonAction, Registration } from '../../src/domain/registration.js';
import { type Result, results } from '../../src/domain/results.js';
import { standingReading } from '../../src/domain/verdict.js';
import { after, check, final, now, policy, registration } from './registrations.js';

/** Words that have consequences of their own come up often enough to meet each other. */
const word: fc.Arbitrary<Result> = fc.oneof(
  fc.constantFrom<Result>('CLEAR', 'REJECTED_IMAGE_INTEGRITY', 'SUSPECTED', 'UNKNOWN', 'EXPIRED'),
  fc.constantFrom(...(Object.keys(results) as Result[])),
);

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
        result: word,
        withdrawn: fc.boolean(),
      }),
    ),
  });

/** A registration on which the machines then speak, and what they may say. */
interface Start {
  readonly name: string;
  readonly registration: Registration;
  readonly resubmissions: number;
  readonly event: fc.Arbitrary<Event>;
}

/** @param attempts those whose checks exist from the start: what is said of one that does not cannot be heard */
function startWith(name: string, attempts: readonly number[], begun: Partial<Registration> = {}): Start {
  const start = registration(begun);
  const ofCheck = attempts.map(attempt =>
    fc.oneof(
      fc.constantFrom<Event>(
        { kind: 'submitted', checkId: `chk_1-${attempt}`, checkRef: `ref-${attempt}` },
        { kind: 'run_opened', checkId: `chk_1-${attempt}`, checkRef: `ref-${attempt}` },
        { kind: 'run_outdone', checkId: `chk_1-${attempt}`, checkRef: 'ref-3' },
      ),
      { weight: 2, arbitrary: reading(attempt) },
    ),
  );
  const event = fc.oneof(
    fc.constantFrom<Event>(
      { kind: 'link_taken' },
      { kind: 'opened', via: 'sms' },
      { kind: 'opened', via: 'kiosk' },
      { kind: 'deadline', expiresAt: start.expiresAt },
      { kind: 'failed' },
      { kind: 'earlier_declined', declined: true },
    ),
    { weight: 2, arbitrary: fc.oneof(...ofCheck) },
  );
  return { name, registration: start, resubmissions: name === 'one attempt' ? 0 : 1, event };
}

const unreadable = final('REJECTED_IMAGE_INTEGRITY', now - 1);

const starts: readonly Start[] = [
  startWith('one attempt', [1]),
  // it was made a moment ago: the next attempt has a time limit of its own
  startWith('one attempt that may be followed by another', [1], { expiresAt: now + policy.linkMs - 1 }),
  startWith('two attempts', [1, 2], {
    status: 'link_sent',
    result: 'RESUBMISSION_REQUESTED',
    told: 'resubmission:2',
    checks: [
      check(1, { checkRef: 'ref-1', submitted: true, latest: unreadable, lastFinal: unreadable }),
      check(2),
    ],
  }),
];

/**
 * What the policy holds against somebody is judged when a word is heard first, by that day's date and settings; here they
 * never change, so that it is the same at every reading.
 */
const heldAlike = (event: fc.Arbitrary<Event>, maxLength: number) =>
  fc
    .tuple(fc.array(event, { maxLength }), fc.constantFrom<readonly string[]>([], [], ['policy.minimum_age']))
    .map(([list, holds]) => list.map(each => withHolds(each, holds)));

function withHolds(event: Event, holds: readonly string[]): Event {
  return event.kind === 'read' && event.reading.kind === 'final'
    ? { ...event, reading: { ...event.reading, holds } }
    : event;
}

const settingsOf = ({ resubmissions }: Start) =>
  fc.record({
    autoRegistration: fc.boolean(),
    resubmissions: fc.constant(resubmissions),
    linkMs: fc.constant(policy.linkMs),
    silenceMs: fc.constant(policy.silenceMs),
  });

function standing(list: readonly Event[], start: Start, by = policy) {
  const { identity, registration: end } = after(list, { registration: start.registration, policy: by });
  return { identity: identity.status, status: end.status, result: end.result, codes: [...end.reasonCodes] };
}

/** A permutation of the events with some of them repeated. */
const shuffled = (events: fc.Arbitrary<Event[]>) =>
  events.chain(list =>
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

const expected: Readonly<Record<PersonAction, string>> = {
  register: 'registered',
  reject: 'rejected',
  again: 'unknown',
};

for (const start of starts) {
  const events = heldAlike(start.event, 8);
  const settings = settingsOf(start);
  const from = (list: readonly Event[], by: Policy) =>
    after(list, { registration: start.registration, policy: by });

  test(`any order and any repetition of machine events ends in the same state: ${start.name}`, () => {
    fc.assert(
      fc.property(shuffled(events), settings, ([list, order], by) => {
        const mixed = order.flatMap(place => list[place] ?? []);
        assert.deepEqual(standing(mixed, start, by), standing(list, start, by));
      }),
      { numRuns: 2000 },
    );
  });

  test(`a machine registers nobody unless all it heard is CLEAR, the phone is proven and nothing holds: ${start.name}`, () => {
    fc.assert(
      fc.property(events, settings, (list, by) => {
        const end = from(list, by);
        if (end.identity.status !== 'registered') return;
        assert.ok(by.autoRegistration);
        assert.ok(end.registration.openedBySms);
        assert.ok(!end.registration.earlierDeclined);
        // pictures that could not be read say nothing once there are others, nor does an attempt nobody spoke of
        const words = end.registration.checks
          .map(standingReading)
          .filter(heard => heard !== null && heard.result !== 'REJECTED_IMAGE_INTEGRITY');
        assert.ok(words.length > 0);
        for (const heard of words) {
          assert.equal(heard?.kind, 'final');
          assert.equal(heard?.result, 'CLEAR');
          assert.deepEqual(heard?.holds ?? [], []);
          assert.notEqual(heard?.withdrawn, true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test(`with people’s decisions mixed in, the last person’s decision stands: ${start.name}`, () => {
    const person = fc.constantFrom<PersonAction>('register', 'reject', 'again');
    const mixed = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: start.event },
        { weight: 1, arbitrary: person.map(action => ({ kind: 'person', action }) as const) },
      ),
      { minLength: 1, maxLength: 10 },
    );
    fc.assert(
      fc.property(mixed, settings, (list, by) => {
        const last = list.findLast(event => event.kind === 'person');
        if (last?.kind !== 'person') return;
        assert.equal(from(list, by).identity.status, expected[last.action]);
      }),
      { numRuns: 1000 },
    );
  });

  test(`a repeated event never has an effect: ${start.name}`, () => {
    fc.assert(
      fc.property(events, start.event, settings, (list, event, by) => {
        const once = from([...list, event], by);
        assert.deepEqual(after([event], { ...once, policy: by }).all, []);
      }),
      { numRuns: 500 },
    );
  });

  test(`the customer is told each outcome at most once in a row: ${start.name}`, () => {
    fc.assert(
      fc.property(events, settings, (list, by) => {
        const told = from(list, by).all.flatMap(effect => (effect.kind === 'notice' ? [effect.notice] : []));
        told.forEach((notice, place) => {
          assert.notEqual(notice, told[place - 1]);
        });
      }),
      { numRuns: 500 },
    );
  });
}
