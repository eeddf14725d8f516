import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Result, results } from '../../src/domain/results.js';
import { mayChange, pageOf } from '../../src/site/which-page.js';
import { aView } from './fake-journey.js';

const every = Object.keys(results) as Result[];

test('each state has its page', () => {
  assert.equal(pageOf(aView()), 'welcome');
  assert.equal(pageOf(aView({ resubmission: true })), 'again');
  for (const [state, page] of [
    ['capturing', 'continue'],
    ['submitted', 'submitted'],
    ['in_review', 'in_review'],
    ['expired', 'expired'],
    ['failed', 'failed'],
  ] as const)
    assert.equal(pageOf(aView({ state })), page);
});

test('nobody is told to be registered by a result alone', () => {
  for (const result of every) {
    assert.equal(pageOf(aView({ state: 'done', result })), 'awaiting');
    assert.equal(pageOf(aView({ state: 'done', ending: 'awaiting', result })), 'awaiting');
  }
});

test('whoever was registered is told so, also when a person overruled the machine', () => {
  for (const result of every)
    assert.equal(pageOf(aView({ state: 'done', ending: 'registered', result })), 'registered');
});

test('signs of fraud get the same neutral page as any refusal, and only REJECTED is told how to try again', () => {
  const told = (result: Result) => pageOf(aView({ state: 'done', ending: 'rejected', result }));
  assert.equal(told('REJECTED'), 'retry_document');
  assert.equal(told('REJECTED_IMAGE_INTEGRITY'), 'retry_pictures');
  assert.equal(told('REJECTED_AGE_VALIDATION'), 'retry_age');
  for (const result of every.filter(name => results[name].family !== 'rejected'))
    assert.equal(told(result), 'rejected', result);
});

test('only pages that may still change by themselves are looked at again', () => {
  assert.deepEqual((['submitted', 'in_review', 'awaiting'] as const).map(mayChange), [true, true, true]);
  for (const page of ['welcome', 'continue', 'registered', 'rejected', 'expired', 'failed'] as const)
    assert.equal(mayChange(page), false, page);
});
