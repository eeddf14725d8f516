import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mapFindings } from '../../../src/domain/mapping.js';
import {
  body,
  failed,
  judge,
  passedDocument,
  passedSelfie,
  read,
  resultOf,
  rules,
  verification,
} from './fixtures.js';

test('every status of Persona comes to what it means', () => {
  const statuses: Readonly<Record<string, string>> = {
    created: 'pending',
    pending: 'pending',
    completed: 'pending',
    expired: 'EXPIRED',
    failed: 'CAUTION',
    needs_review: 'CAUTION',
    'needs-review': 'CAUTION',
    'marked-for-review': 'CAUTION',
    approved: 'CLEAR',
    declined: 'REJECTED',
    // words nobody knows yet, and what is no word
    escalated: 'UNKNOWN',
    Approved: 'UNKNOWN',
    ' approved': 'UNKNOWN',
    '': 'UNKNOWN',
  };
  for (const [status, expected] of Object.entries(statuses))
    assert.equal(resultOf(body(status)), expected, status);
});

test('a word nobody knows alerts', () => {
  const outcome = judge(body('escalated'));
  assert.ok(outcome.kind === 'final' && outcome.alert);
});

test('completed is the customer’s end and not yet a verdict; without a decision a person looks', () => {
  assert.equal(read(body('completed')).captured, true);
  const later = (minutes: number) =>
    body('completed', { readAt: Date.parse('2026-03-04T10:00:30Z') + minutes * 60_000 });
  assert.equal(resultOf(later(4.9)), 'pending');
  assert.equal(resultOf(later(5)), 'CAUTION');
  const outcome = judge(later(60));
  assert.ok(outcome.kind === 'final');
  assert.match(outcome.reason, /Persona finished without a decision/);
  assert.equal(outcome.alert, false);
});

test('where the template does not decide, the operator may take completed for approved', () => {
  const approving = (snapshot: unknown) => {
    const outcome = mapFindings(read(snapshot, true), rules);
    return outcome.kind === 'final' ? outcome.result : outcome.kind;
  };
  assert.equal(approving(body('completed')), 'CLEAR');
  assert.equal(approving(body('completed', { verifications: [passedDocument] })), 'CAUTION');
  assert.equal(approving(body('pending')), 'pending');
  assert.equal(approving(body('failed')), 'CAUTION');
  assert.equal(approving(body('declined')), 'REJECTED');
});

test('a pending or created inquiry says nothing about the customer’s part', () => {
  for (const status of ['created', 'pending', 'expired', 'approved'])
    assert.equal(read(body(status)).captured, undefined);
});

test('approved is clear only with every expected verification passed', () => {
  const cases: [string, unknown[], string][] = [
    ['both', [passedDocument, passedSelfie], 'CLEAR'],
    ['no selfie', [passedDocument], 'CAUTION'],
    ['no document', [passedSelfie], 'CAUTION'],
    ['nothing', [], 'CAUTION'],
    ['selfie begun only', [passedDocument, verification('selfie', 'initiated')], 'CAUTION'],
    ['selfie skipped', [passedDocument, verification('selfie', 'skipped')], 'CAUTION'],
    ['selfie canceled', [passedDocument, verification('selfie', 'canceled')], 'CAUTION'],
    ['selfie handed in only', [passedDocument, verification('selfie', 'submitted')], 'CAUTION'],
    ['selfie failed', [passedDocument, verification('selfie', 'failed')], 'CAUTION'],
    ['document to be repeated', [verification('government-id', 'requires_retry'), passedSelfie], 'CAUTION'],
    ['unknown word', [passedDocument, verification('selfie', 'glorious')], 'CAUTION'],
  ];
  for (const [name, verifications, expected] of cases)
    assert.equal(resultOf(body('approved', { verifications })), expected, name);
});

