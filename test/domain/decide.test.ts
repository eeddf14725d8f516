import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/domain/events.js';
import { familyOf, type Result, results } from '../../src/domain/results.js';
import { after, check, final, identity, now, policy, read, registration } from './registrations.js';

const bySms: Event = { kind: 'opened', via: 'sms' };
const byKiosk: Event = { kind: 'opened', via: 'kiosk' };
const submitted: Event = { kind: 'submitted', checkId: 'chk_1-1', checkRef: 'ref-1' };
const deadline: Event = { kind: 'deadline', expiresAt: registration().expiresAt };

function notices(effects: readonly { kind: string }[]): string[] {
  return effects.flatMap(effect =>
    effect.kind === 'notice' ? [(effect as { notice?: string }).notice ?? ''] : [],
  );
}

const expectations: Readonly<Record<string, readonly [identity: string, status: string, notice: string]>> = {
  clear: ['registered', 'decided', 'registered'],
  suspected: ['rejected', 'decided', 'rejected'],
  rejected: ['rejected', 'decided', 'rejected_retry'],
  caution: ['awaiting_registration', 'in_review', 'awaiting'],
  unknown: ['awaiting_registration', 'in_review', 'awaiting'],
};

for (const result of Object.keys(results) as Result[]) {
  const expected = expectations[familyOf(result)];
  if (!expected) continue;
  test(`${result} makes the identity ${expected[0]} and tells the customer "${expected[2]}"`, () => {
    const end = after([bySms, submitted, read(final(result))]);
    assert.equal(end.identity.status, expected[0]);
    assert.equal(end.registration.status, expected[1]);
    assert.equal(end.registration.result, result);
    assert.deepEqual(notices(end.all), [expected[2]]);
    const waits = expected[0] === 'awaiting_registration';
    assert.equal(end.all.filter(effect => effect.kind === 'open_case').length, waits ? 1 : 0);
  });
}

test('the vendor’s own word is told anew when it changes, although it decides nothing', () => {
  const told = (result: Result, vendorVerdict: string, asOf = now) =>
    read(final(result, asOf, { vendorVerdict }));
  const start = after([bySms, submitted, told('CAUTION', 'PASSED')]);
  assert.ok(start.all.some(({ kind }) => kind === 'mirror'));
  const repeated = after([told('CAUTION', 'PASSED', now + 1)], start);
  assert.deepEqual(repeated.all, []);
  const changed = after([told('CAUTION', 'WARNING', now + 2)], start);
  assert.equal(changed.identity.status, 'awaiting_registration');
  assert.ok(changed.all.some(({ kind }) => kind === 'mirror'));
});

test('CLEAR without auto-registration awaits, and a case is opened', () => {
  const end = after([bySms, submitted, read(final('CLEAR'))], {
    policy: { ...policy, autoRegistration: false },
  });
  assert.equal(end.identity.status, 'awaiting_registration');
  assert.ok(end.all.some(effect => effect.kind === 'open_case' && effect.cause === 'not_automatic'));
  assert.deepEqual(notices(end.all), ['awaiting']);
});

test('CLEAR that the policy holds awaits whatever auto-registration says', () => {
  const end = after([bySms, read(final('CLEAR', now, { holds: ['policy.minimum_age'] }))]);
  assert.equal(end.identity.status, 'awaiting_registration');
  assert.deepEqual(end.registration.reasonCodes, ['policy.minimum_age']);
});

test('a customer who came only by the kiosk’s link awaits, and is registered once the SMS’s link was used', () => {
  const first = after([byKiosk, submitted, read(final('CLEAR'))]);
  assert.equal(first.identity.status, 'awaiting_registration');
  const later = after([bySms], { identity: first.identity, registration: first.registration });
  assert.equal(later.identity.status, 'registered');
  assert.ok(later.all.some(effect => effect.kind === 'close_case'));
});

test('phoneVerified stands in for the SMS’s link', () => {
  const end = after([byKiosk, read(final('CLEAR'))], { registration: registration({ phoneVerified: true }) });
  assert.equal(end.identity.status, 'registered');
});

