import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admit } from '../../src/domain/admission.js';
import type { RegistrationStatus } from '../../src/domain/registration.js';
import { identity, now, registration } from './registrations.js';

const person = (action: 'register' | 'reject' | 'again') => ({ action, at: now });

test('somebody without a registration gets a new one', () => {
  assert.deepEqual(admit(identity({ status: 'unknown' }), null, null), { kind: 'new' });
});

for (const status of ['created', 'link_sent', 'opened', 'submitted', 'in_review'] as RegistrationStatus[])
  test(`an open registration (${status}) answers a new request`, () => {
    const newest = registration({ status });
    assert.deepEqual(admit(identity(), newest, null), { kind: 'existing', registration: newest });
  });

test('a registered customer is answered by the registration that registered them, not by a newer one', () => {
  const source = registration({ id: 'reg_old', status: 'decided', result: 'CLEAR' });
  const newest = registration({ id: 'reg_new', seq: 9, status: 'expired', result: 'EXPIRED' });
  const known = identity({ status: 'registered', source: { seq: 7, by: 'machine' } });
  assert.deepEqual(admit(known, newest, source), { kind: 'existing', registration: source });
});

for (const result of ['REJECTED', 'REJECTED_AGE_VALIDATION', 'REJECTED_IMAGE_INTEGRITY'] as const)
  test(`after ${result} the customer may register again`, () => {
    const source = registration({ status: 'decided', result });
    const known = identity({ status: 'rejected', source: { seq: 7, by: 'machine' } });
    assert.deepEqual(admit(known, source, source), { kind: 'new' });
  });

test('after SUSPECTED only a person can undo it, even when a later registration ran out', () => {
  const source = registration({ status: 'decided', result: 'SUSPECTED_FACE_COMPARISON' });
  const known = identity({ status: 'rejected', source: { seq: 7, by: 'machine' } });
  assert.deepEqual(admit(known, source, source), { kind: 'rejected_final' });
  const later = registration({ seq: 9, status: 'expired', result: 'EXPIRED' });
  assert.deepEqual(admit(known, later, source), { kind: 'rejected_final' });
});

test('a person’s refusal is final, whatever the machine’s result was; `again` lifts it', () => {
  const refused = registration({ status: 'decided', result: 'REJECTED', person: person('reject') });
  const known = identity({ status: 'rejected', source: { seq: 7, by: 'person' } });
  assert.deepEqual(admit(known, refused, refused), { kind: 'rejected_final' });
  const lifted = registration({ status: 'decided', result: 'SUSPECTED', person: person('again') });
  assert.deepEqual(admit(identity({ status: 'unknown' }), lifted, lifted), { kind: 'new' });
});

test('after EXPIRED and after a failure the customer may register again', () => {
  for (const status of ['expired', 'failed'] as const)
    assert.deepEqual(admit(identity(), registration({ status }), null), { kind: 'new' });
});
