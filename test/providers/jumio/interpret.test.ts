import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapFindings } from '../../../src/domain/mapping.js';
import type { Result } from '../../../src/domain/results.js';
import { ownerOfSnapshot } from '../../../src/providers/jumio/interpret.js';
import {
  because,
  capabilities,
  checkId,
  decision,
  details,
  extracted,
  finalOf,
  findingsOf,
  mark,
  part,
  rules,
  snapshotOf,
  userReference,
} from './fixtures.js';

test('a run that passed in all parts is CLEAR', () => {
  const said = finalOf(findingsOf(details('PASSED')));
  assert.deepEqual([said.result, said.alert, said.reasonCodes], ['CLEAR', false, []]);
});

const waiting = ['INITIATED', 'ACQUISITION_STARTED', 'ACQUIRED', 'SOMETHING_NEW'];
for (const status of waiting)
  test(`a run that is ${status} has no verdict yet`, () => {
    assert.deepEqual(mapFindings(findingsOf(null, status), rules), { kind: 'pending' });
  });

test('who took all pictures has done their part', () => {
  assert.equal(findingsOf(null, 'ACQUIRED').captured, true);
  for (const status of ['INITIATED', 'ACQUISITION_STARTED', 'SOMETHING_NEW'])
    assert.equal(findingsOf(null, status).captured, undefined);
});

for (const status of ['SESSION_EXPIRED', 'TOKEN_EXPIRED'])
  test(`a run that is ${status} has run out, whatever its decision says`, () => {
    for (const read of [null, details('REJECTED'), details('PASSED'), details('NOT_EXECUTED')])
      assert.equal(finalOf(findingsOf(read, status)).result, 'EXPIRED');
    const late = details('PASSED', { workflow: { status, userReference } });
    assert.equal(finalOf(findingsOf(late, 'PROCESSED')).result, 'EXPIRED');
  });

test('details that are not done yet outweigh a status that says they are', () => {
  const early = details('PASSED', { workflow: { status: 'ACQUIRED' } });
  assert.equal(mapFindings(findingsOf(early), rules).kind, 'pending');
});

test('a status we do not know is UNKNOWN once there is a decision, and never CLEAR', () => {
  for (const type of ['PASSED', 'REJECTED']) {
    const said = finalOf(findingsOf(details(type, { workflow: { status: 'FINISHED' } }), 'FINISHED'));
    assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
  }
});

const wholes: [string, Result, boolean][] = [
  ['PASSED', 'CLEAR', false],
  ['WARNING', 'CAUTION', false],
  ['REJECTED', 'REJECTED', false],
  ['NOT_EXECUTED', 'UNKNOWN', true],
  ['SPLENDID', 'UNKNOWN', true],
];
for (const [type, result, alert] of wholes)
  test(`a decision of ${type} that no part explains is ${result}`, () => {
    const said = finalOf(findingsOf(details(type)));
    assert.deepEqual([said.result, said.alert], [result, alert]);
  });

test('Jumio’s word goes along as its setup stores it, and only where a run really ended with it', () => {
  const word = (type: string, status?: string) => findingsOf(details(type), status).vendorVerdict;
  assert.deepEqual(
    ['PASSED', 'WARNING', 'REJECTED', 'NOT_EXECUTED', 'SPLENDID'].map(type => word(type)),
    ['PASSED', 'WARNING', 'FAILED', undefined, undefined],
  );
  for (const status of ['ACQUIRED', 'SESSION_EXPIRED', 'TOKEN_EXPIRED', 'FINISHED'])
    assert.equal(word('PASSED', status), undefined, status);
});

test('the score is not looked at, and a label of the operator’s own changes nothing', () => {
  const odd = { type: 'PASSED', details: { label: 'HOUSE_RULE' }, risk: { score: 100 } };
  assert.equal(finalOf(findingsOf(details('PASSED', { decision: odd }))).result, 'CLEAR');
  assert.match(finalOf(findingsOf(details('PASSED', { decision: odd }))).reason, /passed \(house rule\)/);
});

const integrity = 'REJECTED_IMAGE_INTEGRITY';
const visual = 'SUSPECTED_VISUAL_CONSISTENCY';
const data = 'SUSPECTED_DATA_CONSISTENCY';
const face = 'SUSPECTED_FACE_COMPARISON';

