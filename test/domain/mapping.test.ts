import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConcernSubject, Findings, Report } from '../../src/domain/findings.js';
import { mapFindings, severityRank } from '../../src/domain/mapping.js';
import { type Result, results } from '../../src/domain/results.js';
import {
  concern,
  documentReport,
  faceReport,
  finalOf,
  findings,
  resultOf,
  rules,
} from './findings-for-tests.js';

const documentRows: readonly [ConcernSubject, Result, Result, Result, Result][] = [
  // subject, suspected, caution, rejected, no level
  ['document', 'SUSPECTED', 'CAUTION', 'REJECTED', 'CAUTION'],
  ['compromised_document', 'SUSPECTED_COMPROMISED_DOCUMENT', 'CAUTION', 'REJECTED', 'CAUTION'],
  ['police_record', 'SUSPECTED_POLICE_RECORD', 'CAUTION', 'REJECTED', 'CAUTION'],
  [
    'document_authenticity',
    'SUSPECTED_VISUAL_CONSISTENCY',
    'CAUTION_VISUAL_CONSISTENCY',
    'REJECTED',
    'CAUTION_VISUAL_CONSISTENCY',
  ],
  [
    'data_consistency',
    'SUSPECTED_DATA_CONSISTENCY',
    'CAUTION_DATA_CONSISTENCY',
    'REJECTED',
    'CAUTION_DATA_CONSISTENCY',
  ],
  [
    'data_validation',
    'SUSPECTED_DATA_VALIDATION',
    'CAUTION_DATA_VALIDATION',
    'REJECTED',
    'CAUTION_DATA_VALIDATION',
  ],
  ['data_comparison', 'SUSPECTED', 'CAUTION_DATA_COMPARISON', 'REJECTED', 'CAUTION_DATA_COMPARISON'],
  [
    'document_image',
    'SUSPECTED',
    'CAUTION_IMAGE_INTEGRITY',
    'REJECTED_IMAGE_INTEGRITY',
    'CAUTION_IMAGE_INTEGRITY',
  ],
  ['age', 'SUSPECTED', 'CAUTION', 'REJECTED_AGE_VALIDATION', 'REJECTED_AGE_VALIDATION'],
  ['issuing_authority', 'SUSPECTED', 'CAUTION', 'REJECTED', 'CAUTION'],
];

for (const [subject, suspected, caution, rejected, none] of documentRows) {
  test(`a document concern about ${subject} yields its row of the table`, () => {
    const said = (level: 'suspected' | 'caution' | 'rejected' | null) =>
      resultOf(
        findings({ verdict: 'not_clear', reports: [documentReport(concern(subject, level)), faceReport()] }),
      );
    assert.deepEqual(
      [said('suspected'), said('caution'), said('rejected'), said(null)],
      [suspected, caution, rejected, none],
    );
  });
}

const faceRows: readonly [ConcernSubject, Result, Result][] = [
  // subject, default, strict
  ['face', 'CAUTION', 'CAUTION'],
  ['face_comparison', 'CAUTION_FACIAL_COMPARISON', 'SUSPECTED_FACE_COMPARISON'],
  ['face_image', 'CAUTION_IMAGE_INTEGRITY', 'CAUTION_IMAGE_INTEGRITY'],
  ['face_source', 'CAUTION_IMAGE_INTEGRITY', 'SUSPECTED'],
  ['face_authenticity', 'CAUTION_VISUAL_CONSISTENCY', 'SUSPECTED_VISUAL_CONSISTENCY'],
  ['other', 'CAUTION', 'CAUTION'],
];

for (const [subject, usual, strict] of faceRows) {
  test(`a concern without level about ${subject} yields its default and its strict row`, () => {
    const said = findings({
      verdict: 'not_clear',
      reports: [documentReport(), faceReport(concern(subject, null))],
    });
    assert.deepEqual([resultOf(said), resultOf(said, { strictFace: true })], [usual, strict]);
  });
}

test('strict faces change nothing about documents', () => {
  for (const [subject, , , , none] of documentRows) {
    const said = findings({
      verdict: 'not_clear',
      reports: [documentReport(concern(subject, null)), faceReport()],
    });
    assert.equal(resultOf(said, { strictFace: true }), none);
  }
});