test('on an external site the phone is proven unless the kiosk’s link was used or no SMS was sent', () => {
  const start = (over: object) => ({ registration: registration({ externalSite: true, ...over }) });
  assert.equal(after([read(final('CLEAR'))], start({})).identity.status, 'registered');
  assert.equal(after([byKiosk, read(final('CLEAR'))], start({})).identity.status, 'awaiting_registration');
  assert.equal(
    after([read(final('CLEAR'))], start({ notifies: false })).identity.status,
    'awaiting_registration',
  );
});

test('nothing uploaded by the deadline expires the link and leaves the identity as it was', () => {
  const end = after([bySms, deadline]);
  assert.equal(end.registration.status, 'expired');
  assert.equal(end.registration.result, 'EXPIRED');
  assert.equal(end.identity.status, 'pending');
  assert.deepEqual(notices(end.all), ['expired']);
});

test('EXPIRED is not final for a later result of the provider', () => {
  const end = after([bySms, deadline, submitted, read(final('CLEAR'))]);
  assert.equal(end.registration.status, 'decided');
  assert.equal(end.identity.status, 'registered');
});

test('a deadline that was moved meanwhile does nothing', () => {
  const end = after([{ kind: 'deadline', expiresAt: now }]);
  assert.equal(end.changed, false);
});

test('a deadline does not expire what was submitted', () => {
  assert.equal(after([submitted, deadline]).registration.status, 'submitted');
});

test('unreadable pictures ask for another attempt while the policy allows one: same link, new time', () => {
  const allowed = { ...policy, resubmissions: 1 };
  const end = after([bySms, submitted, read(final('REJECTED_IMAGE_INTEGRITY'))], { policy: allowed });
  assert.equal(end.registration.result, 'RESUBMISSION_REQUESTED');
  assert.equal(end.registration.status, 'link_sent');
  assert.equal(end.identity.status, 'pending');
  assert.equal(end.registration.checks.length, 2);
  assert.deepEqual(notices(end.all), ['resubmission']);
  assert.ok(end.all.some(effect => effect.kind === 'deadline' && effect.at === end.registration.expiresAt));
  const second = after([read(final('REJECTED_IMAGE_INTEGRITY'), 2)], { ...end, policy: allowed });
  assert.equal(second.registration.result, 'REJECTED_IMAGE_INTEGRITY');
  assert.equal(second.identity.status, 'rejected');
});

test('a later attempt cannot cover up that an earlier one turned out to be fraud', () => {
  const allowed = { ...policy, resubmissions: 1 };
  const end = after(
    [
      bySms,
      read(final('REJECTED_IMAGE_INTEGRITY')),
      read(final('CLEAR', now + 5), 2),
      read(final('SUSPECTED', now + 9), 1),
    ],
    { policy: allowed },
  );
  assert.equal(end.identity.status, 'rejected');
});

test('fraud found in one attempt counts whatever another says, and whatever the policy allows by then', () => {
  const allowed = { ...policy, resubmissions: 1 };
  const asked = after([bySms, submitted, read(final('REJECTED_IMAGE_INTEGRITY'))], { policy: allowed });
  const fraud = read(final('SUSPECTED', now + 5), 2);
  const cleared = [read({ asOf: now + 7, kind: 'reopened' }), read(final('CLEAR', now + 9))];
  for (const today of [allowed, policy])
    for (const events of [
      [fraud, ...cleared],
      [...cleared, fraud],
    ]) {
      const end = after(events, { ...asked, policy: today });
      assert.deepEqual([end.identity.status, end.registration.result], ['rejected', 'SUSPECTED']);
    }
});

test('of two attempts with a word about the customer the worse one counts, whichever came last', () => {
  const allowed = { ...policy, resubmissions: 1 };
  const asked = after([bySms, read(final('REJECTED_IMAGE_INTEGRITY'))], { policy: allowed });
  for (const [first, second, result] of [
    ['CLEAR', 'CAUTION', 'CAUTION'],
    ['CAUTION', 'CLEAR', 'CAUTION'],
    ['CLEAR', 'REJECTED', 'REJECTED'],
    // pictures that cannot be read say nothing about the customer
    ['CLEAR', 'REJECTED_IMAGE_INTEGRITY', 'CLEAR'],
  ] as const)
    for (const order of [
      [read(final(first, now + 5)), read(final(second, now + 6), 2)],
      [read(final(second, now + 5), 2), read(final(first, now + 6))],
    ])
      assert.equal(after(order, { ...asked, policy: allowed }).registration.result, result);
});

