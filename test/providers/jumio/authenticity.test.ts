import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createVerify } from '../../../src/providers/jumio/authenticity.js';
import { checkIdOf, referenceOf } from '../../../src/providers/jumio/reference.js';
import { callback, checkId, mark, userReference } from './fixtures.js';

const secret = 'jumio-test-secret';

const account = '11111111-1111-4111-8111-111111111111';
const run = '22222222-2222-4222-8222-222222222222';
const host = 'https://retrieval.emea-1.jumio.ai/api/v1';
const first = {
  body: `{"callbackSentAt":"2026-01-15T10:20:30.456Z","userReference":"kiosk-7","workflowExecution":{"id":"${run}","href":"${host}/accounts/${account}/workflow-executions/${run}","definitionKey":"10011","status":"PROCESSED"},"account":{"id":"${account}","href":"${host}/accounts/${account}"}}`,
  signature: '6ee0661db4f1842dcdc9a1e4e0576410216413ecd506581b6624b3ec4118b7d1',
};
const second = {
  body: '{ "workflowExecution": { "status": "TOKEN_EXPIRED", "note": "Zo\u00eb \u2013 1.0" } }\n',
  signature: 'b7a1b149aa060889a56812ef4c7cfc09263a0666a9bb1e462c9fa985c58c982c',
};

function verify(
  header: string | string[] | undefined,
  body: string | Buffer = first.body,
  { secrets = [secret], addresses = [] as string[], address = '34.253.41.236' } = {},
) {
  const by = createVerify({ secrets: () => secrets, mark, addresses });
  return by({ raw: Buffer.from(body), headers: { 'x-jumio-signature': header }, address });
}

test('vector V1 is genuine, in any case and with the prefix', () => {
  assert.equal(Buffer.byteLength(first.body), 487);
  const upper = first.signature.toUpperCase();
  for (const header of [first.signature, upper, `sha256=${first.signature}`, `sha256=${upper}`])
    assert.equal(verify(header), 'genuine');
});

test('vector V2 is genuine over its very bytes and forged once it was written anew', () => {
  assert.equal(Buffer.byteLength(second.body), 79);
  const hash = createHash('sha256').update(second.body).digest('hex');
  assert.equal(hash, 'cc7ef71d347534c9e54d24ae8f2945e19cb899c5a9c0985563bdb20a6ae1a4e9');
  assert.equal(verify(second.signature, second.body), 'genuine');
  const rewritten = JSON.stringify(JSON.parse(second.body));
  assert.equal(verify(second.signature, rewritten), 'forged');
  const ofRewritten = '27989b85b6824b8fe1a3f862e444985e7db66084233383df3cfeb081400a2828';
  assert.equal(verify(ofRewritten, second.body), 'forged');
});

test('vector V3: an empty body is nothing, however well it is signed', () => {
  const signature = '4893c79cf424d5110e996ebd296619035089e3906a4898f1ebbe8d04b992fb5f';
  assert.equal(createHmac('sha256', secret).update('').digest('hex'), signature);
  assert.equal(verify(signature, ''), 'forged');
});

test('vector V4: a reference says whose it is and is known again', () => {
  const key = (text: string) => createHmac('sha256', 'jumio-reference-key').update(text).digest();
  const attempt = '33333333-3333-4333-8333-333333333333';
  const reference = `g1.${attempt}.lCMSeQTzzGFK-HV5HCc39_pnXxK1QqO8jzK6MOKiE_A`;
  assert.equal(referenceOf(key, attempt), reference);
  assert.equal(checkIdOf(key, reference), attempt);
  assert.equal(reference.length, 83);
  assert.ok(userReference.length <= 100);
});

const negatives: [string, string | string[]][] = [
  ['63 digits', first.signature.slice(1)],
  ['65 digits', `${first.signature}0`],
  ['no hex', 'z'.repeat(64)],
  ['an empty header', ''],
  ['a header twice', [first.signature, first.signature]],
  ['a header twice, joined', `${first.signature}, ${first.signature}`],
  ['another prefix', `sha512=${first.signature}`],
  ['a changed digit', `7${first.signature.slice(1)}`],
];

for (const [what, header] of negatives)
  test(`${what} is forged`, () => {
    assert.equal(verify(header), 'forged');
  });

test('a changed byte, a compressed body and a secret with a line break are forged', () => {
  assert.equal(verify(first.signature, first.body.replace('kiosk-7', 'kiosk-8')), 'forged');
  assert.equal(verify(first.signature, gzipSync(first.body)), 'forged');
  assert.equal(verify(first.signature, first.body, { secrets: [`${secret}\n`] }), 'forged');
});

test('during a change of secrets each of them counts; an empty one never does', () => {
  assert.equal(verify(first.signature, first.body, { secrets: ['next', secret] }), 'genuine');
  const empty = createHmac('sha256', '').update(first.body).digest('hex');
  assert.equal(verify(empty, first.body, { secrets: [''] }), 'unprepared');
  assert.equal(verify(first.signature, first.body, { secrets: [] }), 'unprepared');
});

const ours = JSON.stringify(callback());

test('without a signature our own reference suffices, whatever secrets there are', () => {
  assert.equal(verify(undefined, ours), 'genuine');
  assert.equal(verify(undefined, ours, { secrets: [] }), 'genuine');
  assert.equal(verify(undefined, first.body), 'forged');
});

test('a wrong signature is not made good by a right reference', () => {
  assert.equal(verify(first.signature, ours), 'forged');
  assert.equal(verify('', ours), 'forged');
});

test('a reference that we did not sign proves nothing', () => {
  const [, , tag = ''] = userReference.split('.');
  const wrong: unknown[] = [
    userReference.replace('-1.', '-2.'),
    `${userReference}A`,
    userReference.slice(0, -1),
    userReference.replace('g1.', 'g2.'),
    `g1..${tag}`,
    `g1.${checkId}.${'A'.repeat(43)}`,
    // the spare bits of the last character
    `${userReference.slice(0, -1)}${String.fromCharCode(userReference.charCodeAt(userReference.length - 1) + 1)}`,
    7,
    null,
    [userReference],
  ];
  for (const reference of wrong)
    assert.equal(verify(undefined, JSON.stringify(callback({ userReference: reference }))), 'forged');
});

test('a list of addresses restricts and proves nothing', () => {
  const addresses = ['34.253.41.236', '10.20.0.0/16', '2001:db8::/32'];
  for (const address of ['34.253.41.236', '10.20.7.7', '2001:db8::1', '::ffff:10.20.7.7'])
    assert.equal(verify(undefined, ours, { addresses, address }), 'genuine');
  for (const address of ['34.253.41.237', '10.21.0.1', '', 'callback.emea-1.jumio.ai']) {
    assert.equal(verify(undefined, ours, { addresses, address }), 'forged');
    assert.equal(verify(first.signature, first.body, { addresses, address }), 'forged');
  }
  assert.equal(verify(undefined, first.body, { addresses }), 'forged');
});
