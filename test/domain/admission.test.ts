import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admit } from '../../src/domain/admission.js';
import type { RegistrationStatus } from '../../src/domain/registration.js';
import { identity, now, registration } from './registrations.js';

test('somebody without a registration gets a new one', () => {
  assert.deepEqual(admit(identity({ status: 'unknown' }), null, null, false), { kind: 'new' });
});

for (const status of ['created', 'link_sent', 'opened', 'submitted', 'in_review'] as RegistrationStatus[])
  test(`an open registration (${status}) answers a new request`, () => {
    const newest = registration({ status });
    assert.deepEqual(admit(identity(), newest, null, false), { kind: 'existing', registration: newest });
  });

test('a registered customer is answered by the registration that registered them, not by a newer one', () => {
  const source = registration({ id: 'reg_old', status: 'decided', result: 'CLEAR' });
  const newest = registration({ id: 'reg_new', seq: 9, status: 'expired', result: 'EXPIRED' });
  const known = identity({ status: 'registered', source: { seq: 7, by: 'machine' } });
  assert.deepEqual(admit(known, newest, source, false), { kind: 'existing', registration: source });
});

for (const result of ['REJECTED', 'REJECTED_AGE_VALIDATION', 'REJECTED_IMAGE_INTEGRITY'] as const)
  test(`after ${result} the customer may register again`, () => {
    const source = registration({ status: 'decided', result });
    const known = identity({ status: 'rejected', source: { seq: 7, by: 'machine' } });
    assert.deepEqual(admit(known, source, source, false), { kind: 'new' });
  });

test('a refusal for good goes before everything, until a person lets them in or lets them start over', () => {
  for (const status of ['opened', 'submitted', 'in_review', 'expired', 'decided'] as const)
    for (const standing of ['pending', 'awaiting_registration', 'rejected'] as const) {
      const newest = registration({ seq: 9, status });
      const known = identity({ status: standing, source: { seq: 9, by: 'machine' } });
      assert.deepEqual(admit(known, newest, newest, true), { kind: 'rejected_final' });
    }
  const lifted = registration({
    status: 'decided',
    result: 'SUSPECTED',
    person: { action: 'again', at: now },
  });
  assert.deepEqual(admit(identity({ status: 'unknown' }), lifted, lifted, false), { kind: 'new' });
});

test('after EXPIRED and after a failure the customer may register again', () => {
  for (const status of ['expired', 'failed'] as const)
    assert.deepEqual(admit(identity(), registration({ status }), null, false), { kind: 'new' });
});
