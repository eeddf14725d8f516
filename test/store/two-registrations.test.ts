/**
 * Any order, over the registrations of one person: whatever the machines say of an older and of a newer one, and in
 * whichever order it comes, the person and both registrations end the same.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '../../src/domain/events.js';
import type { Policy } from '../../src/domain/policy.js';
import type { Reading } from '../../src/domain/registration.js';
import type { Result } from '../../src/domain/results.js';
import { commitEvent } from '../../src/store/commit.js';
import { findIdentity } from '../../src/store/identities.js';
import { findRegistration } from '../../src/store/registrations.js';
import type { Store } from '../../src/store/store.js';
import { openTestStore } from './open-db.js';
import { addSomebody, registerThem } from './register.js';

const now = Date.parse('2026-03-04T10:00:00Z');
const policy: Policy = { autoRegistration: true, resubmissions: 1, linkMs: 5_400_000, silenceMs: 600_000 };

/** What a machine says of the older registration (0) or of the newer one (1). */
interface Said {
  readonly about: 0 | 1;
  readonly what: 'opened' | 'submitted' | Reading;
}

const reading: fc.Arbitrary<Reading> = fc.oneof(
  fc.record({
    asOf: fc.integer({ min: now, max: now + 6 }),
    kind: fc.constant('final' as const),
    result: fc.constantFrom<Result>(
      'CLEAR',
      'CLEAR',
      'REJECTED_IMAGE_INTEGRITY',
      'SUSPECTED',
      'REJECTED',
      'CAUTION',
      'UNKNOWN',
      'EXPIRED',
    ),
    withdrawn: fc.constantFrom(false, false, true),
  }),
  fc.record({
    asOf: fc.integer({ min: now, max: now + 6 }),
    kind: fc.constantFrom('pending' as const, 'reopened' as const),
  }),
);

const said: fc.Arbitrary<Said> = fc.record({
  about: fc.constantFrom(0 as const, 1 as const),
  what: fc.oneof(fc.constantFrom('opened' as const, 'submitted' as const), { weight: 4, arbitrary: reading }),
});

/** A person whose first link ran out before they asked for another one. */
function begin(store: Store) {
  const id = addSomebody(store, now);
  const register = () => registerThem(store, id, now + policy.linkMs, now);
  const commit = (registrationId: string, event: Event) =>
    commitEvent(store.main, { registrationId, event, policy, now });
  const older = register();
  commit(older.row.id, { kind: 'deadline', expiresAt: older.registration.expiresAt });
  return { id, both: [older, register()] as const, commit };
}

function eventOf({ what }: Said, checkId: string): Event {
  if (what === 'opened') return { kind: 'opened', via: 'sms' };
  if (what === 'submitted') return { kind: 'submitted', checkId, checkRef: `ref of ${checkId}` };
  return { kind: 'read', checkId, reading: what };
}

/** Where a person ends. */
function end(store: Store, order: readonly Said[]) {
  const { id, both, commit } = begin(store);
  for (const each of order) {
    const { row, checks } = both[each.about];
    commit(row.id, eventOf(each, checks[0]?.id ?? ''));
  }
  const registrations = both.map(({ row }) => findRegistration(store.main, row.id)?.registration);
  return {
    identity: findIdentity(store.main, id)?.identity.status,
    registrations: registrations.map(each => [each?.status, each?.result, each?.earlierDeclined]),
  };
}

const mixed = fc.array(said, { minLength: 2, maxLength: 8 }).chain(list => {
  const repeated = [...list, ...list.slice(0, 2)];
  return fc.tuple(fc.constant(list), fc.shuffledSubarray(repeated, { minLength: repeated.length }));
});

test('whatever machines say of two registrations of one person, in any order, ends the same', t => {
  const store = openTestStore(t);
  // what a power cut would take back is not what is tested here
  for (const db of [store.main, store.inbox]) db.raw.pragma('synchronous = OFF');
  fc.assert(
    fc.property(mixed, ([list, order]) => {
      assert.deepEqual(end(store, order), end(store, list));
    }),
    { numRuns: Number(process.env.ANY_ORDER_RUNS ?? 120) },
  );
});

/** Said of the newer registration, and where it leaves the person whom the older one says `CLEAR` of, sooner or later. */
const takenBack = [
  ['unreadable pictures', 'REJECTED_IMAGE_INTEGRITY'],
  ['a capture that was left', 'EXPIRED'],
] as const;

for (const [what, result] of takenBack)
  test(`a newer CLEAR that turned into ${what} leaves the person what the older registration says`, t => {
    const store = openTestStore(t);
    const final = (about: 0 | 1, word: Result, asOf: number): Said => ({
      about,
      what: { kind: 'final', result: word, asOf },
    });
    const older = final(0, 'CLEAR', now);
    const newer = [final(1, 'CLEAR', now), final(1, result, now + 1)];
    assert.equal(end(store, [older, ...newer]).identity, 'registered');
    assert.equal(end(store, [...newer, older]).identity, 'registered');
    assert.equal(end(store, newer).identity, 'pending');
    const caution = final(0, 'CAUTION', now);
    assert.equal(end(store, [caution, ...newer]).identity, 'awaiting_registration');
    assert.equal(end(store, [final(0, 'REJECTED', now), ...newer]).identity, 'rejected');
  });

test('who is let start over by a person is nobody an older registration has registered', t => {
  const store = openTestStore(t);
  const { id, both, commit } = begin(store);
  const [older, newer] = both;
  const clear = (check: string, asOf: number): Event => ({
    kind: 'read',
    checkId: check,
    reading: { kind: 'final', result: 'CLEAR', asOf },
  });
  commit(older.row.id, clear(older.checks[0]?.id ?? '', now));
  commit(newer.row.id, clear(newer.checks[0]?.id ?? '', now));
  const status = () => findIdentity(store.main, id)?.identity.status;
  assert.equal(status(), 'registered');
  commit(newer.row.id, { kind: 'person', action: 'again' });
  assert.equal(status(), 'unknown');
  commit(older.row.id, clear(older.checks[0]?.id ?? '', now + 5));
  assert.equal(status(), 'unknown');
});