test('the rank of results is the one agreed, and every result has one', () => {
  const ranked: Result[] = [
    'SUSPECTED_COMPROMISED_DOCUMENT',
    'SUSPECTED_POLICE_RECORD',
    'SUSPECTED_VISUAL_CONSISTENCY',
    'SUSPECTED_FACE_COMPARISON',
    'SUSPECTED_DATA_CONSISTENCY',
    'SUSPECTED_DATA_VALIDATION',
    'SUSPECTED',
    'REJECTED_AGE_VALIDATION',
    'REJECTED_IMAGE_INTEGRITY',
    'REJECTED',
    'CAUTION_FACIAL_COMPARISON',
    'CAUTION_VISUAL_CONSISTENCY',
    'CAUTION_IMAGE_INTEGRITY',
    'CAUTION_DATA_CONSISTENCY',
    'CAUTION_DATA_VALIDATION',
    'CAUTION_DATA_COMPARISON',
    'CAUTION',
    'UNKNOWN',
    'CLEAR',
  ];
  assert.deepEqual(
    ranked.map(severityRank),
    ranked.map((_, index) => index + 1),
  );
  const all = Object.keys(results) as Result[];
  assert.equal(new Set(all.map(severityRank)).size, all.length);
  assert.ok(all.every(result => severityRank(result) > 0));
});

test('the most severe concern of all reports decides, whichever report comes first', () => {
  const document = documentReport(
    concern('data_validation', 'suspected'),
    concern('compromised_document', 'suspected'),
    concern('document_authenticity', 'suspected'),
  );
  const face = faceReport(concern('face_comparison', null));
  for (const reports of [
    [document, face],
    [face, document],
  ])
    assert.equal(resultOf(findings({ verdict: 'not_clear', reports })), 'SUSPECTED_COMPROMISED_DOCUMENT');
});

test('everything clear is CLEAR, without alert and without reason codes', () => {
  assert.deepEqual(finalOf(findings()), {
    kind: 'final',
    result: 'CLEAR',
    reasonCodes: [],
    reason: 'Everything that was asked for is clear.',
    alert: false,
  });
});

test('everything clear under a verdict that is not is CAUTION', () => {
  const said = finalOf(findings({ verdict: 'not_clear' }));
  assert.deepEqual([said.result, said.alert], ['CAUTION', false]);
  assert.match(said.reason, /although every report is/);
});

test('a report that is not clear under a clear verdict is a contradiction, which is CAUTION', () => {
  const cases: [Report, Result][] = [
    [documentReport(concern('data_validation', 'suspected')), 'CAUTION'],
    [documentReport(concern('document', 'rejected')), 'CAUTION'],
    [documentReport(concern('data_comparison', null)), 'CAUTION_DATA_COMPARISON'],
    [{ name: 'document', kind: 'document', outcome: 'not_clear', concerns: [] }, 'CAUTION'],
    [
      { name: 'document', kind: 'document', outcome: 'clear', concerns: [concern('document', null)] },
      'CAUTION',
    ],
    [
      {
        name: 'document',
        kind: 'document',
        outcome: 'not_clear',
        concerns: [concern('a surprise' as ConcernSubject, null)],
      },
      'CAUTION',
    ],
  ];
  for (const [report, expected] of cases)
    assert.equal(resultOf(findings({ reports: [report, faceReport()] })), expected);
});

test('an expected report that is absent is UNKNOWN with an alert, under a clear and under another verdict', () => {
  for (const verdict of ['clear', 'not_clear'] as const) {
    const said = finalOf(findings({ verdict, reports: [documentReport()] }));
    assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
    assert.match(said.reason, /asked for is absent: facial\./);
  }
});

test('a report that could not be fetched is UNKNOWN with an alert, even if it was not expected', () => {
  const said = finalOf(findings({ missingReports: ['watchlist_aml'] }));
  assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
  assert.match(said.reason, /could not be fetched: watchlist aml\./);
});

test('a gap never hides a suspicion, and still alerts', () => {
  const said = finalOf(
    findings({ verdict: 'not_clear', reports: [documentReport(concern('police_record', 'suspected'))] }),
  );
  assert.deepEqual([said.result, said.alert], ['SUSPECTED_POLICE_RECORD', true]);
});

test('no report at all is never CLEAR, even if none is expected', () => {
  const said = finalOf(findings({ reports: [] }), { expectedReports: [] });
  assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
});

test('families are matched by kind and other expectations by exact name', () => {
  const motion: Report = { ...faceReport(), name: 'facial_similarity_motion' };
  const said = findings({ reports: [documentReport(), motion] });
  assert.equal(resultOf(said), 'CLEAR');
  assert.equal(resultOf(said, { expectedReports: ['document', 'facial_similarity_motion'] }), 'CLEAR');
  assert.equal(resultOf(said, { expectedReports: ['document', 'facial_similarity_photo'] }), 'UNKNOWN');
  assert.equal(resultOf(said, { expectedReports: ['document', 'facial', 'watchlist_aml'] }), 'UNKNOWN');
});

