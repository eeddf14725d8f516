import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDelivery, relevantActions } from '../../../src/providers/persona/describe.js';

const reference = `gh_${'0a'.repeat(16)}`;

function event(name: string, attributes: object = {}, id = 'inq_1') {
  const data = { type: 'inquiry', id, attributes };
  return { data: { type: 'event', id: 'evt_1', attributes: { name, payload: { data } } } };
}

function describe(body: unknown) {
  return describeDelivery(Buffer.from(JSON.stringify(body)));
}

test('every event after which there may be another verdict has its inquiry asked for', () => {
  for (const action of relevantActions)
    assert.deepEqual(describe(event(action)), { action, relevant: true, checkRef: 'inq_1', workflow: true });
});

test('other events are kept and left alone', () => {
  const others = [
    'inquiry.created',
    'inquiry.started',
    'inquiry.transitioned',
    'inquiry.redacted',
    'inquiry.updated-tags',
    'inquiry.of-tomorrow',
  ];
  for (const action of others) assert.equal(describe(event(action)).relevant, false, action);
  const verification = describe(event('verification.passed', {}, 'ver_1'));
  assert.deepEqual(verification, { action: 'verification.passed', relevant: false });
  assert.deepEqual(describe(event('report/watchlist.matched', {}, 'rep_1')), {
    action: 'report/watchlist.matched',
    relevant: false,
  });
});

test('our reference is read in whichever case the webhook has, and others’ references are not repeated', () => {
  for (const name of ['reference-id', 'referenceId', 'reference_id'])
    assert.equal(describe(event('inquiry.approved', { [name]: reference })).applicantRef, reference);
  for (const foreign of ['9f425a8d-7efc-4768-8f23-7647a74fdf13', 'ana@example.org', null, 7])
    assert.equal('applicantRef' in describe(event('inquiry.approved', { 'reference-id': foreign })), false);
});

test('the form the published Ory setup was tried with is understood', () => {
  assert.deepEqual(describe({ 'event-type': 'inquiry.completed', data: { id: 'inq_9', attributes: {} } }), {
    action: 'inquiry.completed',
    relevant: true,
    checkRef: 'inq_9',
    workflow: true,
  });
});

test('an id that is none is as good as absent', () => {
  for (const id of ['inq_', 'inq_1/../x', 'ver_1', '', 'https://example.net', ` inq_1`, 'inq_1\n'])
    assert.deepEqual(describe(event('inquiry.approved', {}, id)), {
      action: 'inquiry.approved',
      relevant: false,
    });
});

test('a word that could carry anything is not repeated', () => {
  for (const name of ['ana@example.org', 'inquiry', 'Inquiry.Approved', `inquiry.${'a'.repeat(80)}`, ''])
    assert.deepEqual(describe(event(name)), { action: 'unknown', relevant: false });
});
