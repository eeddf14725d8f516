import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { describeCallback } from '../../../src/providers/jumio/describe.js';
import { hostsOf, isPage } from '../../../src/providers/jumio/hosts.js';
import { createJumio } from '../../../src/providers/jumio/index.js';
import { jumioOry } from '../../../src/providers/jumio/ory.js';
import { TestClock } from '../../support/clock.js';
import { providerContract } from '../contract.js';
import { accountId, callback, checkRef, settings, sign, workflowId } from './fixtures.js';

providerContract('jumio', {
  build: (outbound, tokens) =>
    createJumio(settings, { outbound, clock: new TestClock(), tokens: () => tokens, sign }),
  sign: (body, token) => ({
    'x-jumio-signature': createHmac('sha256', token).update(body).digest('hex'),
  }),
  body: JSON.stringify(callback({ userReference: 'somebody-else' })),
  checkRef,
});

test('any host of a data centre stands for all three', () => {
  for (const host of ['account', 'api', 'retrieval'])
    assert.deepEqual(hostsOf(`https://${host}.apac-1.jumio.ai/api/v1`), {
      account: 'https://account.apac-1.jumio.ai/api/v1',
      retrieval: 'https://retrieval.apac-1.jumio.ai/api/v1',
      pages: ['https://*.jumio.ai'],
    });
});

test('another machine is used unchanged for everything', () => {
  assert.deepEqual(hostsOf('http://127.0.0.1:4020/api/v1/'), {
    account: 'http://127.0.0.1:4020/api/v1',
    retrieval: 'http://127.0.0.1:4020/api/v1',
    pages: ['https://*.jumio.ai', 'http://127.0.0.1:4020'],
  });
  const lookalike = 'https://api.emea-1.jumio.ai.example.net/v2';
  assert.equal(hostsOf(lookalike).account, lookalike);
});

test('customers are sent to Jumio’s pages only', () => {
  const hosts = hostsOf(settings.apiBase);
  assert.ok(isPage(hosts, 'https://shop.web.emea-1.jumio.ai/web/v4/app?authorizationToken=x'));
  for (const href of [
    '',
    'http://shop.web.emea-1.jumio.ai/',
    'https://jumio.ai.example.net/',
    'https://notjumio.ai/',
    'https://shop.web.emea-1.jumio.ai:8443/',
    'https://user@shop.web.emea-1.jumio.ai/',
    'javascript:alert(1)',
    '/web/v4/app',
  ])
    assert.ok(!isPage(hosts, href), href);
});

const relevance: [string, boolean][] = [
  ['PROCESSED', true],
  ['SESSION_EXPIRED', true],
  ['TOKEN_EXPIRED', true],
  ['INITIATED', false],
  ['ACQUISITION_STARTED', false],
  ['ACQUIRED', true],
  ['SOMETHING_NEW', false],
];

for (const [status, relevant] of relevance)
  test(`a callback with ${status} ${relevant ? 'has Jumio asked' : 'is kept and left alone'}`, () => {
    const raw = Buffer.from(JSON.stringify(callback({}, status)));
    assert.deepEqual(describeCallback(raw), { action: status, relevant, checkRef, workflow: true });
  });

test('a callback with an id that is none, or of the old form-encoded kind, is about nothing', () => {
  const nothing = { action: 'unknown', relevant: false };
  for (const body of [
    callback({ account: { id: '../../accounts' } }),
    callback({ workflowExecution: { id: workflowId, status: 'not a word' } }),
    callback({ workflowExecution: { id: workflowId } }),
  ])
    assert.deepEqual(describeCallback(Buffer.from(JSON.stringify(body))), nothing);
  const old = 'verificationStatus=DENIED_FRAUD&idScanStatus=SUCCESS&merchantIdScanReference=7';
  assert.deepEqual(describeCallback(Buffer.from(old)), nothing);
});

test('on an identity, account and run are told apart, and our own reference is not told', () => {
  const refs = { applicantRef: 'ours', checkRef };
  assert.deepEqual(jumioOry.ids(refs), { account_id: accountId, workflow_execution_id: workflowId });
  assert.deepEqual(jumioOry.ids({ ...refs, checkRef: null }), {
    account_id: null,
    workflow_execution_id: null,
  });
});