test('a report without a result is UNKNOWN with an alert', () => {
  const cancelled: Report = { ...faceReport(), outcome: 'none' };
  for (const verdict of ['clear', 'not_clear'] as const) {
    const said = finalOf(findings({ verdict, reports: [documentReport(), cancelled] }));
    assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
    assert.deepEqual(said.reasonCodes, ['facial_similarity_photo']);
    assert.match(said.reason, /A report has no result: facial similarity photo\./);
  }
});

test('any other report that is not clear is CAUTION with its name in the reason', () => {
  for (const name of ['watchlist_aml', 'known_faces', 'proof_of_address', 'something_new']) {
    const other: Report = { name, kind: 'other', outcome: 'not_clear', concerns: [] };
    const said = finalOf(
      findings({ verdict: 'not_clear', reports: [documentReport(), faceReport(), other] }),
    );
    assert.deepEqual([said.result, said.reasonCodes], ['CAUTION', [name]]);
    assert.ok(said.reason.includes(name.replaceAll('_', ' ')));
  }
});

test('a sandbox check is UNKNOWN with an alert, whatever it says, unless the organization accepts it', () => {
  const suspected = documentReport(concern('document', 'suspected'));
  for (const said of [
    findings({ sandbox: true }),
    findings({ sandbox: true, verdict: 'not_clear', reports: [suspected, faceReport()] }),
    findings({ sandbox: true, state: 'abandoned', workflow: true }),
  ])
    assert.deepEqual([finalOf(said).result, finalOf(said).alert], ['UNKNOWN', true]);
  assert.equal(resultOf(findings({ sandbox: true }), { acceptSandbox: true }), 'CLEAR');
});

test('a check that is not ours never clears: the more severe of its result and UNKNOWN, with an alert', () => {
  const clear = finalOf(findings(), { createdByUs: false });
  assert.deepEqual([clear.result, clear.alert], ['UNKNOWN', true]);
  assert.match(clear.reason, /not created by this gateway/);
  const suspected = finalOf(
    findings({ verdict: 'not_clear', reports: [documentReport(concern('document', 'suspected'))] }),
    { createdByUs: false },
  );
  assert.deepEqual([suspected.result, suspected.alert], ['SUSPECTED', true]);
  const expired = finalOf(findings({ state: 'abandoned' }), { createdByUs: false });
  assert.deepEqual([expired.result, expired.alert], ['UNKNOWN', true]);
  const trusted = finalOf(findings({ workflow: true }), { createdByUs: false, trustApproved: true });
  assert.equal(trusted.result, 'UNKNOWN');
});

test('a running check is pending, even if it already says something', () => {
  const said = findings({ state: 'pending', reports: [documentReport(concern('document', 'suspected'))] });
  assert.deepEqual(mapFindings(said, rules), { kind: 'pending' });
  assert.deepEqual(mapFindings({ ...said, sandbox: true }, { ...rules, createdByUs: false }), {
    kind: 'pending',
  });
});

test('a reopened check says that its result no longer counts', () => {
  assert.deepEqual(mapFindings(findings({ state: 'reopened' }), rules), { kind: 'reopened' });
});

test('a withdrawn check is UNKNOWN with reason, alert and mark', () => {
  const said = finalOf(findings({ state: 'withdrawn' }));
  assert.deepEqual([said.result, said.alert, said.withdrawn], ['UNKNOWN', true, true]);
  assert.match(said.reason, /withdrew/);
  assert.equal(finalOf(findings({ state: 'withdrawn', sandbox: true })).withdrawn, true);
  assert.equal('withdrawn' in finalOf(findings()), false);
});

test('a failure of the provider is UNKNOWN with an alert and its remark', () => {
  const said = finalOf(
    findings({ state: 'error', workflow: true, remarks: ['task_failure: could not go on'] }),
  );
  assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
  assert.match(said.reason, /^task_failure: could not go on\./);
});

test('an abandoned run is EXPIRED without an alert', () => {
  const said = finalOf(findings({ state: 'abandoned', workflow: true, reports: [], verdict: 'none' }));
  assert.deepEqual([said.result, said.alert], ['EXPIRED', false]);
});

