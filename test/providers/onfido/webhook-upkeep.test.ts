import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProviderError } from '../../../src/providers/provider.js';
import { checkId, id, type Json } from './fixtures.js';
import { routes, signal, startApi } from './loopback.js';

const name = 'gatehouse:box1:1';
const url = 'https://kyc.example.net:7743/serverapi/apiv1/identity-check/onfidowh/1';
const token = 'AbC_123-xyz';
const events = ['check.completed', 'check.withdrawn', 'check.reopened', 'workflow_run.completed'];

function hook(number: number, changes: Json = {}): Json {
  return {
    id: id(number),
    name,
    url,
    token,
    enabled: true,
    events,
    environments: ['live'],
    payload_version: 3,
    ...changes,
  };
}

function account(webhooks: Json[]) {
  return routes({
    'GET /webhooks': () => ({ json: { webhooks } }),
    'POST /webhooks': call => {
      webhooks.push(hook(60, { ...(call.body as Json), id: id(60) }));
      return { status: 201, json: webhooks.at(-1) };
    },
    ...Object.fromEntries(
      webhooks.flatMap(each => [
        [`PUT /webhooks/${each.id}`, (call: { body: unknown }) => ({ json: Object.assign(each, call.body) })],
        [
          `DELETE /webhooks/${each.id}`,
          () => {
            webhooks.splice(webhooks.indexOf(each), 1);
            return { status: 204 };
          },
        ],
      ]),
    ),
  });
}

test('a right webhook is left alone and its token told', async t => {
  const api = await startApi(t, account([hook(61, { events: [...events].reverse() })]));
  const kept = await api.onfido().keepWebhook(name, url, signal);
  assert.deepEqual(kept, { token, id: id(61), changed: false });
  assert.deepEqual(api.seen(), ['GET /webhooks']);
});

test('a missing webhook is created after a look, with our events and payload version', async t => {
  const api = await startApi(t, account([]));
  const kept = await api.onfido().keepWebhook(name, url, signal);
  assert.deepEqual(kept, { token, id: id(60), changed: true });
  assert.deepEqual(api.seen(), ['GET /webhooks', 'POST /webhooks']);
  assert.deepEqual(api.calls[1]?.body, { name, url, enabled: true, events, payload_version: 3 });
});

test('a creation without an answer is found the next time and not repeated', async t => {
  const webhooks: Json[] = [];
  const api = await startApi(t, call => {
    if (call.method === 'GET') return { json: { webhooks } };
    webhooks.push(hook(60));
    return 'cut';
  });
  await assert.rejects(api.onfido().keepWebhook(name, url, signal), (error: ProviderError) => {
    return error.kind === 'later' && error.options.mayHaveActed === true;
  });
  assert.equal((await api.onfido().keepWebhook(name, url, signal)).id, id(60));
  assert.equal(api.seen().filter(call => call === 'POST /webhooks').length, 1);
});

const wrongs: [string, Json, Json][] = [
  ['url', { url: 'https://old.example.net/' }, { url }],
  ['enabled', { enabled: false }, { enabled: true }],
  ['events that lack one', { events: events.slice(1) }, { events }],
  ['events with one more', { events: [...events, 'report.completed'] }, { events }],
  ['no events', { events: null }, { events }],
  ['payload version', { payload_version: 2 }, { payload_version: 3 }],
  ['environments without ours', { environments: ['sandbox'] }, { environments: ['sandbox', 'live'] }],
];

for (const [what, wrong, correction] of wrongs) {
  test(`what is wrong is corrected and nothing else: ${what}`, async t => {
    const api = await startApi(t, account([hook(61, wrong)]));
    const kept = await api.onfido().keepWebhook(name, url, signal);
    assert.deepEqual(kept, { token, id: id(61), changed: true });
    assert.deepEqual(api.seen(), ['GET /webhooks', `PUT /webhooks/${id(61)}`]);
    assert.deepEqual(api.calls[1]?.body, correction);
    assert.equal((await api.onfido().keepWebhook(name, url, signal)).changed, false);
  });
}

test('environments are left to the account where ours is among them or cannot be told', async t => {
  for (const [apiToken, environments] of [
    ['api_live.x', ['sandbox', 'live']],
    ['api_live.x', null],
    ['api_sandbox.x', ['sandbox']],
    ['something', ['sandbox']],
  ] as const) {
    const api = await startApi(t, account([hook(61, { environments })]));
    assert.equal((await api.onfido({ apiToken }).keepWebhook(name, url, signal)).changed, false);
  }
});

test('webhooks of others are never touched, on the same URL neither', async t => {
  const others = [
    hook(62, { name: null }),
    hook(63, { name: 'gatehouse:box2:1', enabled: false }),
    hook(64, { name: 'gatehouse:box1:10' }),
    hook(65, { name: 'Gatehouse:box1:1' }),
  ];
  const webhooks = [...others];
  const api = await startApi(t, account(webhooks));
  await api.onfido().keepWebhook(name, url, signal);
  assert.deepEqual(api.seen(), ['GET /webhooks', 'POST /webhooks']);
  assert.deepEqual(webhooks.slice(0, 4), others);
});

test('of duplicates of our name the one on the right URL stays', async t => {
  const webhooks = [
    hook(66, { url: 'https://old.example.net/' }),
    hook(67),
    hook(68, { name: 'somebody else' }),
  ];
  const api = await startApi(t, account(webhooks));
  assert.deepEqual(await api.onfido().keepWebhook(name, url, signal), { token, id: id(67), changed: true });
  assert.deepEqual(api.seen(), ['GET /webhooks', `DELETE /webhooks/${id(66)}`]);
  assert.deepEqual(
    webhooks.map(each => each.id),
    [id(67), id(68)],
  );
});

test('a name that is not ours is refused before anything is sent', async t => {
  const api = await startApi(t, account([]));
  await assert.rejects(api.onfido().keepWebhook('somebody else', url, signal), { kind: 'refused' });
  assert.equal(api.calls.length, 0);
});

test('a token that the list does not tell is read by itself, and none at all is for later', async t => {
  const bare = hook(61, { token: null });
  const path = `GET /webhooks/${id(61)}`;
  const api = await startApi(
    t,
    routes({ 'GET /webhooks': { json: { webhooks: [bare] } }, [path]: { json: hook(61) } }),
  );
  assert.equal((await api.onfido().keepWebhook(name, url, signal)).token, token);
  const mute = await startApi(
    t,
    routes({ 'GET /webhooks': { json: { webhooks: [bare] } }, [path]: { json: bare } }),
  );
  await assert.rejects(mute.onfido().keepWebhook(name, url, signal), { kind: 'later' });
});

test('resending names completed checks, and is nothing for none and for workflows', async t => {
  const api = await startApi(t, routes({ 'POST /webhooks/resend': { status: 204 } }));
  await api.onfido().resend([checkId], signal);
  assert.deepEqual(api.calls[0]?.body, { data: [{ resource_id: checkId, event: 'check.completed' }] });
  await api.onfido().resend([], signal);
  await api.onfido({ mode: 'studio', workflowId: id(30) }).resend([checkId], signal);
  assert.equal(api.calls.length, 1);
  await assert.rejects(api.onfido().resend(['../x'], signal), { kind: 'refused' });
  assert.equal(api.calls.length, 1);
});