/** Every label of the published tables, with what it comes to when the run is rejected, and when it has a warning. */
const labels: [string, readonly string[], Result, Result][] = [
  [
    'usability',
    [
      'BAD_QUALITY',
      'BAD_QUALITY_IMAGE',
      'BLURRED',
      'GLARE',
      'PART_OF_DOCUMENT_MISSING',
      'PART_OF_DOCUMENT_HIDDEN',
      'DAMAGED_DOCUMENT',
      'MISSING_MANDATORY_DATAPOINTS',
      'MISSING_PAGE',
      'MISSING_SIGNATURE',
      'NOT_A_DOCUMENT',
      'UNSUPPORTED_COUNTRY',
      'UNSUPPORTED_DOCUMENT_TYPE',
    ],
    integrity,
    'CAUTION_IMAGE_INTEGRITY',
  ],
  ['usability', ['PHOTOCOPY', 'BLACK_WHITE'], visual, 'CAUTION_VISUAL_CONSISTENCY'],
  ['usability', ['LIVENESS_UNDETERMINED'], 'SUSPECTED', 'CAUTION'],
  [
    'imageChecks',
    [
      'DIGITAL_COPY',
      'WATERMARK',
      'MANIPULATED_DOCUMENT',
      'MANIPULATED_DOCUMENT_PHOTO',
      'MANIPULATED_DOCUMENT_EXPIRY',
      'MANIPULATED_DOCUMENT_NAME',
      'MANIPULATED_DOCUMENT_ADDRESS',
      'MANIPULATED_DOCUMENT_SECURITY_CHECKS',
      'MANIPULATED_DOCUMENT_SIGNATURE',
      'MANIPULATED_DOCUMENT_PERSONAL_NUMBER',
      'MANIPULATED_DOCUMENT_PLACE_OF_BIRTH',
      'MANIPULATED_DOCUMENT_GENDER',
      'MANIPULATED_DOCUMENT_ISSUING_DATE',
      'DIGITAL_MANIPULATION',
      'FAKE',
      'SAMPLE',
      'CHIP_MISSING',
      'GHOST_IMAGE_DIFFERENT',
      'OTHER_REJECTION',
    ],
    visual,
    'CAUTION_VISUAL_CONSISTENCY',
  ],
  ['imageChecks', ['PUNCHED'], integrity, 'CAUTION_IMAGE_INTEGRITY'],
  ['imageChecks', ['MISMATCH_FRONT_BACK'], data, 'CAUTION_DATA_CONSISTENCY'],
  ['imageChecks', ['DIFFERENT_PERSON'], face, 'CAUTION_FACIAL_COMPARISON'],
  ['imageChecks', ['REPEATED_FACE'], 'CAUTION', 'CAUTION'],
  ['dataChecks', ['NFC_CERTIFICATE'], visual, 'CAUTION_VISUAL_CONSISTENCY'],
  [
    'dataChecks',
    ['MISMATCHING_DATAPOINTS', 'MRZ_CHECKSUM', 'MISMATCH_HRZ_MRZ_DATA'],
    data,
    'CAUTION_DATA_CONSISTENCY',
  ],
  ['dataChecks', ['MISMATCHING_DATA_REPEATED_FACE'], 'CAUTION', 'CAUTION'],
  ['dataChecks', ['CUSTOMER_FEEDBACK'], 'SUSPECTED', 'CAUTION'],
  ['similarity', ['NO_MATCH', 'NOT_POSSIBLE'], face, 'CAUTION_FACIAL_COMPARISON'],
  [
    'liveness',
    [
      'LIVENESS_UNDETERMINED',
      'ID_USED_AS_SELFIE',
      'MULTIPLE_PEOPLE',
      'DIGITAL_COPY',
      'PHOTOCOPY',
      'MANIPULATED',
      'NO_FACE_PRESENT',
      'FACE_NOT_FULLY_VISIBLE',
      'BLACK_WHITE',
    ],
    'SUSPECTED',
    'CAUTION',
  ],
  ['liveness', ['AGE_DIFFERENCE'], 'CAUTION', 'CAUTION'],
  ['liveness', ['BAD_QUALITY'], integrity, 'CAUTION_IMAGE_INTEGRITY'],
  ['authentication', ['FAILED'], face, 'CAUTION_FACIAL_COMPARISON'],
  ['watchlistScreening', ['ALERT'], 'CAUTION', 'CAUTION'],
  ['addressValidation', ['DENY', 'ALERT'], 'CAUTION', 'CAUTION'],
  ['proofOfResidency', ['DENY', 'ALERT'], 'CAUTION', 'CAUTION'],
  ['drivingLicenseVerification', ['DENY', 'ALERT'], 'CAUTION', 'CAUTION'],
  // what we have never heard of
  ['usability', ['UPSIDE_DOWN'], 'REJECTED', 'CAUTION'],
  ['extraction', ['UNREADABLE'], 'REJECTED', 'CAUTION'],
  ['imageChecks', ['HOLOGRAM_ODD'], 'SUSPECTED', 'CAUTION'],
  ['soulReading', ['DARK'], 'SUSPECTED', 'CAUTION'],
];

