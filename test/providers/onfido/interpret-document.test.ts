import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../src/domain/results.js';
import {
  breakdown,
  checkObject,
  considered,
  documentBecause,
  faceObject,
  findingsOf,
  sub,
} from './fixtures.js';

/** Onfido's tree and, for each level, what it amounts to when it is the only breakdown that is not clear. */
const rows: Record<string, { subs: string[]; suspected: Result; caution: Result; rejected: Result }> = {
  compromised_document: {
    subs: ['document_database', 'repeat_attempts'],
    suspected: 'SUSPECTED_COMPROMISED_DOCUMENT',
    caution: 'CAUTION',
    rejected: 'REJECTED',
  },
  police_record: { subs: [], suspected: 'SUSPECTED_POLICE_RECORD', caution: 'CAUTION', rejected: 'REJECTED' },
  visual_authenticity: {
    subs: [
      'fonts',
      'picture_face_integrity',
      'template',
      'security_features',
      'original_document_present',
      'digital_tampering',
      'face_detection',
    ],
    suspected: 'SUSPECTED_VISUAL_CONSISTENCY',
    caution: 'CAUTION_VISUAL_CONSISTENCY',
    rejected: 'REJECTED',
  },
  data_consistency: {
    subs: [
      'date_of_expiry',
      'document_numbers',
      'issuing_country',
      'document_type',
      'date_of_birth',
      'gender',
      'first_name',
      'last_name',
      'nationality',
      'multiple_data_sources_present',
    ],
    suspected: 'SUSPECTED_DATA_CONSISTENCY',
    caution: 'CAUTION_DATA_CONSISTENCY',
    rejected: 'REJECTED',
  },
  data_validation: {
    subs: [
      'gender',
      'date_of_birth',
      'document_numbers',
      'document_expiration',
      'expiry_date',
      'mrz',
      'barcode',
    ],
    suspected: 'SUSPECTED_DATA_VALIDATION',
    caution: 'CAUTION_DATA_VALIDATION',
    rejected: 'REJECTED',
  },
  data_comparison: {
    subs: [
      'issuing_country',
      'gender',
      'date_of_expiry',
      'last_name',
      'document_type',
      'document_numbers',
      'first_name',
      'date_of_birth',
    ],
    suspected: 'SUSPECTED',
    caution: 'CAUTION_DATA_COMPARISON',
    rejected: 'REJECTED',
  },
  image_integrity: {
    subs: ['image_quality', 'supported_document', 'colour_picture', 'conclusive_document_quality'],
    suspected: 'SUSPECTED',
    caution: 'CAUTION_IMAGE_INTEGRITY',
    rejected: 'REJECTED_IMAGE_INTEGRITY',
  },
  age_validation: {
    subs: ['minimum_accepted_age'],
    suspected: 'SUSPECTED',
    caution: 'CAUTION',
    rejected: 'REJECTED_AGE_VALIDATION',
  },
  issuing_authority: {
    subs: ['nfc_active_authentication', 'nfc_passive_authentication'],
    suspected: 'SUSPECTED',
    caution: 'CAUTION',
    rejected: 'REJECTED',
  },
};

for (const [name, row] of Object.entries(rows)) {
  for (const level of ['suspected', 'caution', 'rejected'] as const) {
    test(`document ${name} under sub_result ${level} is ${row[level]}, by itself and by each sub-breakdown`, () => {
      const alone = considered([documentBecause(level, { [name]: breakdown('consider') }), faceObject()]);
      assert.deepEqual([alone.result, alone.reasonCodes], [row[level], [`document.${name}`]]);
      for (const each of row.subs) {
        for (const result of ['consider', 'unidentified']) {
          const tree = {
            [name]: breakdown('clear', { [each]: sub(result), sibling: sub('clear'), unrun: null }),
          };
          const said = considered([documentBecause(level, tree), faceObject()]);
          assert.deepEqual([said.result, said.reasonCodes], [row[level], [`document.${name}.${each}`]]);
        }
      }
      assert.equal(alone.alert, false);
    });
  }

  test(`document ${name} without a usable sub_result is its caution, except for the age`, () => {
    const expected = name === 'age_validation' ? 'REJECTED_AGE_VALIDATION' : row.caution;
    for (const level of [null, 'clear', 'a surprise']) {
      const said = considered([documentBecause(level, { [name]: breakdown('consider') }), faceObject()]);
      assert.equal(said.result, expected);
    }
  });
}

