import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type PersonaSimulatorOptions,
  sign,
  signatureHeader,
  signBare,
  startPersonaSimulator,
} from '../../src/simulators/persona/index.js';
import { TestClock } from '../support/clock.js';
import { withoutSpec } from '../support/skips.js';
import { loadPersonaSpec, personaSpecFile } from './persona-spec.js';
import { startReceiver } from './receiver.js';

const secret = 'wbhsec_test_primary_0001';
const templateId = 'itmpl_Test0001';

async function start(
  t: TestContext,
  webhook: Partial<PersonaSimulatorOptions['webhook']> = {},
  options: PersonaSimulatorOptions = {},
) {
  const clock = new TestClock();
  const receiver = await startReceiver();
  const simulator = await startPersonaSimulator({
    clock,
    webhook: { url: `${receiver.origin}/persona/callback`, secrets: [secret], ...webhook },
    ...options,
  });
  t.after(async () => {
    await simulator.close();
    await receiver.close();
  });
  const names = () =>
    receiver.received.map(
      ({ body }) => (JSON.parse(body) as { data: { attributes: { name: string } } }).data.attributes.name,
    );
  return { clock, receiver, simulator, names, open: () => simulator.stranger({ templateId }) };
}

test('signatures are the ones of the known vectors', () => {
  const body =
    '{"data":{"type":"event","id":"evt_TESTtest0001","attributes":{"name":"inquiry.approved","payload":{"data":{"type":"inquiry","id":"inq_TESTtest0001","attributes":{"status":"approved","reference-id":"9f425a8d-7efc-4768-8f23-7647a74fdf13"}}},"created-at":"2026-01-15T10:20:30.100Z"}}}';
  const previous = 'wbhsec_test_previous_0000';
  assert.equal(
    signatureHeader(body, [secret, previous], 1768472430),
    't=1768472430,v1=12d56ab577c305468c415ab349949c830848e58b163799a89b9784c3673fad8b t=1768472430,v1=e95b43a5c493498eee802574881e04502957ab9a206d5e986eebbbb866c7c6a5',
  );
  assert.equal(signBare(body, secret), '6ac2964c2a0a05e5b9be194f1d6df650c4d35cb18892863514b7bbf628ff1f29');
  const other = '{"data":{"attributes":{"name":"inquiry.declined","score":1.0,"city":"M\u00fcnchen"}}}\n';
  assert.equal(
    sign(other, secret, 1768472431),
    'cc4585af2f9784855a775722ac83e1d7108f0b1bff6cf94b89e3971678ffafb8',
  );
});

test('every step is told, in order, signed over its bytes', async t => {
  const { clock, receiver, simulator, names, open } = await start(t);
  simulator.finish(open(), 'approved');
  clock.advance(500);
  await simulator.settled();
  assert.deepEqual(names(), ['inquiry.created', 'inquiry.started', 'inquiry.completed', 'inquiry.approved']);
  const [first] = receiver.received;
  const at = Math.floor(Date.parse('2026-03-04T10:00:00Z') / 1000);
  assert.equal(first?.headers['persona-signature'], signatureHeader(first?.body ?? '', [secret], at));
  assert.equal(first?.headers['persona-webhook-attempts-made'], '1');
  assert.equal(first?.headers['persona-webhook-attempts-left'], '7');
});

test('events fit Persona’s published description', { skip: withoutSpec(personaSpecFile) }, async t => {
  const spec = loadPersonaSpec();
  const { clock, receiver, simulator, names, open } = await start(t);
  for (const outcome of ['approved', 'declined', 'needs_review', 'failed_blurred'] as const)
    simulator.finish(open(), outcome);
  clock.advance(500);
  simulator.expire(open());
  simulator.redact(open());
  await simulator.settled();
  assert.equal(new Set(names()).size, 9);
  for (const { body } of receiver.received) {
    const event = JSON.parse(body) as { data: { attributes: { name: string } } };
    spec.assertEvent(event.data.attributes.name, event);
  }
});

test('a repeated delivery is the same event with a signature of its own time', async t => {
  const { clock, receiver, simulator, open } = await start(t);
  receiver.statuses.push(500, 503);
  open();
  await simulator.settled();
  clock.advance(3_000);
  await simulator.settled();
  clock.advance(66_000);
  await simulator.settled();
  clock.advance(3_600_000);
  await simulator.settled();
  assert.equal(receiver.received.length, 3);
  assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
  const start0 = Math.floor(Date.parse('2026-03-04T10:00:00Z') / 1000);
  assert.deepEqual(
    receiver.received.map(({ headers }) => headers['persona-signature']),
    [0, 3, 69].map(later => signatureHeader(receiver.received[0]?.body ?? '', [secret], start0 + later)),
  );
  assert.deepEqual(
    receiver.received.map(({ headers }) => [
      headers['persona-webhook-attempts-made'],
      headers['persona-webhook-attempts-left'],
    ]),
    [
      ['1', '7'],
      ['2', '6'],
      ['3', '5'],
    ],
  );
});

test('while a secret is being replaced both sign', async t => {
  const { receiver, simulator, open } = await start(t);
  simulator.rotateSecret('wbhsec_new');
  simulator.rotateSecret('wbhsec_newer');
  open();
  await simulator.settled();
  const header = String(receiver.received[0]?.headers['persona-signature']);
  const [, time = ''] = /^t=(\d+)/.exec(header) ?? [];
  assert.equal(
    header,
    signatureHeader(receiver.received[0]?.body ?? '', ['wbhsec_newer', 'wbhsec_new'], Number(time)),
  );
});

test('a webhook may have the Ory setup’s signature and another case of keys', async t => {
  const bare = await start(t, { form: 'bare', inflection: 'snake' });
  bare.open();
  await bare.simulator.settled();
  const [received] = bare.receiver.received;
  assert.equal(received?.headers['persona-signature'], undefined);
  assert.equal(received?.headers['x-persona-signature'], signBare(received?.body ?? '', secret));
  assert.match(received?.body ?? '', /"reference_id":null/);
  const camel = await start(t, { inflection: 'camel' });
  camel.open();
  await camel.simulator.settled();
  assert.match(camel.receiver.received[0]?.body ?? '', /"createdAt":"2026/);
});

test('events are lost, doubled and reordered on command, and told again', async t => {
  const { clock, simulator, names, open } = await start(t);
  simulator.failDelivery({ kind: 'lost', action: 'inquiry.created' });
  simulator.failDelivery({ kind: 'duplicated', action: 'inquiry.started' });
  simulator.failDelivery({ kind: 'reordered', action: 'inquiry.completed' });
  const id = open();
  simulator.finish(id, 'approved');
  clock.advance(500);
  await simulator.settled();
  simulator.announce(id);
  simulator.announce(id, 'inquiry.of-tomorrow');
  await simulator.settled();
  assert.deepEqual(names(), [
    'inquiry.started',
    'inquiry.started',
    'inquiry.approved',
    'inquiry.completed',
    'inquiry.approved',
    'inquiry.of-tomorrow',
  ]);
});