test('an operator may trust an approval without a selfie, but not one against a failed one', () => {
  const trusting = { trustApproved: true };
  assert.equal(resultOf(body('approved', { verifications: [passedDocument] }), trusting), 'CLEAR');
  const against = [passedDocument, verification('selfie', 'failed', [failed('selfie_liveness_detection')])];
  assert.equal(resultOf(body('approved', { verifications: against }), trusting), 'CAUTION');
});

test('an organization that expects a document only is content with one', () => {
  const verifications = [passedDocument];
  assert.equal(resultOf(body('approved', { verifications }), { expectedReports: ['document'] }), 'CLEAR');
});

test('an approval against a failed required check is a caution, never a refusal and never clear', () => {
  for (const name of ['id_tamper_detection', 'selfie_id_comparison', 'id_blur_detection', 'unheard_of']) {
    const kind = name.startsWith('selfie') ? 'selfie' : 'government-id';
    const against = verification(kind, 'passed', [failed(name)]);
    const other = kind === 'selfie' ? passedDocument : passedSelfie;
    const result = resultOf(body('approved', { verifications: [against, other] }));
    assert.match(result, /^CAUTION/, name);
  }
});

test('a failed check that was not required changes nothing, one without a word on that counts', () => {
  const withCheck = (check: object) => [
    verification('government-id', 'passed', [{ name: 'id_glare_detection', status: 'failed', ...check }]),
    passedSelfie,
  ];
  const approved = (check: object) => resultOf(body('approved', { verifications: withCheck(check) }));
  assert.equal(approved({ requirement: 'not_required' }), 'CLEAR');
  assert.equal(approved({}), 'CAUTION_IMAGE_INTEGRITY');
  assert.equal(approved({ requirement: 'requires_retry' }), 'CAUTION_IMAGE_INTEGRITY');
  assert.equal(approved({ status: 'not_applicable' }), 'CLEAR');
  assert.equal(approved({ status: 'glorious' }), 'CAUTION_IMAGE_INTEGRITY');
});

test('of several tries the newest that was handed in counts', () => {
  const at = (minute: number) => ({
    attributes: { 'created-at': `2026-03-04T10:0${minute}:00.000Z` },
  });
  const blurred = verification('government-id', 'failed', [failed('id_blur_detection')], at(1));
  const good = verification('government-id', 'passed', [], at(2));
  const begun = verification('government-id', 'initiated', [], at(3));
  const result = (...tries: unknown[]) =>
    resultOf(body('approved', { verifications: [...tries, passedSelfie] }));
  assert.equal(result(blurred, good), 'CLEAR');
  assert.equal(result(good, blurred), 'CLEAR');
  assert.equal(result(begun, good, blurred), 'CLEAR');
  assert.equal(result(blurred, begun), 'CAUTION_IMAGE_INTEGRITY');
  const ofOtherTemplate = verification('government-id', 'failed', [failed('id_blur_detection')], {
    template: 'vtmpl_second_document',
  });
  assert.equal(result(good, ofOtherTemplate), 'CAUTION_IMAGE_INTEGRITY');
});

test('verifications beside document and face count when they were handed in', () => {
  const result = (extra: unknown, changes = {}) =>
    resultOf(body('approved', { verifications: [passedDocument, passedSelfie, extra] }), changes);
  assert.equal(result(verification('email-address', 'confirmed')), 'CLEAR');
  assert.equal(result(verification('database', 'skipped')), 'CLEAR');
  assert.equal(
    result(verification('database', 'failed', [failed('database_name_comparison')])),
    'CAUTION_DATA_CONSISTENCY',
  );
  assert.equal(result(verification('document', 'tentatively_passed')), 'CAUTION');
  const expects = { expectedReports: ['document', 'facial', 'database'] };
  assert.equal(result(verification('database', 'skipped'), expects), 'CAUTION');
  assert.equal(result(verification('database', 'passed'), expects), 'CLEAR');
});