for (const [capability, words, ofRejected, ofWarning] of labels)
  for (const label of words)
    test(`${capability} ${label} is ${ofRejected} in a rejected run and ${ofWarning} in one with a warning`, () => {
      for (const type of ['REJECTED', 'WARNING']) {
        assert.equal(because('REJECTED', capability, type, label).result, ofRejected);
        assert.equal(because('WARNING', capability, type, label).result, ofWarning);
        const passed = because('PASSED', capability, type, label);
        assert.deepEqual([passed.result, passed.reasonCodes], ['CAUTION', [`${capability}:${label}`]]);
        assert.equal(because('NOT_EXECUTED', capability, type, label).result, 'UNKNOWN');
      }
    });

test('a rejected part goes before one with a warning', () => {
  const both = capabilities({
    usability: [{ decision: decision('REJECTED', 'BLURRED') }],
    imageChecks: [{ decision: decision('WARNING', 'DIFFERENT_PERSON') }],
  });
  assert.equal(finalOf(findingsOf(details('REJECTED', { capabilities: both }))).result, integrity);
});

test('of several rejected parts the gravest decides', () => {
  const both = capabilities({
    usability: [{ decision: decision('REJECTED', 'BLURRED') }],
    imageChecks: [{ decision: decision('REJECTED', 'FAKE') }],
  });
  assert.equal(finalOf(findingsOf(details('REJECTED', { capabilities: both }))).result, visual);
});

test('what was not done because of an earlier part is no reason and no alarm', () => {
  const skipped = [{ decision: decision('NOT_EXECUTED', 'PRECONDITION_NOT_FULFILLED') }];
  const blurred = {
    usability: [{ decision: decision('REJECTED', 'BLURRED') }],
    imageChecks: skipped,
    dataChecks: skipped,
    similarity: skipped,
  };
  const said = finalOf(findingsOf(details('REJECTED', { capabilities: blurred })));
  assert.deepEqual([said.result, said.alert, said.reasonCodes], [integrity, false, ['usability:BLURRED']]);
  assert.match(said.reason, /A picture cannot be used \(BLURRED\)/);
});

const notDone = [
  'PRECONDITION_NOT_FULFILLED',
  'TECHNICAL_ERROR',
  'NOT_UPLOADED',
  'NOT_ENOUGH_DATA',
  'VALIDATION_FAILED',
  'INVALID_MERCHANT_SETTINGS',
  'EXTRACTION_NOT_DONE',
  'NO_VALID_ID_CREDENTIAL',
];
for (const label of notDone)
  test(`a part that was not done (${label}) keeps a run that passed from being CLEAR`, () => {
    for (const capability of ['usability', 'imageChecks', 'similarity', 'watchlistScreening']) {
      const said = because('PASSED', capability, 'NOT_EXECUTED', label);
      assert.deepEqual([said.result, said.alert], ['CAUTION', true]);
    }
  });

for (const name of ['imageChecks', 'similarity'])
  test(`a run that passed without ${name} is CAUTION`, () => {
    const { [name]: _left, ...rest } = capabilities();
    assert.equal(finalOf(findingsOf(details('PASSED', { capabilities: rest }))).result, 'CAUTION');
  });

