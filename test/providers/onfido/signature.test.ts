import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { verifySignature } from '../../../src/providers/onfido/signature.js';

/** Vectors of Onfido's own SDK. */
const one = {
  token: '_ABC123abc123ABC123abc123ABC123_',
  signature: 'a0082d7481f9f0a2907583dbe1f344d6d4c0d9989df2fd804f98479f60cd760e',
  body: '{"payload":{"resource_type":"check","action":"check.completed","object":{"id":"check-123","status":"complete","completed_at_iso8601":"2020-01-01T00:00:00Z","href":"https://api.onfido.com/v3/checks/check-123"}}}',
};
const two = {
  token: 'YKOC6mkBxi6yK2zlUIrLMvsJMFEZObP5',
  signature: 'c95a5b785484f6fa1bc25f381b5595d66bf85cb442eefb06aa007802ee6a4dfa',
  body: '{"payload":{"resource_type":"workflow_task","action":"workflow_task.started","object":{"id":"profile_1eb92","task_spec_id":"profile_1eb92","task_def_id":"profile_data","workflow_run_id":"bc77c6e5-753a-4580-96a6-aaed3e5a8d19","status":"started","started_at_iso8601":"2024-07-10T12:49:09Z","href":"https://api.eu.onfido.com/v3.6/workflow_runs/bc77c6e5-753a-4580-96a6-aaed3e5a8d19/tasks/profile_1eb92"},"resource":{"created_at":"2024-07-10T12:49:09Z","id":"profile_1eb92","workflow_run_id":"bc77c6e5-753a-4580-96a6-aaed3e5a8d19","updated_at":"2024-07-10T12:49:09Z","input":{},"task_def_version":null,"task_def_id":"profile_data","output":null}}}',
};

function verify(header: string | string[] | undefined, tokens = [one.token], body = one.body) {
  return verifySignature({ raw: Buffer.from(body), headers: { 'x-sha2-signature': header } }, tokens);
}

test('vector V1 is genuine', () => {
  assert.equal(Buffer.byteLength(one.body), 210);
  assert.equal(verify(one.signature), 'genuine');
});

test('vector V2 is genuine', () => {
  assert.equal(Buffer.byteLength(two.body), 642);
  assert.equal(verify(two.signature, [two.token], two.body), 'genuine');
});

test('upper-case hex is genuine', () => {
  assert.equal(verify(one.signature.toUpperCase()), 'genuine');
});

const negatives: [string, string | string[] | undefined][] = [
  ['first digit changed', `b${one.signature.slice(1)}`],
  ['last digit changed', `${one.signature.slice(0, -1)}f`],
  ['empty header', ''],
  ['62 characters', one.signature.slice(0, 62)],
  ['66 characters', `${one.signature}00`],
  ['64 characters that are not hex', 'z'.repeat(64)],
  ['valid hex and a tail that is none', `${one.signature}zz`],
  ['a line break at the end', `${one.signature}\n`],
  ['a prefix', `sha256=${one.signature}`],
  ['missing header', undefined],
  ['repeated header', [one.signature, one.signature]],
  ['repeated header, joined', `${one.signature}, ${one.signature}`],
  ['the other vector’s signature', two.signature],
];

for (const [what, header] of negatives) {
  test(`a signature is forged: ${what}`, () => {
    assert.equal(verify(header), 'forged');
  });
}

test('one space more in the body is forged', () => {
  assert.equal(verify(one.signature, [one.token], `${one.body} `), 'forged');
});

test('any of several live tokens makes a delivery genuine, in any place', () => {
  assert.equal(verify(one.signature, ['another', one.token]), 'genuine');
  assert.equal(verify(one.signature, [one.token, 'another']), 'genuine');
  assert.equal(verify(one.signature, ['another', 'a third']), 'forged');
});

test('without a token nothing can be told, but what is malformed is forged all the same', () => {
  assert.equal(verify(one.signature, []), 'unprepared');
  assert.equal(verify('nonsense', []), 'forged');
  assert.equal(verify(undefined, []), 'forged');
});

test('an empty token never verifies anything', () => {
  const signed = createHmac('sha256', '').update(one.body).digest('hex');
  assert.equal(verify(signed, ['']), 'unprepared');
  assert.equal(verify(signed, ['', one.token]), 'forged');
});
