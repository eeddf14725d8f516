import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { OnfidoSettings } from '../../../src/config/config.js';
import { createOnfido } from '../../../src/providers/onfido/index.js';
import { capturePage } from '../../../src/providers/onfido/page.js';
import { TestClock } from '../../support/clock.js';
import { providerContract } from '../contract.js';
import { checkId, id } from './fixtures.js';

const settings: OnfidoSettings = {
  provider: 'onfido',
  region: 'EU',
  apiToken: 'api_live.for-tests-only',
  apiBase: 'https://api.eu.onfido.com/v3.6',
  sdkUrl: 'https://sdk.onfido.com/v14',
  webhookTokens: [],
  mode: 'classic',
  trustApproved: false,
  strictFace: false,
  reportNames: ['document', 'facial_similarity_photo'],
  trust: {},
};

function sign(body: string, token: string) {
  return { 'x-sha2-signature': createHmac('sha256', token).update(body).digest('hex') };
}

const body = JSON.stringify({
  payload: { resource_type: 'check', action: 'check.completed', object: { id: checkId, status: 'complete' } },
});

for (const mode of ['classic', 'studio'] as const)
  providerContract(`onfido ${mode}`, {
    build: (outbound, tokens) =>
      createOnfido(
        { ...settings, mode, workflowId: id(30) },
        { outbound, clock: new TestClock(), tokens: () => tokens },
      ),
    sign,
    body,
    checkRef: checkId,
  });

test('configured webhook tokens and those found later both count, and the latter are asked for each time', () => {
  let found: string[] = [];
  const onfido = createOnfido(
    { ...settings, webhookTokens: ['configured'] },
    {
      outbound: {
        request: () => Promise.reject(new Error('nothing is sent')),
        close: () => Promise.resolve(),
      },
      clock: new TestClock(),
      tokens: () => found,
    },
  );
  const verify = (token: string) => onfido.verify({ raw: Buffer.from(body), headers: sign(body, token) });
  assert.deepEqual([verify('configured'), verify('found')], ['genuine', 'forged']);
  found = ['found'];
  assert.deepEqual([verify('configured'), verify('found')], ['genuine', 'genuine']);
});

test('Onfido’s own script may talk to Onfido’s hosts', () => {
  const page = capturePage(settings);
  assert.deepEqual(page, {
    kind: 'embedded',
    scriptUrl: 'https://sdk.onfido.com/v14',
    workflow: false,
    sources: {
      'script-src': ['https://sdk.onfido.com', 'https://assets.onfido.com'],
      'connect-src': [
        'data:',
        'blob:',
        'https://*.onfido.com',
        'wss://*.onfido.com',
        'https://api.eu.onfido.com',
        'wss://api.eu.onfido.com',
      ],
      'frame-src': ['https://sdk.onfido.com'],
      'img-src': ['data:', 'blob:', 'https://sdk.onfido.com', 'https://assets.onfido.com'],
      'media-src': ['data:', 'blob:', 'https://sdk.onfido.com', 'https://assets.onfido.com'],
      'font-src': ['https://sdk.onfido.com'],
      'style-src': ['https://sdk.onfido.com', 'https://assets.onfido.com'],
    },
  });
});

test('a script from elsewhere opens the page to its own host and the API, and to nothing of Onfido’s', () => {
  const { sources, workflow } = capturePage({
    ...settings,
    mode: 'studio',
    sdkUrl: 'http://127.0.0.1:4010/sdk/v14.js',
    apiBase: 'http://127.0.0.1:4010/v3.6',
  });
  assert.equal(workflow, true);
  assert.deepEqual(sources['script-src'], ['http://127.0.0.1:4010']);
  assert.deepEqual(sources['connect-src'], [
    'data:',
    'blob:',
    'http://127.0.0.1:4010',
    'ws://127.0.0.1:4010',
  ]);
  assert.ok(!JSON.stringify(sources).includes('onfido'));
});

test('a host that merely ends like Onfido’s is not Onfido’s', () => {
  const { sources } = capturePage({ ...settings, sdkUrl: 'https://notonfido.com/v14' });
  assert.deepEqual(sources['script-src'], ['https://notonfido.com']);
});
