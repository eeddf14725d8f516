import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mapFindings } from '../../../src/domain/mapping.js';
import { interpretSnapshot, ownerOfSnapshot } from '../../../src/providers/onfido/interpret.js';
import {
  checkObject,
  documentObject,
  faceObject,
  findingsOf,
  type Json,
  rules,
  runObject,
} from './fixtures.js';

const words = fc.constantFrom(
  'clear',
  'consider',
  'unidentified',
  'suspected',
  'caution',
  'rejected',
  null,
  'odd',
  5,
);

const odd = fc.oneof({ arbitrary: fc.jsonValue(), weight: 1 }, { arbitrary: words, weight: 4 });

const breakdownNames = fc.constantFrom(
  'data_validation',
  'visual_authenticity',
  'image_integrity',
  'face_comparison',
  'police_record',
  'age_validation',
  '__proto__',
  'constructor',
  'brand_new',
);
const subNames = fc.constantFrom(
  'mrz',
  'fonts',
  'other',
  'face_match',
  'source_integrity',
  'image_quality',
  'toString',
);

const properties = fc.dictionary(
  fc.constantFrom('blurred_photo', 'fake_webcam', 'reasons', 'score', 'x y'),
  fc.jsonValue(),
);
const subs = fc.dictionary(
  subNames,
  fc.oneof(fc.record({ result: odd, properties: fc.oneof(properties, fc.constant(null)) }), fc.jsonValue()),
);
const trees = fc.oneof(
  fc.dictionary(
    breakdownNames,
    fc.oneof(fc.record({ result: odd, breakdown: fc.oneof(subs, fc.constant(null)) }), fc.jsonValue()),
  ),
  fc.jsonValue(),
);
const reports = fc.oneof(
  fc.record({
    name: fc.oneof(fc.constantFrom('document', 'facial_similarity_photo', 'known_faces'), fc.jsonValue()),
    status: fc.oneof(fc.constant('complete'), fc.jsonValue()),
    result: odd,
    sub_result: odd,
    breakdown: trees,
    properties: fc.jsonValue(),
    documents: fc.jsonValue(),
  }),
  fc.jsonValue(),
) as fc.Arbitrary<unknown>;

const bodies = fc.oneof(
  fc.record({
    kind: fc.constant('check'),
    check: fc.jsonValue(),
    reports: fc.array(reports),
    sides: fc.jsonValue(),
  }),
  fc.record({
    kind: fc.constant('check'),
    check: fc.constantFrom(checkObject(), checkObject({ result: 'consider' })),
    reports: fc.array(reports),
    missing: fc.jsonValue(),
  }),
  fc.record({
    kind: fc.constant('run'),
    run: fc.record({
      status: fc.constantFrom('approved', 'declined', 'review', 'error', 'odd'),
      output: fc.oneof(fc.dictionary(fc.string(), reports), fc.jsonValue()),
      reasons: fc.jsonValue(),
      error: fc.jsonValue(),
      tags: fc.jsonValue(),
    }),
    tasks: fc.array(fc.oneof(fc.record({ task_def_id: fc.jsonValue(), output: reports }), fc.jsonValue())),
    sandbox: fc.jsonValue(),
  }),
  fc.jsonValue(),
) as fc.Arbitrary<unknown>;

test('any JSON has findings, an outcome and an owner or none', () => {
  fc.assert(
    fc.property(bodies, body => {
      const snapshot = { checkRef: 'x', applicantRef: null, body };
      const outcome = mapFindings(interpretSnapshot(snapshot), rules);
      assert.ok(['pending', 'reopened', 'final'].includes(outcome.kind));
      const owner = ownerOfSnapshot(snapshot);
      assert.ok(owner === null || owner.length > 0);
    }),
    { numRuns: 2000 },
  );
});

test('very deep JSON is read without falling', () => {
  let deep: unknown = 'consider';
  for (let level = 0; level < 50_000; level++) deep = { result: deep, breakdown: deep };
  const report = documentObject({ breakdown: { data_validation: deep }, uuid: deep, properties: deep });
  const findings = findingsOf(checkObject(), [report, deep, faceObject()]);
  assert.notEqual(findings.reports[0]?.concerns.length, 0);
  const run = runObject('approved', { output: { a: report, b: deep } });
  interpretSnapshot({ checkRef: 'x', applicantRef: null, body: { kind: 'run', run, tasks: [deep] } });
});

test('no text of the provider’s but names out of its vocabulary reaches codes or reasons', () => {
  const secret = 'Ada Quill, born 1991-05-06';
  const tree = {
    image_integrity: {
      result: 'consider',
      breakdown: { image_quality: { result: 'consider', properties: { [secret]: 'x' } } },
    },
    [secret]: { result: 'consider', breakdown: { [secret]: { result: secret } } },
  };
  const named = documentObject({ name: secret, result: 'consider', breakdown: tree });
  const report = documentObject({ result: 'consider', sub_result: secret, breakdown: tree });
  const outcome = mapFindings(
    findingsOf(checkObject({ result: 'consider' }), [report, named, faceObject()]),
    rules,
  );
  assert.ok(!JSON.stringify(outcome).includes('Ada'));
});

function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned).reverse();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, turned(inner)] as const)
      .reverse(),
  );
}

test('the order of reports and of the keys in them changes nothing', () => {
  fc.assert(
    fc.property(fc.array(reports, { maxLength: 4 }), more => {
      const all = [documentObject(), faceObject(), ...more] as Json[];
      const check = checkObject({ result: 'consider' });
      assert.deepEqual(findingsOf(check, turned(all) as Json[]), findingsOf(check, all));
    }),
    { numRuns: 1000 },
  );
});

test('a check is ours by exactly one tag of ours', () => {
  const ownerOf = (tags: unknown) =>
    ownerOfSnapshot({ checkRef: 'x', applicantRef: null, body: { kind: 'check', check: { tags } } });
  assert.equal(ownerOf(['vip', 'gatehouse:chk_1']), 'chk_1');
  for (const tags of [
    null,
    [],
    ['chk_1'],
    ['gatehouse:'],
    ['gatehouse:a b'],
    ['gatehouse:a', 'gatehouse:b'],
    'gatehouse:chk_1',
    [7],
  ])
    assert.equal(ownerOf(tags), null);
  assert.equal(
    ownerOfSnapshot({ checkRef: 'x', applicantRef: null, body: { kind: 'run', run: runObject('approved') } }),
    'chk_1',
  );
});