test('an attempt that was asked for counts also where the policy allows none any more', () => {
  const asked = after([bySms, read(final('REJECTED_IMAGE_INTEGRITY'))], {
    policy: { ...policy, resubmissions: 1 },
  });
  const end = after([read(final('CLEAR', now + 5), 2)], asked);
  assert.equal(end.identity.status, 'registered');
});

test('a new attempt takes nobody’s status over: what another registration gave stays, and may still change', () => {
  const allowed = { ...policy, resubmissions: 1 };
  const unreadable = read(final('REJECTED_IMAGE_INTEGRITY'));
  const known = { seq: 3, by: 'machine' } as const;
  const registered = identity({ status: 'registered', source: known });
  const again = after([bySms, unreadable], { identity: registered, policy: allowed });
  assert.deepEqual(again.identity, registered);
  const fresh = after([bySms, unreadable], { registration: registration({ seq: 9 }), policy: allowed });
  assert.equal(fresh.identity.status, 'pending');
  const older = after([bySms, read(final('CLEAR'))], { identity: fresh.identity });
  assert.equal(older.identity.status, 'registered');
});

test('a word that is only repeated is not judged anew by the day’s date and settings', () => {
  const held = final('CLEAR', now, { holds: ['policy.minimum_age'] });
  const waiting = after([bySms, read(held)]);
  const later = after([read(final('CLEAR', now + 5))], waiting);
  assert.deepEqual([later.identity, later.all], [waiting.identity, []]);
  const registered = after([bySms, read(final('CLEAR'))]);
  const expired = after([read(final('CLEAR', now + 5, { holds: ['policy.expired'] }))], registered);
  assert.deepEqual([expired.identity, expired.all], [registered.identity, []]);
  const changed = after([read(final('CAUTION', now + 7)), read({ ...held, asOf: now + 9 })], registered);
  assert.equal(changed.identity.status, 'awaiting_registration');
});

test('a registered customer whose check is reopened awaits, an alert says so, and nobody is texted about it', () => {
  const end = after([bySms, read(final('CLEAR')), read({ asOf: now + 5, kind: 'reopened' })]);
  assert.equal(end.identity.status, 'awaiting_registration');
  assert.equal(end.registration.status, 'in_review');
  assert.deepEqual(notices(end.all), ['registered']);
  assert.ok(end.all.some(effect => effect.kind === 'alert' && effect.code === 'registered_check_reopened'));
});

test('a withdrawn check takes registration back but not a refusal', () => {
  const withdrawn = final('UNKNOWN', now + 5, { withdrawn: true });
  assert.equal(
    after([bySms, read(final('CLEAR')), read(withdrawn)]).identity.status,
    'awaiting_registration',
  );
  assert.equal(after([bySms, read(final('SUSPECTED')), read(withdrawn)]).identity.status, 'rejected');
});

test('a refusal outlives that nothing can be read of its check any more, whichever was known first', () => {
  for (const nothing of ['UNKNOWN', 'EXPIRED'] as const)
    for (const refusal of ['SUSPECTED', 'REJECTED'] as const) {
      const said = read(final(refusal));
      const lost = read(final(nothing, now + 5));
      for (const events of [
        [said, lost],
        [lost, said],
      ]) {
        const end = after([bySms, ...events]);
        assert.deepEqual([end.identity.status, end.registration.result], ['rejected', refusal]);
      }
      const cleared = after([bySms, said, lost, read(final('CLEAR', now + 9))]);
      assert.equal(cleared.identity.status, 'registered');
    }
  const nothingToTrust = after([bySms, read(final('CLEAR')), read(final('UNKNOWN', now + 5))]);
  assert.equal(nothingToTrust.identity.status, 'awaiting_registration');
});

