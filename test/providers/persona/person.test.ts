import assert from 'node:assert/strict';
import { test } from 'node:test';
import { body, passedSelfie, read, verification } from './fixtures.js';

function personOf(attributes: object) {
  const document = verification('government-id', 'passed', [], { attributes });
  return read(body('approved', { verifications: [document, passedSelfie] })).person;
}

test('what was read from the document arrives in our words', () => {
  assert.deepEqual(
    personOf({
      'name-first': 'ALEXANDER',
      'name-middle': 'J',
      'name-last': 'SAMPLE',
      birthdate: '1990-07-14',
      nationality: 'SVK',
      'country-code': 'CZ',
      'id-class': 'pp',
      'identification-number': 'P1234567',
      'document-number': 'D9',
      'expiration-date': '2034-01-31',
      'address-street-1': '12 SAMPLE STREET',
      'address-street-2': 'APT 1',
      'address-city': 'PRAGUE',
      'address-subdivision': 'PRAGUE',
      'address-postal-code': '110 00',
    }),
    {
      firstName: 'ALEXANDER',
      middleName: 'J',
      lastName: 'SAMPLE',
      documentType: 'passport',
      documentNumber: 'P1234567',
      secondaryDocumentNumber: 'D9',
      birthDate: '1990-07-14',
      expirationDate: '2034-01-31',
      rawAddress: '12 SAMPLE STREET, APT 1, PRAGUE, PRAGUE, 110 00',
      streetAddress: '12 SAMPLE STREET, APT 1',
      city: 'PRAGUE',
      zip: '110 00',
      state: 'PRAGUE',
      country: 'SVK',
      issuingCountry: 'CZE',
    },
  );
});

test('every class of document has a type', () => {
  const types: Readonly<Record<string, string>> = {
    pp: 'passport',
    dl: 'driving_licence',
    id: 'national_identity_card',
    nric: 'national_identity_card',
    vid: 'voter_id',
    wp: 'work_permit',
    rp: 'residence_permit',
    pr: 'residence_permit',
    ppc: 'other',
    visa: 'other',
    constructor: 'other',
  };
  for (const [given, expected] of Object.entries(types))
    assert.equal(personOf({ 'id-class': given })?.documentType, expected, given);
});

test('what is not a date, a country or a text is left out', () => {
  assert.equal(personOf({ birthdate: '14.7.1990', 'country-code': 'XX', nationality: 'Slovak' }), null);
  assert.deepEqual(
    personOf({ birthdate: '2026-02-30', 'name-first': ' ', 'name-last': 7, 'country-code': 'de' }),
    {
      country: 'DEU',
      issuingCountry: 'DEU',
    },
  );
});

test('without a document there is nobody, and of two the newest is taken whole', () => {
  assert.equal(read(body('approved', { verifications: [passedSelfie] })).person, null);
  const document = (minute: number, attributes: object) =>
    verification('government-id', 'passed', [], {
      template: `vtmpl_${minute}`,
      attributes: { 'created-at': `2026-03-04T10:0${minute}:00.000Z`, ...attributes },
    });
  const older = document(1, { 'name-first': 'OLD', birthdate: '1990-01-01' });
  const newer = document(2, { 'name-first': 'NEW' });
  for (const verifications of [
    [older, newer],
    [newer, older],
  ])
    assert.deepEqual(read(body('approved', { verifications })).person, { firstName: 'NEW' });
});

test('photos are named by verification and page, of a selfie the one from the front', () => {
  const document = verification('government-id', 'passed', [], { id: 'ver_D', pages: ['front', 'back'] });
  const selfie = verification('selfie', 'passed', [], { id: 'ver_S', pages: ['left', 'center', 'right'] });
  assert.deepEqual(read(body('approved', { verifications: [document, selfie] })).media, [
    { kind: 'document', ref: 'ver_D:front' },
    { kind: 'document_back', ref: 'ver_D:back' },
    { kind: 'selfie', ref: 'ver_S:center' },
  ]);
  const hostile = verification('selfie', 'passed', [], { id: '../x', pages: ['center'] });
  assert.deepEqual(read(body('approved', { verifications: [hostile] })).media, []);
});
