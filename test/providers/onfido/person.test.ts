import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkObject, documentObject, faceObject, findingsOf, type Json } from './fixtures.js';

function personOf(properties: Json | null) {
  return findingsOf(checkObject(), [documentObject({ properties }), faceObject()]).person;
}

test('names, dates, number, type and country are taken from the document report', () => {
  assert.deepEqual(
    personOf({
      first_name: 'ADA',
      middle_name: 'MARIA',
      last_name: 'QUILL',
      document_type: 'passport',
      date_of_birth: '1991-05-06',
      date_of_expiry: '2025-12-31',
      issuing_country: 'GBR',
      nationality: null,
      document_numbers: [{ type: 'document_number', value: 'P1234567' }],
      gender: 'Female',
    }),
    {
      firstName: 'ADA',
      middleName: 'MARIA',
      lastName: 'QUILL',
      documentType: 'passport',
      documentNumber: 'P1234567',
      birthDate: '1991-05-06',
      expirationDate: '2025-12-31',
      country: 'GBR',
      issuingCountry: 'GBR',
    },
  );
});

test('the nationality comes before the issuing country', () => {
  assert.deepEqual(personOf({ nationality: 'CZE', issuing_country: 'DEU' }), {
    country: 'CZE',
    issuingCountry: 'DEU',
  });
  assert.deepEqual(personOf({ nationality: 'cz' }), { country: 'CZE' });
});

test('known document types keep their word, any other is `other`', () => {
  const known = [
    'national_identity_card',
    'driving_licence',
    'passport',
    'voter_id',
    'work_permit',
    'residence_permit',
  ];
  for (const type of known) assert.deepEqual(personOf({ document_type: type }), { documentType: type });
  for (const type of ['visa', 'unknown', 'a surprise'])
    assert.deepEqual(personOf({ document_type: type }), { documentType: 'other' });
});

test('the number of type document_number comes first, then the next one, else the personal number', () => {
  const numbers = [
    { type: 'personal_id', value: '700101/1234' },
    { type: 'document_number', value: 'OP-42' },
    { type: 'can', value: '9' },
  ];
  assert.deepEqual(personOf({ document_numbers: numbers }), {
    documentNumber: 'OP-42',
    secondaryDocumentNumber: '700101/1234',
  });
  assert.deepEqual(personOf({ document_numbers: [{ type: null, value: 'X1' }, null, { value: null }] }), {
    documentNumber: 'X1',
  });
  assert.deepEqual(
    personOf({ document_numbers: [{ type: 'document_number', value: 'X1' }], personal_number: '77' }),
    { documentNumber: 'X1', secondaryDocumentNumber: '77' },
  );
  assert.deepEqual(personOf({ document_number: 'S5' }), { documentNumber: 'S5' });
});

test('dates stay plain dates, and what is none is left out', () => {
  assert.deepEqual(personOf({ date_of_birth: '2000-01-01', date_of_expiry: '2024-02-29' }), {
    birthDate: '2000-01-01',
    expirationDate: '2024-02-29',
  });
  for (const bad of ['2023-02-29', '2023-13-01', '01.02.2003', '2000-01-01T00:00:00Z', '', 5, null, {}])
    assert.equal(personOf({ date_of_birth: bad }), null);
});

test('address lines become the parts of the address', () => {
  assert.deepEqual(
    personOf({
      address: '1 Quay, Port, 12345',
      address_lines: {
        street_address: '1 Quay',
        city: 'Port',
        postal_code: '12345',
        state: 'OR',
        country_code: 'USA',
      },
    }),
    { rawAddress: '1 Quay, Port, 12345', streetAddress: '1 Quay', city: 'Port', zip: '12345', state: 'OR' },
  );
});

test('an American barcode gives the address where nothing else does', () => {
  const barcode = [
    { address_line_1: '1 QUAY', address_line_2: 'PORT', address_line_3: null, address_line_4: 'OR 12345' },
  ];
  assert.deepEqual(personOf({ barcode }), { rawAddress: '1 QUAY, PORT, OR 12345', streetAddress: '1 QUAY' });
});

test('null, missing and odd properties are no person', () => {
  for (const properties of [
    null,
    {},
    { first_name: null, document_numbers: null, barcode: null, address_lines: 7 },
  ])
    assert.equal(personOf(properties), null);
});

test('face reports never say who somebody is, and two documents are never mixed', () => {
  const face = faceObject({ properties: { first_name: 'NOBODY' } });
  const more = documentObject({ properties: { first_name: 'ADA', last_name: 'QUILL' } });
  const less = documentObject({ name: 'document_video', properties: { document_number: 'Z9' } });
  for (const reports of [
    [face, more, less],
    [less, more, face],
  ])
    assert.deepEqual(findingsOf(checkObject(), reports).person, { firstName: 'ADA', lastName: 'QUILL' });
});