test('every variant of the document report is read like the plain one', () => {
  for (const name of [
    'document_video',
    'document_with_address_information',
    'document_with_driver_verification',
  ]) {
    const tree = { data_validation: breakdown('consider', { mrz: sub('consider') }) };
    const said = considered([documentBecause('suspected', tree, { name }), faceObject()]);
    assert.deepEqual(
      [said.result, said.reasonCodes],
      ['SUSPECTED_DATA_VALIDATION', [`${name}.data_validation.mrz`]],
    );
  }
});

test('the worked example: an expired passport is CAUTION_DATA_VALIDATION', () => {
  const tree = {
    data_validation: breakdown('consider', { document_expiration: sub('consider'), mrz: sub('clear') }),
    visual_authenticity: breakdown('clear', { fonts: sub('clear') }),
    police_record: { result: 'clear' },
    age_validation: null,
  };
  const said = considered([documentBecause('caution', tree), faceObject()]);
  assert.equal(said.result, 'CAUTION_DATA_VALIDATION');
  assert.deepEqual(said.reasonCodes, ['document.data_validation.document_expiration']);
  assert.equal(said.reason, 'The document has expired.');
});

test('Studio’s odd key below police_record becomes a path without a comma', () => {
  const key = 'document_has_not_been_recorded_as_lost,_stolen_or_compromised';
  const said = considered([
    documentBecause('suspected', { police_record: breakdown('consider', { [key]: sub('consider') }) }),
    faceObject(),
  ]);
  assert.deepEqual(said.reasonCodes, [`document.police_record.${key.replace(',', '')}`]);
});

test('the sub-breakdown `other` of visual_authenticity is left out of the reasons, and still counts', () => {
  const both = {
    visual_authenticity: breakdown('consider', { fonts: sub('consider'), other: sub('consider') }),
  };
  const only = { visual_authenticity: breakdown(null, { fonts: sub('clear'), other: sub('consider') }) };
  const codes = (tree: Record<string, unknown>) =>
    considered([documentBecause('suspected', tree), faceObject()]).reasonCodes;
  assert.deepEqual(codes(both), ['document.visual_authenticity.fonts']);
  assert.deepEqual(codes(only), ['document.visual_authenticity']);
});

const reasonKeys: [string, string, string[]][] = [
  [
    'image_integrity',
    'image_quality',
    [
      'dark_photo',
      'glare_on_photo',
      'blurred_photo',
      'covered_photo',
      'other_photo_issue',
      'damaged_document',
      'incorrect_side',
      'cut_off_document',
      'no_document_in_image',
      'two_documents_uploaded',
    ],
  ],
  [
    'image_integrity',
    'conclusive_document_quality',
    [
      'obscured_data_points',
      'obscured_security_features',
      'abnormal_document_features',
      'watermarks_digital_text_overlay',
      'corner_removed',
      'punctured_document',
      'missing_back',
      'digital_document',
    ],
  ],
  [
    'visual_authenticity',
    'original_document_present',
    ['photo_of_screen', 'screenshot', 'document_on_printed_paper', 'scan'],
  ],
];

