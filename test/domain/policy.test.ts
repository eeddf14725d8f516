import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageOn, holdsOf } from '../../src/domain/policy.js';

const content = { holdExpiredDocument: true };
const today = '2026-03-04';

test('age counts completed years, also around the birthday and for leap days', () => {
  assert.equal(ageOn('2008-03-04', today), 18);
  assert.equal(ageOn('2008-03-05', today), 17);
  assert.equal(ageOn('2008-02-29', '2026-02-28'), 17);
  assert.equal(ageOn('2008-02-29', '2026-03-01'), 18);
  assert.equal(ageOn('not a date', today), null);
  assert.equal(ageOn('2008-13-01', today), null);
});

test('a person of the allowed age, country and document is not held', () => {
  const person = {
    birthDate: '1990-01-01',
    issuingCountry: 'CZE',
    documentType: 'passport',
    expirationDate: '2031-01-01',
  } as const;
  const rules = {
    ...content,
    minimumAge: 18,
    maximumAge: 70,
    documentCountries: ['CZE'],
    documentTypes: ['passport'],
  };
  assert.deepEqual(holdsOf(person, rules, today), []);
});

test('kids, older people, other countries, other documents and expired ones are held, in a fixed order', () => {
  const person = {
    birthDate: '2010-01-01',
    country: 'USA',
    documentType: 'other',
    expirationDate: '2026-03-03',
  } as const;
  const rules = { ...content, minimumAge: 18, documentCountries: ['CZE'], documentTypes: ['passport'] };
  assert.deepEqual(holdsOf(person, rules, today), [
    'policy.minimum_age',
    'policy.document_country',
    'policy.document_type',
    'policy.document_expired',
  ]);
  assert.deepEqual(holdsOf({ birthDate: '1930-01-01' }, { ...content, maximumAge: 70 }, today), [
    'policy.maximum_age',
  ]);
});

test('a rule whose field was not read holds, because it cannot be said to be kept', () => {
  const rules = {
    ...content,
    minimumAge: 18,
    maximumAge: 70,
    documentCountries: ['CZE'],
    documentTypes: ['passport'],
  };
  assert.equal(holdsOf(null, rules, today).length, 4);
});

test('without rules an unread person is content, and a document expiring today is still good', () => {
  assert.deepEqual(holdsOf(null, content, today), []);
  assert.deepEqual(holdsOf({ expirationDate: today }, content, today), []);
  assert.deepEqual(holdsOf({ expirationDate: '2020-01-01' }, { holdExpiredDocument: false }, today), []);
  assert.deepEqual(holdsOf({ expirationDate: 'garbled' }, content, today), ['policy.document_expired']);
});