test('no verdict, or one nobody knows, is UNKNOWN with an alert unless the reports say worse', () => {
  for (const verdict of ['none', 'a surprise' as Findings['verdict']] as const) {
    const said = finalOf(findings({ verdict }));
    assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
    const worse = findings({ verdict, reports: [documentReport(concern('age', null)), faceReport()] });
    assert.equal(resultOf(worse), 'REJECTED_AGE_VALIDATION');
  }
});

test('a state nobody knows is UNKNOWN with an alert', () => {
  const said = finalOf(findings({ state: 'a surprise' as Findings['state'] }));
  assert.deepEqual([said.result, said.alert], ['UNKNOWN', true]);
});

test('an approved workflow is CLEAR only if every expected report was read and is clear', () => {
  const approved = findings({ workflow: true });
  assert.equal(resultOf(approved), 'CLEAR');
  assert.equal(resultOf({ ...approved, reports: [documentReport()] }), 'CAUTION');
  assert.equal(resultOf({ ...approved, reports: [] }), 'CAUTION');
  assert.equal(resultOf({ ...approved, reports: [] }, { expectedReports: [] }), 'CAUTION');
});

test('a trusted approval is CLEAR without reports, but not against one', () => {
  const approved = findings({ workflow: true, reports: [] });
  const trust = { trustApproved: true };
  assert.equal(resultOf(approved, trust), 'CLEAR');
  assert.equal(resultOf({ ...approved, reports: [documentReport()] }, trust), 'CLEAR');
  const against = { ...approved, reports: [documentReport(concern('data_validation', 'caution'))] };
  assert.equal(resultOf(against, trust), 'CAUTION_DATA_VALIDATION');
  assert.equal(
    resultOf({ ...approved, reports: [{ ...documentReport(), outcome: 'none' }] }, trust),
    'CAUTION',
  );
  const missing = finalOf({ ...approved, missingReports: ['document_check'] }, trust);
  assert.deepEqual([missing.result, missing.alert], ['CAUTION', true]);
  assert.equal(resultOf({ ...approved, sandbox: true }, trust), 'UNKNOWN');
});

test('trust in approvals means nothing for a classic check', () => {
  assert.equal(resultOf(findings({ reports: [] }), { trustApproved: true }), 'UNKNOWN');
});

test('an approved workflow with a report against it contradicts itself, which is CAUTION', () => {
  const reports = [documentReport(concern('document', 'suspected')), faceReport()];
  assert.equal(resultOf(findings({ workflow: true, reports })), 'CAUTION');
});

test('a declined workflow is what the reports say if that is SUSPECTED or REJECTED, else REJECTED', () => {
  const declined = (...reports: Report[]) =>
    resultOf(findings({ workflow: true, verdict: 'declined', reports }));
  assert.equal(declined(documentReport(concern('police_record', 'suspected'))), 'SUSPECTED_POLICE_RECORD');
  assert.equal(declined(documentReport(concern('document_image', 'rejected'))), 'REJECTED_IMAGE_INTEGRITY');
  assert.equal(declined(faceReport(concern('face_comparison', null))), 'REJECTED');
  assert.equal(declined(documentReport(), faceReport()), 'REJECTED');
  assert.equal(declined(), 'REJECTED');
});

test('a workflow in review is what the reports say if that is a CAUTION, else CAUTION', () => {
  const review = (...reports: Report[]) => resultOf(findings({ workflow: true, verdict: 'review', reports }));
  assert.equal(review(documentReport(concern('data_validation', 'caution'))), 'CAUTION_DATA_VALIDATION');
  assert.equal(review(documentReport(concern('document', 'suspected'))), 'CAUTION');
  assert.equal(review(documentReport(), faceReport()), 'CAUTION');
  assert.equal(review(), 'CAUTION');
});

test('reason codes are sorted and each is given once', () => {
  const said = finalOf(
    findings({
      verdict: 'not_clear',
      reports: [
        faceReport(concern('face_comparison', null, 'facial_similarity_photo.face_comparison.face_match')),
        documentReport(
          concern('data_validation', 'caution', 'document.data_validation.mrz'),
          concern('data_validation', 'caution', 'document.data_validation.document_expiration'),
          concern('data_validation', 'caution', 'document.data_validation.mrz'),
        ),
      ],
    }),
  );
  assert.deepEqual(said.reasonCodes, [
    'document.data_validation.document_expiration',
    'document.data_validation.mrz',
    'facial_similarity_photo.face_comparison.face_match',
  ]);
  assert.match(said.reason, /The document has expired\./);
});
