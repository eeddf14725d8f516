import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import onfido from '@onfido/api';
import { type OnfidoSimulator, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { TestClock } from '../support/clock.js';
import { withoutSpec } from '../support/skips.js';
import { type Receiver, startReceiver } from './receiver.js';
import { loadSpec } from './spec.js';

const { Configuration, DefaultApi, WebhookEventVerifier } = onfido;
const apiToken = 'api_sandbox.hooks';
const hookUrl = 'https://kyc.example.net/onfidowh/1';

let clock: TestClock;
let receiver: Receiver;
let sim: OnfidoSimulator;
let api: InstanceType<typeof DefaultApi>;

beforeEach(async () => {
  clock = new TestClock();
  receiver = await startReceiver('kyc.example.net');
  sim = await startOnfidoSimulator({
    clock,
    apiTokens: [apiToken],
    completeAfterMs: 1000,
    webhookCa: receiver.ca,
    rewriteWebhookUrl: url => url.replace('https://kyc.example.net', receiver.origin),
  });
  api = new DefaultApi(new Configuration({ apiToken, basePath: sim.url }));
});
afterEach(async () => {
  await sim.close();
  await receiver.close();
});

async function startCheck() {
  const location = { country_of_residence: 'GBR' } as const;
  const applicant = (await api.createApplicant({ first_name: 'Ada', last_name: 'Quill', location })).data;
  sim.upload(applicant.id);
  const names = ['document', 'facial_similarity_photo'] as const;
  return (await api.createCheck({ applicant_id: applicant.id, report_names: [...names] })).data;
}

function actions(): string[] {
  return receiver.received.map(({ body }) => JSON.parse(body).payload.action);
}

test('signatures are those of the published vectors', () => {
  const check =
    '{"payload":{"resource_type":"check","action":"check.completed","object":{"id":"check-123","status":"complete","completed_at_iso8601":"2020-01-01T00:00:00Z","href":"https://api.onfido.com/v3/checks/check-123"}}}';
  const task =
    '{"payload":{"resource_type":"workflow_task","action":"workflow_task.started","object":{"id":"profile_1eb92","task_spec_id":"profile_1eb92","task_def_id":"profile_data","workflow_run_id":"bc77c6e5-753a-4580-96a6-aaed3e5a8d19","status":"started","started_at_iso8601":"2024-07-10T12:49:09Z","href":"https://api.eu.onfido.com/v3.6/workflow_runs/bc77c6e5-753a-4580-96a6-aaed3e5a8d19/tasks/profile_1eb92"},"resource":{"created_at":"2024-07-10T12:49:09Z","id":"profile_1eb92","workflow_run_id":"bc77c6e5-753a-4580-96a6-aaed3e5a8d19","updated_at":"2024-07-10T12:49:09Z","input":{},"task_def_version":null,"task_def_id":"profile_data","output":null}}}';
  assert.equal(
    sim.sign(check, '_ABC123abc123ABC123abc123ABC123_'),
    'a0082d7481f9f0a2907583dbe1f344d6d4c0d9989df2fd804f98479f60cd760e',
  );
  assert.equal(
    sim.sign(task, 'YKOC6mkBxi6yK2zlUIrLMvsJMFEZObP5'),
    'c95a5b785484f6fa1bc25f381b5595d66bf85cb442eefb06aa007802ee6a4dfa',
  );
});

test('the official verifier accepts what is sent over TLS to the registered name', async () => {
  const webhook = (await api.createWebhook({ url: hookUrl, events: ['check.completed'] })).data;
  assert.match(webhook.token ?? '', /^[0-9a-zA-Z_-]+$/);
  assert.deepEqual(webhook.environments, ['sandbox']);
  const check = await startCheck();
  clock.advance(1000);
  await sim.settled();
  assert.deepEqual(actions(), ['check.completed']);
  const [delivery] = receiver.received;
  assert.equal(delivery?.path, '/onfidowh/1');
  assert.equal(delivery?.headers.host, 'kyc.example.net');
  assert.match(String(delivery?.headers['x-sha2-signature']), /^[0-9a-f]{64}$/);
  const verifier = new WebhookEventVerifier(webhook.token ?? '');
  const event = verifier.readPayload(delivery?.body ?? '', String(delivery?.headers['x-sha2-signature']));
  assert.deepEqual(event.payload, {
    resource_type: 'check',
    action: 'check.completed',
    object: {
      id: check.id,
      status: 'complete',
      completed_at_iso8601: '2026-03-04T10:00:01Z',
      href: `${sim.url}/checks/${check.id}`,
    },
  });
});

test('events go to every enabled webhook of the environment that asked for them, and to no other', async () => {
  const path = (name: string) => `https://kyc.example.net/${name}`;
  await api.createWebhook({ url: path('all') });
  await api.createWebhook({ url: path('live'), environments: ['live'] });
  await api.createWebhook({ url: path('off'), enabled: false });
  const changing = (await api.createWebhook({ url: path('changing'), events: ['check.withdrawn'] })).data;
  const gone = (await api.createWebhook({ url: path('gone') })).data;
  assert.equal((await api.deleteWebhook(gone.id)).status, 204);
  await api.updateWebhook(changing.id, { events: ['check.completed'], payload_version: 3 });
  assert.equal((await api.findWebhook(changing.id)).data.token, changing.token);
  await startCheck();
  clock.advance(1000);
  await sim.settled();
  const all = receiver.received.filter(each => each.path === '/all').length;
  assert.deepEqual([...new Set(receiver.received.map(each => each.path))].sort(), ['/all', '/changing']);
  assert.equal(all, 4, 'started, two reports, completed');
  assert.equal(receiver.received.length, 5);
});

test('a webhook URL without TLS is refused', async () => {
  await assert.rejects(
    api.createWebhook({ url: 'http://kyc.example.net/hook' }),
    (error: { response?: { status: number } }) => error.response?.status === 422,
  );
  assert.deepEqual((await api.listWebhooks()).data.webhooks, []);
});

test('a refused delivery is repeated with growing waits until it is taken', async () => {
  await api.createWebhook({ url: hookUrl, events: ['check.completed'] });
  receiver.statuses.push(500, 503, 202);
  await startCheck();
  clock.advance(1000);
  await sim.settled();
  clock.advance(29_999);
  await sim.settled();
  assert.equal(receiver.received.length, 1);
  clock.advance(1);
  await sim.settled();
  clock.advance(120_000);
  await sim.settled();
  clock.advance(24 * 3_600_000);
  await sim.settled();
  assert.deepEqual(
    sim.deliveries.map(each => [each.attempt, each.status]),
    [
      [1, 500],
      [2, 503],
      [3, 202],
    ],
  );
});

test('without trust in the certificate nothing is delivered', async () => {
  const wary = await startOnfidoSimulator({ clock, rewriteWebhookUrl: () => `${receiver.origin}/x` });
  const other = new DefaultApi(new Configuration({ apiToken, basePath: wary.url }));
  await other.createWebhook({ url: hookUrl });
  const { data } = await other.createApplicant({
    first_name: 'A',
    last_name: 'B',
    location: { ip_address: '203.0.113.9' },
  });
  wary.upload(data.id);
  await other.createCheck({ applicant_id: data.id, report_names: ['document'] });
  await wary.settled();
  assert.equal(wary.deliveries[0]?.status, null);
  assert.match(wary.deliveries[0]?.error ?? '', /self-signed/);
  assert.deepEqual(receiver.received, []);
  await wary.close();
});

test('deliveries can be lost, duplicated, delayed and reordered', async () => {
  await api.createWebhook({ url: hookUrl, events: ['check.started', 'check.completed'] });
  sim.failDelivery({ kind: 'lost', action: 'check.started' });
  sim.failDelivery({ kind: 'duplicated', action: 'check.completed' });
  await startCheck();
  clock.advance(1000);
  await sim.settled();
  assert.deepEqual(actions(), ['check.completed', 'check.completed']);

  receiver.received.length = 0;
  sim.failDelivery({ kind: 'reordered', action: 'check.started' });
  sim.failDelivery({ kind: 'delayed', action: 'check.completed', ms: 10_000, times: 1 });
  const first = await startCheck();
  clock.advance(1000);
  await sim.settled();
  assert.deepEqual(actions(), []);
  sim.announce(first.id, 'check.completed');
  await sim.settled();
  assert.deepEqual(actions(), ['check.completed', 'check.started']);
  clock.advance(10_000);
  await sim.settled();
  assert.deepEqual(actions(), ['check.completed', 'check.started', 'check.completed']);
});

test('a completion can be sent again on request, but only a completion', async () => {
  await api.createWebhook({ url: hookUrl, events: ['check.completed'] });
  const check = await startCheck();
  const data = [{ resource_id: check.id, event: 'check.completed' as const }];
  await assert.rejects(
    api.resendWebhooks({ data }),
    (e: { response?: { status: number } }) => e.response?.status === 422,
  );
  sim.complete(check.id);
  assert.equal((await api.resendWebhooks({ data })).status, 204);
  const wrong = [{ resource_id: check.id, event: 'check.started' as const }];
  await assert.rejects(api.resendWebhooks({ data: wrong }));
  await sim.settled();
  assert.deepEqual(actions(), ['check.completed', 'check.completed']);
});

test('events of checks and runs fit the description but for what it wrongly requires', {
  skip: withoutSpec('onfido-openapi.json'),
}, async () => {
  // real events carry neither `event` nor `resource_id`, which the description requires
  const spec = loadSpec('onfido-openapi.json', schemas => {
    const payload = schemas.webhook_event_payload as { required?: string[] };
    payload.required = ['resource_type', 'action', 'object'];
  });
  await api.createWebhook({ url: hookUrl });
  const check = await startCheck();
  clock.advance(1000);
  sim.reopen(check.id);
  sim.withdraw(check.id);
  const workflow_id = 'c0ffee00-0000-4000-8000-0000000000aa';
  const created = await api.createWorkflowRun({
    workflow_id,
    applicant_id: check.applicant_id,
    custom_data: { secret: 1 },
  });
  sim.upload(check.applicant_id);
  clock.advance(1000);
  await sim.settled();
  const events = receiver.received.map(({ body }) => JSON.parse(body));
  const seen = new Set(events.map(event => event.payload.action));
  assert.ok(
    ['check.reopened', 'check.withdrawn', 'workflow_run.completed'].every(action => seen.has(action)),
  );
  for (const event of events) {
    // a capture's output is a list, which the description does not know
    if (Array.isArray(event.payload.resource?.output)) delete event.payload.resource.output;
    spec.assertFits('webhook_event', event);
  }
  const text = receiver.received.map(({ body }) => body).join('\n');
  assert.ok(!text.includes(created.data.sdk_token ?? 'none'));
  assert.ok(!text.includes('secret'));
});