test('a watch list’s match is for a person to look at, whatever was decided', () => {
  const report = (attributes: object) => ({ type: 'report/watchlist', id: 'rep_1', attributes });
  const result = (status: string, attributes: object) =>
    resultOf(body(status, { reports: [report(attributes)] }));
  assert.equal(result('approved', { status: 'ready', 'has-match': false }), 'CLEAR');
  assert.equal(result('approved', { status: 'ready', 'has-match': true }), 'CAUTION');
  assert.equal(result('approved', { status: 'pending', 'has-match': false }), 'CAUTION');
  assert.equal(result('approved', { status: 'errored' }), 'CAUTION');
  assert.equal(result('needs_review', { status: 'ready', 'has-match': true }), 'CAUTION');
  const outcome = judge(body('approved', { reports: [report({ status: 'ready', 'has-match': true })] }));
  assert.ok(outcome.kind === 'final');
  assert.deepEqual(outcome.reasonCodes, ['report_watchlist.match']);
});

test('a part that Persona would not hand over keeps from clear and alerts', () => {
  const outcome = judge(body('approved', { missing: ['selfie'] }));
  assert.ok(outcome.kind === 'final');
  assert.deepEqual([outcome.result, outcome.alert], ['CAUTION', true]);
});

test('what only ran in the sandbox is unknown, unless the organization is one for tests', () => {
  const sandbox = body('approved', { sandboxKey: true });
  assert.equal(resultOf(sandbox), 'UNKNOWN');
  assert.equal(resultOf(sandbox, { acceptSandbox: true }), 'CLEAR');
  assert.equal(resultOf(body('approved', { sandboxKey: null })), 'CLEAR');
});

test('an inquiry that was redacted meanwhile changes nothing', () => {
  for (const status of ['approved', 'declined', 'failed', 'completed'])
    assert.equal(
      resultOf(body(status, { inquiry: { redactedAt: '2026-04-01T00:00:00Z' }, verifications: [] })),
      'pending',
    );
});

test('a reviewer is told who decided at Persona', () => {
  const remark = (status: string, reviewer: string) => read(body(status, { inquiry: { reviewer } })).remarks;
  assert.deepEqual(remark('declined', 'user'), ['A person at Persona decided']);
  assert.deepEqual(remark('approved', 'workflow-run'), ['A workflow at Persona decided']);
  assert.deepEqual(remark('approved', 'constructor'), []);
  assert.deepEqual(remark('failed', 'user'), []);
});

test('nothing but an approval is ever clear, and the order of the parts does not matter', () => {
  const statuses = ['created', 'pending', 'completed', 'failed', 'expired', 'needs_review', 'declined', 'x'];
  const part = fc.record({
    type: fc.constantFrom('verification/government-id', 'verification/selfie', 'verification/database'),
    id: fc.constantFrom('ver_1', 'ver_2', 'ver_3', 'ver_4'),
    template: fc.constantFrom('a', 'b'),
    attributes: fc.record({
      status: fc.constantFrom('passed', 'failed', 'initiated', 'requires_retry', 'skipped', 'odd'),
      'created-at': fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
      checks: fc.array(
        fc.record({
          name: fc.constantFrom('id_blur_detection', 'selfie_id_comparison', 'id_expired_detection'),
          status: fc.constantFrom('passed', 'failed', 'not_applicable'),
          requirement: fc.constantFrom('required', 'not_required'),
        }),
        { maxLength: 3 },
      ),
    }),
    pages: fc.constant([]),
  });
  const parts = fc.uniqueArray(part, { selector: ({ id }) => id, maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom('approved', ...statuses), parts, (status, verifications) => {
      const snapshot = body(status, { verifications });
      const result = resultOf(snapshot);
      if (status !== 'approved') assert.notEqual(result, 'CLEAR');
      assert.deepEqual(judge(body(status, { verifications: [...verifications].reverse() })), judge(snapshot));
    }),
  );
});
