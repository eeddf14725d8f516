import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDelivery } from '../../../src/providers/onfido/describe.js';
import { applicantId, checkId, id, runId } from './fixtures.js';

function describe(payload: unknown) {
  return describeDelivery(Buffer.from(JSON.stringify({ payload })));
}

test('the events about a whole check name it', () => {
  for (const action of ['check.completed', 'check.withdrawn', 'check.reopened'])
    assert.deepEqual(
      describe({ resource_type: 'check', action, object: { id: checkId, status: 'complete' } }),
      {
        action,
        relevant: true,
        checkRef: checkId,
      },
    );
});

test('a completed workflow run names run and applicant', () => {
  const payload = {
    resource_type: 'workflow_run',
    action: 'workflow_run.completed',
    object: { id: runId, status: 'approved' },
    resource: { id: runId, applicant_id: applicantId, status: 'approved' },
  };
  assert.deepEqual(describe(payload), {
    action: 'workflow_run.completed',
    relevant: true,
    checkRef: runId,
    workflow: true,
    applicantRef: applicantId,
  });
});

test('a report that is completed decides nothing', () => {
  const said = describe({ resource_type: 'report', action: 'report.completed', object: { id: id(11) } });
  assert.deepEqual(said, { action: 'report.completed', relevant: false });
});

test('a task names its run, and decides nothing', () => {
  const said = describe({
    resource_type: 'workflow_task',
    action: 'workflow_task.completed',
    object: { id: 'profile_1eb92', workflow_run_id: runId },
  });
  assert.deepEqual(said, {
    action: 'workflow_task.completed',
    relevant: false,
    checkRef: runId,
    workflow: true,
  });
});

test('an unknown action is told and not relevant', () => {
  const said = describe({ resource_type: 'check', action: 'check.painted_blue', object: { id: checkId } });
  assert.deepEqual([said.action, said.relevant], ['check.painted_blue', false]);
});

test('an id that is none is absent, and the event then not relevant', () => {
  for (const bad of ['check-123', '../applicants', `${checkId}/../x`, '', 7, null, { id: checkId }]) {
    const said = describe({ resource_type: 'check', action: 'check.completed', object: { id: bad } });
    assert.deepEqual(said, { action: 'check.completed', relevant: false });
  }
});

test('an action about another type than the resource is not relevant', () => {
  const said = describe({ resource_type: 'report', action: 'check.completed', object: { id: checkId } });
  assert.equal(said.relevant, false);
});

test('a body that cannot be read is unknown and not relevant', () => {
  const unknown = { action: 'unknown', relevant: false };
  for (const text of [
    '',
    '{',
    'null',
    '7',
    '[]',
    '{"payload":null}',
    '{"payload":{}}',
    '{"payload":{"action":"<b>"}}',
  ])
    assert.deepEqual(describeDelivery(Buffer.from(text)), unknown);
  assert.deepEqual(describeDelivery(Buffer.from([0xff, 0xfe, 0x00])), unknown);
  assert.deepEqual(describeDelivery(Buffer.from('['.repeat(100_000))), unknown);
  assert.deepEqual(describeDelivery(Buffer.from('['.repeat(100_000) + ']'.repeat(100_000))), unknown);
});
