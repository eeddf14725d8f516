/** What is said and told when the provider takes back a check, or what it had said of one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/domain/events.js';
import { after, final, now, read } from './registrations.js';

const bySms: Event = { kind: 'opened', via: 'sms' };
const submitted: Event = { kind: 'submitted', checkId: 'chk_1-1', checkRef: 'ref-1' };

function notices(effects: readonly { kind: string }[]): string[] {
  return effects.flatMap(effect =>
    effect.kind === 'notice' ? [(effect as { notice?: string }).notice ?? ''] : [],
  );
}

function alerts(effects: readonly { kind: string }[]): string[] {
  return effects.flatMap(effect =>
    effect.kind === 'alert' ? [(effect as { code?: string }).code ?? ''] : [],
  );
}

test('a check withdrawn before any verdict awaits like others that say nothing: an alert, a case and a text', () => {
  const withdrawn = (asOf: number) => read(final('UNKNOWN', asOf, { withdrawn: true }));
  const end = after([bySms, submitted, withdrawn(now + 5)]);
  assert.equal(end.identity.status, 'awaiting_registration');
  assert.deepEqual([end.registration.status, end.registration.result], ['in_review', 'UNKNOWN']);
  assert.deepEqual(notices(end.all), ['awaiting']);
  assert.deepEqual(alerts(end.all), ['result_unknown']);
  assert.deepEqual(
    end.all.filter(({ kind }) => kind === 'open_case'),
    [{ kind: 'open_case', cause: 'reopened' }],
  );
  assert.deepEqual(after([withdrawn(now + 6)], end).all, [], 'said once');
  const cleared = after([read(final('CLEAR', now + 9))], end);
  assert.deepEqual([cleared.identity.status, notices(cleared.all)], ['registered', ['registered']]);
});

test('whoever was told a verdict is not texted when the check is withdrawn, and an alert says so', () => {
  const withdrawn = read(final('UNKNOWN', now + 5, { withdrawn: true }));
  for (const [result, told, alert] of [
    ['CLEAR', 'registered', 'registered_check_reopened'],
    ['CAUTION', 'awaiting', 'result_unknown'],
  ] as const) {
    const before = after([bySms, read(final(result))]);
    const end = after([withdrawn], before);
    assert.deepEqual([notices(before.all), notices(end.all)], [[told], []]);
    assert.deepEqual(alerts(end.all), [alert]);
  }
  assert.deepEqual(alerts(after([bySms, submitted, read({ asOf: now + 5, kind: 'reopened' })]).all), []);
});
