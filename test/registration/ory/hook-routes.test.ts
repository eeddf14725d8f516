/** What Kratos hears from the hooks when it is not they who answer. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Organizations } from '../../../src/providers/organizations.js';
import { oryWordsOf } from '../../../src/providers/registry.js';
import { registerOryHooks } from '../../../src/registration/ory/hook-routes.js';
import { startListener } from '../../http/build-listener.js';
import { exchange, type RawAnswer } from '../../http/raw-client.js';
import { openTestStore } from '../../store/open-db.js';
import { TestClock } from '../../support/clock.js';

const webhookSecret = 'whsec-5a69788796a5b4c3d2e1f00f1e2d3c4b';
const hooks = ['/onfido/initiate', '/onfido/validate'] as const;

/** The bytes of a hook as Kratos sends it. */
function asked(path: string): string {
  const body = JSON.stringify({ identity_id: randomUUID() });
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${webhookSecret}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

test('a gateway that is about to stop says so without Retry-After, and lets nobody in', async t => {
  const settings = { id: '1', ory: true, mirror: false, language: 'en' };
  const served = { settings, provider: { name: 'onfido' }, ory: oryWordsOf('onfido') };
  const options = {
    ...{ store: openTestStore(t), clock: new TestClock(), siteBase: 'https://kyc.example.net' },
    organizations: { all: [served], find: () => served } as unknown as Organizations,
    settings: { gate: 'declined', resumeLink: true, webhookSecrets: [webhookSecret] },
    ...{ wake: () => {}, tried: async () => {}, legacyKeys: [], everAsked: ['1'] },
    ...{ overloaded: () => false, onFault: (error: unknown) => assert.fail(String(error)) },
  };
  const answers: RawAnswer[] = [];
  const { app } = await startListener(t, listener => {
    void listener.register(async scope => registerOryHooks(scope, options as never));
    listener.get('/other', async () => 'here');
    // an event stream's owner says goodbye here, so the listener may stand like this for a moment
    listener.addHook('preClose', async () => {
      for (const path of hooks) answers.push(await exchange(listener, false, asked(path)));
      answers.push(await exchange(listener, false, 'GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    });
  });
  await app.close();
  assert.deepEqual(
    answers.map(({ status, headers, body }) => [status, codeOf(body), headers['retry-after']]),
    [
      [503, 'shutting_down', undefined],
      [403, 'verification_unavailable', undefined],
      // everybody else is told when to come again
      [503, 'shutting_down', '5'],
    ],
  );
});

function codeOf(body: string): string {
  return (JSON.parse(body) as { error: { code: string } }).error.code;
}
