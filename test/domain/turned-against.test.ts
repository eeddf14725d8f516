import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Findings, FindingsState, Verdict } from '../../src/domain/findings.js';
import { mapFindings, turnedAgainst } from '../../src/domain/mapping.js';
import { concern, documentReport, faceReport, findings, rules } from './findings-for-tests.js';

const states: FindingsState[] = ['pending', 'reopened', 'withdrawn', 'abandoned', 'error', 'complete'];
const verdicts: Verdict[] = ['clear', 'not_clear', 'declined', 'review', 'none'];
const reports = [documentReport(), documentReport(concern('document', 'suspected')), faceReport()];

test('what is CLEAR by any settings has not turned against the customer', () => {
  for (const state of states)
    for (const verdict of verdicts)
      for (const report of reports)
        for (const both of [false, true]) {
          const said: Findings = findings({ state, verdict, reports: [report], workflow: both });
          const lenient = { expectedReports: [], acceptSandbox: true, trustApproved: true, strictFace: both };
          const outcome = mapFindings(said, { ...rules, ...lenient });
          if (outcome.kind === 'final' && outcome.result === 'CLEAR')
            assert.equal(turnedAgainst(said), false, JSON.stringify(said));
        }
});

test('opened again, taken back, declined or with a report that is not clear, it has', () => {
  const clear = findings();
  assert.equal(turnedAgainst(clear), false);
  for (const change of [
    { state: 'reopened' },
    { state: 'withdrawn' },
    { verdict: 'not_clear' },
    { verdict: 'declined' },
    { reports: [documentReport(concern('document', null))] },
  ] as const)
    assert.equal(turnedAgainst({ ...clear, ...change }), true, JSON.stringify(change));
});

test('what says nothing of the customer is not taken for a change of mind', () => {
  for (const change of [
    { state: 'pending', verdict: 'none' },
    { state: 'error', verdict: 'none' },
    { state: 'abandoned', verdict: 'declined' },
    { verdict: 'review' },
    { verdict: 'none', reports: [] },
  ] as const)
    assert.equal(turnedAgainst({ ...findings(), ...change }), false, JSON.stringify(change));
});
