import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Concern, Findings, Report } from '../../src/domain/findings.js';
import { type MappingRules, mapFindings } from '../../src/domain/mapping.js';
import { isResult } from '../../src/domain/results.js';
import { documentReport, faceReport, findings } from './findings-for-tests.js';

const odd = fc.constantFrom('', 'a surprise', '__proto__', 'constructor', 'toString');

const concerns = fc.record({
  subject: fc.oneof(
    fc.constantFrom(
      'document',
      'police_record',
      'age',
      'document_image',
      'face_comparison',
      'face_source',
      'other',
    ),
    odd,
  ),
  level: fc.constantFrom('suspected', 'rejected', 'caution', null, 'a surprise'),
  paths: fc.array(
    fc.oneof(fc.constantFrom('document.police_record', 'document.data_validation.mrz'), fc.string()),
  ),
}) as fc.Arbitrary<Concern>;

const reports = fc.record({
  name: fc.oneof(fc.constantFrom('document', 'facial_similarity_photo', 'watchlist_aml'), odd),
  kind: fc.constantFrom('document', 'facial', 'other'),
  outcome: fc.oneof(
    { arbitrary: fc.constant('clear'), weight: 5 },
    { arbitrary: fc.constantFrom('not_clear', 'none', 'a surprise'), weight: 1 },
  ),
  concerns: fc.oneof(
    { arbitrary: fc.constant([]), weight: 4 },
    { arbitrary: fc.array(concerns, { maxLength: 3 }), weight: 1 },
  ),
}) as fc.Arbitrary<Report>;

const anyFindings = fc.record({
  state: fc.oneof(
    { arbitrary: fc.constant('complete'), weight: 6 },
    {
      arbitrary: fc.constantFrom('pending', 'reopened', 'withdrawn', 'abandoned', 'error', 'odd'),
      weight: 1,
    },
  ),
  verdict: fc.oneof(
    { arbitrary: fc.constant('clear'), weight: 4 },
    { arbitrary: fc.constantFrom('not_clear', 'declined', 'review', 'none', 'odd'), weight: 1 },
  ),
  sandbox: fc.oneof({ arbitrary: fc.constant(false), weight: 3 }, { arbitrary: fc.boolean(), weight: 1 }),
  workflow: fc.boolean(),
  reports: fc
    .tuple(fc.boolean(), fc.array(reports, { maxLength: 4 }))
    .map(([usual, more]) => (usual ? [documentReport(), faceReport(), ...more] : more)),
  missingReports: fc.oneof(
    { arbitrary: fc.constant([]), weight: 5 },
    { arbitrary: fc.array(odd), weight: 1 },
  ),
  remarks: fc.array(odd, { maxLength: 2 }),
  media: fc.constant([]),
  person: fc.constant(null),
}) as fc.Arbitrary<Findings>;

const anyRules: fc.Arbitrary<MappingRules> = fc.record({
  expectedReports: fc.oneof(
    { arbitrary: fc.constant(['document', 'facial']), weight: 3 },
    {
      arbitrary: fc.array(fc.constantFrom('document', 'facial', 'watchlist_aml', 'odd'), { maxLength: 3 }),
      weight: 1,
    },
  ),
  acceptSandbox: fc.boolean(),
  strictFace: fc.boolean(),
  trustApproved: fc.boolean(),
  createdByUs: fc.oneof({ arbitrary: fc.constant(true), weight: 3 }, { arbitrary: fc.boolean(), weight: 1 }),
});

function hasExpected(said: Findings, expected: string): boolean {
  return said.reports.some(report =>
    ['document', 'facial'].includes(expected) ? report.kind === expected : report.name === expected,
  );
}

/** The conditions of CLEAR in other words than the mapping's. */
function mayBeClear(said: Findings, rules: MappingRules): boolean {
  const everythingClear =
    said.reports.every(report => report.outcome === 'clear' && report.concerns.length === 0) &&
    said.missingReports.length === 0;
  const everythingRead =
    said.reports.length > 0 && rules.expectedReports.every(expected => hasExpected(said, expected));
  return (
    said.state === 'complete' &&
    said.verdict === 'clear' &&
    everythingClear &&
    (everythingRead || (said.workflow && rules.trustApproved)) &&
    (!said.sandbox || rules.acceptSandbox) &&
    rules.createdByUs
  );
}

test('nothing is CLEAR unless every condition holds, and then it is', () => {
  let clear = 0;
  fc.assert(
    fc.property(anyFindings, anyRules, (said, rules) => {
      const outcome = mapFindings(said, rules);
      const isClear = outcome.kind === 'final' && outcome.result === 'CLEAR';
      clear += isClear ? 1 : 0;
      assert.equal(isClear, mayBeClear(said, rules));
    }),
    { numRuns: 3000 },
  );
  assert.ok(clear > 100, 'the generator has to reach CLEAR for this to mean anything');
});

test('any findings have an outcome, and UNKNOWN never comes without an alert', () => {
  fc.assert(
    fc.property(anyFindings, anyRules, (said, rules) => {
      const outcome = mapFindings(said, rules);
      if (outcome.kind !== 'final') return;
      assert.ok(isResult(outcome.result));
      if (outcome.result === 'UNKNOWN') assert.equal(outcome.alert, true);
      assert.deepEqual(outcome.reasonCodes, [...new Set(outcome.reasonCodes)].sort());
      assert.ok(outcome.reason.length > 0);
    }),
    { numRuns: 2000 },
  );
});

test('the order of reports and of their concerns changes nothing', () => {
  const shuffled = anyFindings.chain(said =>
    fc
      .tuple(fc.shuffledSubarray([...said.reports], { minLength: said.reports.length }), fc.boolean())
      .map(([mixed, turn]) => {
        const turned = mixed.map(report => ({
          ...report,
          concerns: turn ? [...report.concerns].reverse() : report.concerns,
        }));
        return [said, { ...said, reports: turned }] as const;
      }),
  );
  fc.assert(
    fc.property(shuffled, anyRules, ([said, mixed], rules) => {
      assert.deepEqual(mapFindings(mixed, rules), mapFindings(said, rules));
    }),
    { numRuns: 1000 },
  );
});

test('a further concern never makes a check less severe', () => {
  fc.assert(
    fc.property(concerns, anyRules, (extra, rules) => {
      const outcome = mapFindings(findings({ reports: [documentReport(extra), faceReport()] }), rules);
      assert.ok(outcome.kind === 'final' && outcome.result !== 'CLEAR');
    }),
  );
});