test('an attempt that asked for another one still does when nothing can be read of it any more', () => {
  const allowed = { ...policy, resubmissions: 1 };
  const unreadable = read(final('REJECTED_IMAGE_INTEGRITY'));
  for (const later of [final('UNKNOWN', now + 5), { asOf: now + 5, kind: 'reopened' } as const])
    for (const events of [
      [unreadable, read(later)],
      [read(later), unreadable],
    ]) {
      const end = after([bySms, ...events], { policy: allowed });
      assert.equal(end.registration.checks.length, 2);
      assert.deepEqual([end.identity.status, end.registration.status], ['pending', 'link_sent']);
    }
});

test('a person’s decision stands; a later result of the machine opens a case and alerts', () => {
  const end = after([
    bySms,
    read(final('CAUTION')),
    { kind: 'person', action: 'reject' },
    read(final('CLEAR', now + 9)),
  ]);
  assert.equal(end.identity.status, 'rejected');
  assert.equal(end.registration.result, 'CAUTION');
  assert.ok(end.effects.some(effect => effect.kind === 'open_case' && effect.cause === 'after_person'));
  assert.ok(end.effects.some(effect => effect.kind === 'alert' && effect.code === 'result_after_person'));
  assert.deepEqual(notices(end.effects), []);
});

test('`again` lets the customer start over and texts nobody', () => {
  const end = after([bySms, read(final('SUSPECTED')), { kind: 'person', action: 'again' }]);
  assert.equal(end.identity.status, 'unknown');
  assert.equal(end.registration.status, 'decided');
  assert.deepEqual(notices(end.effects), []);
});

test('an older registration no longer moves the identity, but fraud found there is told to the operator', () => {
  const newer = identity({ status: 'registered', source: { seq: 9, by: 'machine' } });
  const end = after([bySms, read(final('SUSPECTED'))], { identity: newer });
  assert.equal(end.identity.status, 'registered');
  assert.deepEqual(notices(end.all), []);
  assert.ok(
    end.all.some(effect => effect.kind === 'alert' && effect.code === 'older_registration_suspected'),
  );
});

const declinedEarlier: Event = { kind: 'earlier_declined', declined: true };

test('over an earlier refusal a CLEAR registers nobody by itself, whichever was known first', () => {
  const orders = [
    [bySms, submitted, read(final('CLEAR')), declinedEarlier],
    [declinedEarlier, bySms, submitted, read(final('CLEAR'))],
    [bySms, submitted, declinedEarlier, read(final('CLEAR')), declinedEarlier],
  ];
  for (const order of orders) {
    const end = after(order, {
      identity: identity({ status: 'rejected', source: { seq: 3, by: 'machine' } }),
    });
    assert.equal(end.identity.status, 'awaiting_registration');
    assert.equal(end.registration.status, 'in_review');
    assert.equal(end.registration.result, 'CLEAR');
    assert.deepEqual(end.registration.reasonCodes, ['policy.older_registration']);
    assert.ok(end.all.some(effect => effect.kind === 'open_case' && effect.cause === 'older_registration'));
  }
});

test('an earlier refusal that is cleared holds nobody back any more', () => {
  const end = after([
    declinedEarlier,
    bySms,
    read(final('CLEAR')),
    { kind: 'earlier_declined', declined: false },
  ]);
  assert.equal(end.identity.status, 'registered');
  assert.ok(end.effects.some(effect => effect.kind === 'close_case'));
});

test('an earlier refusal makes no other word friendlier', () => {
  for (const result of ['SUSPECTED', 'REJECTED', 'CAUTION', 'UNKNOWN'] as const) {
    const plain = after([bySms, read(final(result))]);
    const doubted = after([bySms, declinedEarlier, read(final(result))]);
    assert.equal(doubted.identity.status, plain.identity.status);
    assert.equal(doubted.registration.result, result);
  }
});

test('an earlier refusal found after a person let the customer in opens a case, and moves nobody', () => {
  const end = after([bySms, read(final('CAUTION')), { kind: 'person', action: 'register' }, declinedEarlier]);
  assert.equal(end.identity.status, 'registered');
  assert.deepEqual(end.effects, [{ kind: 'open_case', cause: 'older_registration' }]);
});