for (const [name, subName, keys] of reasonKeys) {
  test(`the reasons of ${subName} go into the path, each with words of its own`, () => {
    const general = considered([
      documentBecause('rejected', { [name]: breakdown('consider', { [subName]: sub('consider') }) }),
      faceObject(),
    ]).reason;
    for (const key of keys) {
      const properties = { [key]: 'a text of Onfido’s', ignored: null };
      const tree = { [name]: breakdown('consider', { [subName]: sub('consider', properties) }) };
      const said = considered([documentBecause('rejected', tree), faceObject()]);
      assert.deepEqual(said.reasonCodes, [`document.${name}.${subName}:${key}`]);
      assert.notEqual(said.reason, general);
      assert.ok(!said.reason.includes('a text of'));
    }
  });
}

test('a breakdown nobody knows still counts, at the level of the report', () => {
  const tree = { hologram_check: breakdown('consider', { shine: sub('consider') }) };
  const said = (level: string | null) => considered([documentBecause(level, tree), faceObject()]);
  assert.deepEqual(
    [said('suspected').result, said('rejected').result, said('caution').result, said(null).result],
    ['SUSPECTED', 'REJECTED', 'CAUTION', 'CAUTION'],
  );
  assert.deepEqual(said(null).reasonCodes, ['document.hologram_check.shine']);
});

test('a document report that is not clear and says no more is the bare value of its sub_result', () => {
  for (const tree of [null, {}, { data_validation: breakdown('clear'), age_validation: null }]) {
    const said = (level: string | null) => considered([documentBecause(level, tree), faceObject()]).result;
    assert.deepEqual(
      [said('suspected'), said('rejected'), said('caution'), said(null), said('clear')],
      ['SUSPECTED', 'REJECTED', 'CAUTION', 'CAUTION', 'CAUTION'],
    );
  }
});

test('of several breakdowns the best rank wins, and all are named', () => {
  const tree = {
    image_integrity: breakdown('consider', { colour_picture: sub('consider') }),
    data_consistency: breakdown('consider', { gender: sub('consider') }),
    compromised_document: breakdown('consider', { document_database: sub('consider') }),
  };
  const said = considered([documentBecause('suspected', tree), faceObject()]);
  assert.equal(said.result, 'SUSPECTED_COMPROMISED_DOCUMENT');
  assert.deepEqual(said.reasonCodes, [
    'document.compromised_document.document_database',
    'document.data_consistency.gender',
    'document.image_integrity.colour_picture',
  ]);
});

test('breakdowns that were not run are no concern, as after a chip was read', () => {
  const tree = {
    visual_authenticity: null,
    data_consistency: { result: null, breakdown: null },
    police_record: { result: 'clear' },
  };
  const clear = documentBecause('clear', tree, { result: 'clear' });
  const findings = findingsOf(checkObject(), [clear, faceObject()]);
  assert.deepEqual(
    findings.reports.find(report => report.kind === 'document'),
    {
      name: 'document',
      kind: 'document',
      outcome: 'clear',
      concerns: [],
    },
  );
});

test('a clear result with a sub_result that is not clear contradicts itself and is a concern', () => {
  for (const [level, expected] of [
    ['suspected', 'SUSPECTED'],
    ['rejected', 'REJECTED'],
    ['caution', 'CAUTION'],
    ['a surprise', 'CAUTION'],
  ] as const) {
    const report = documentBecause(level, null, { result: 'clear' });
    assert.equal(considered([report, faceObject()]).result, expected);
  }
});

test('reports that are cancelled, withdrawn, unfinished or without a known result have no outcome', () => {
  const changes = [
    { status: 'cancelled', result: null },
    { status: 'withdrawn', result: 'clear' },
    { status: 'awaiting_data', result: null },
    { status: 'awaiting_approval', result: 'clear' },
    { result: null },
    { result: 'splendid' },
  ];
  for (const change of changes) {
    const report = documentBecause(null, null, { sub_result: null, ...change });
    const findings = findingsOf(checkObject(), [report, faceObject()]);
    assert.equal(findings.reports.find(each => each.kind === 'document')?.outcome, 'none');
    const said = considered([report, faceObject()]);
    assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
  }
});