test('a run that passed without any capability is CAUTION', () => {
  for (const none of [undefined, null, {}, [], { imageChecks: {} }])
    assert.equal(finalOf(findingsOf(details('PASSED', { capabilities: none }))).result, 'CAUTION');
});

test('a document that had expired when the run ended is CAUTION_DATA_VALIDATION', () => {
  const withDate = (expiryDate: unknown) =>
    findingsOf(
      details('PASSED', {
        capabilities: capabilities({
          extraction: [{ decision: decision('PASSED', 'OK'), data: extracted({ expiryDate }) }],
        }),
      }),
    );
  const said = finalOf(withDate('2026-03-03'));
  assert.deepEqual([said.result, said.reasonCodes], ['CAUTION_DATA_VALIDATION', ['extraction:expiryDate']]);
  assert.match(said.reason, /The document has expired/);
  for (const date of ['2026-03-04', '2026-02-30', 'N/A', null, undefined])
    assert.equal(finalOf(withDate(date)).result, 'CLEAR');
});

test('the person is what was read, without what was not there', () => {
  const data = extracted({
    firstName: 'N/A',
    type: 'VISA',
    personalNumber: '7',
    nationality: 'SK',
    address: { line1: 'Dlouha 1', line2: 'N/A', city: 'Praha', postalCode: '110 00' },
  });
  const read = details('PASSED', { capabilities: capabilities({ extraction: [{ data }] }) });
  assert.deepEqual(findingsOf(read).person, {
    lastName: 'Quill',
    documentType: 'other',
    documentNumber: 'QX204771',
    secondaryDocumentNumber: '7',
    birthDate: '1990-04-17',
    expirationDate: '2031-12-31',
    country: 'SVK',
    issuingCountry: 'CZE',
    streetAddress: 'Dlouha 1',
    city: 'Praha',
    zip: '110 00',
  });
  assert.equal(findingsOf(details('PASSED', { capabilities: {} })).person, null);
});

test('pictures are named by ids that fit their patterns, never by addresses', () => {
  const { media } = findingsOf(
    details('PASSED', {
      credentials: [
        {
          id: '44444444-4444-4444-8444-444444444444',
          category: 'ID',
          parts: [
            { classifier: 'FRONT', href: true },
            { classifier: 'BACK', href: true },
            { classifier: '../FRONT', href: true },
            { classifier: 'FACE' },
          ],
        },
        {
          id: '55555555-5555-4555-8555-555555555555',
          category: 'FACEMAP',
          parts: [
            { classifier: 'FACEMAP', href: true },
            { classifier: 'LIVENESS_1', href: true },
          ],
        },
        { id: 'https://elsewhere.example', category: 'ID', parts: [{ classifier: 'FRONT', href: true }] },
      ],
    }),
  );
  const account = '11111111-1111-4111-8111-111111111111';
  assert.deepEqual(media, [
    { kind: 'document_back', ref: `${account}/44444444-4444-4444-8444-444444444444/BACK` },
    { kind: 'document', ref: `${account}/44444444-4444-4444-8444-444444444444/FRONT` },
    { kind: 'selfie', ref: `${account}/55555555-5555-4555-8555-555555555555/LIVENESS_1` },
  ]);
});

test('a run is ours by the reference we signed alone', () => {
  const owner = (reference: unknown) =>
    ownerOfSnapshot(mark, snapshotOf({ details: { workflow: { userReference: reference } } }));
  assert.equal(owner(userReference), checkId);
  for (const foreign of [`${userReference}x`, 'g1.chk_1.AAAA', checkId, null, 7])
    assert.equal(owner(foreign), null);
});

test('neither labels nor names that are none get into codes or reasons', () => {
  const odd = part('imageChecks', 'REJECTED', 'Ada Quill, 1990');
  const said = finalOf(findingsOf(details('REJECTED', { capabilities: { ...odd, 'born 1990': [{}] } })));
  assert.deepEqual(said.reasonCodes, ['imageChecks:UNNAMED', 'unnamed']);
  assert.ok(!said.reason.includes('1990'));
});