test('what a person decided about another registration is moved by no machine', () => {
  for (const status of ['registered', 'rejected'] as const) {
    const decided = identity({ status, source: { seq: 3, by: 'person' } });
    for (const result of ['CLEAR', 'SUSPECTED', 'CAUTION'] as const) {
      const end = after([bySms, read(final(result))], { identity: decided });
      assert.equal(end.identity, decided);
      assert.ok(end.all.some(effect => effect.kind === 'open_case' && effect.cause === 'after_person'));
      assert.ok(end.all.some(effect => effect.kind === 'alert' && effect.code === 'result_after_person'));
      assert.deepEqual(notices(end.all), []);
    }
  }
  const again = identity({ status: 'pending', source: { seq: 3, by: 'person' } });
  assert.equal(after([bySms, read(final('CLEAR'))], { identity: again }).identity.status, 'registered');
});

test('saying again what is known changes nothing and has no effect', () => {
  const once = after([bySms, submitted, read(final('CAUTION'))]);
  const twice = after([read(final('CAUTION', now + 50)), submitted, bySms], once);
  assert.deepEqual(twice.all, []);
  assert.equal(twice.registration.revision, once.registration.revision);
});

test('a setting changed meanwhile registers nobody who waits for a person', () => {
  const waiting = after([bySms, read(final('CLEAR'))], { policy: { ...policy, autoRegistration: false } });
  const again = after([read(final('CLEAR', now + 50))], { ...waiting, policy });
  assert.equal(again.identity.status, 'awaiting_registration');
});

test('that another run is read from now on draws no verdict anew by settings changed meanwhile', () => {
  const before = after([bySms, submitted, read(final('CLEAR'))], {
    policy: { ...policy, autoRegistration: false },
  });
  const outdone: Event = { kind: 'run_outdone', checkId: 'chk_1-1', checkRef: 'ref-2' };
  const end = after([outdone], { ...before, policy });
  assert.equal(end.changed, true);
  assert.equal(end.registration.checks[0]?.checkRef, 'ref-2');
  assert.deepEqual([end.identity, end.all], [before.identity, []]);
});

test('a deadline, or a text taken late, draws no verdict anew by settings changed meanwhile', () => {
  const other = { ...policy, autoRegistration: false, resubmissions: 1 };
  for (const late of [deadline, { kind: 'link_taken' } as const])
    for (const result of ['CLEAR', 'REJECTED_IMAGE_INTEGRITY'] as const)
      for (const [before, afterwards] of [
        [policy, other],
        [other, policy],
      ] as const) {
        const decided = after([bySms, read(final(result))], { policy: before });
        if (decided.registration.checks.length > 1) continue;
        const end = after([late], { ...decided, policy: afterwards });
        assert.deepEqual(end.identity, decided.identity);
        assert.deepEqual(end.all, []);
      }
});

test('a refused applicant fails the registration and alerts', () => {
  const end = after([{ kind: 'failed' }]);
  assert.equal(end.registration.status, 'failed');
  assert.ok(end.all.some(effect => effect.kind === 'alert' && effect.code === 'registration_failed'));
});

test('a submitted check is asked about when the provider stays silent', () => {
  const end = after([submitted]);
  assert.ok(end.all.some(effect => effect.kind === 'ask_provider' && effect.at === now + policy.silenceMs));
});

test('an event about a check nobody knows changes nothing', () => {
  assert.equal(after([read(final('CLEAR'), 9)]).changed, false);
});

test('a run opened is not yet submitted', () => {
  const end = after([{ kind: 'run_opened', checkId: 'chk_1-1', checkRef: 'run-1' }]);
  assert.deepEqual(end.registration.checks[0], check(1, { checkRef: 'run-1' }));
});

test('until the customer is done a later run replaces an earlier one; afterwards none does', () => {
  const run = (checkRef: string): Event => ({ kind: 'run_opened', checkId: 'chk_1-1', checkRef });
  const done: Event = { kind: 'submitted', checkId: 'chk_1-1', checkRef: 'run-2' };
  const refOf = (events: Event[]) => after(events).registration.checks[0]?.checkRef;
  assert.equal(refOf([run('run-1'), run('run-2')]), 'run-2');
  assert.equal(refOf([run('run-1'), done, run('run-3')]), 'run-2');
  assert.equal(refOf([run('run-1'), read(final('CAUTION')), run('run-2')]), 'run-1');
});
