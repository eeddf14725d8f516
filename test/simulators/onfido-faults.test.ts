import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type OnfidoSimulator, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { TestClock } from '../support/clock.js';

let clock: TestClock;
let sim: OnfidoSimulator;
beforeEach(async () => {
  clock = new TestClock();
  sim = await startOnfidoSimulator({ clock });
});
afterEach(() => sim.close());

const headers = { authorization: 'Token token=api_live.x', 'content-type': 'application/json' };

function create(): Promise<Response> {
  const body = JSON.stringify({ first_name: 'Ada', last_name: 'Quill' });
  return fetch(`${sim.url}/applicants`, { method: 'POST', headers, body });
}

function control(path: string, body: unknown): Promise<Response> {
  const json = { 'content-type': 'application/json' };
  return fetch(`${sim.origin}/_control/${path}`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(body),
  });
}

test('a status is answered as often as ordered, in the vendor’s words, and nothing is done', async () => {
  sim.fail({ kind: 'status', status: 429, retryAfter: 7, method: 'POST', path: '/applicants', times: 2 });
  sim.fail({ kind: 'status', status: 500, path: '/applicants/*' });
  const first = await create();
  assert.equal(first.status, 429);
  assert.equal(first.headers.get('retry-after'), '7');
  assert.deepEqual(await first.json(), { error: { type: 'rate_limit', message: 'Rate limit exceeded' } });
  assert.equal((await create()).status, 429);
  assert.equal((await create()).status, 201);
  assert.equal((await fetch(`${sim.url}/applicants/x`, { headers })).status, 500);
  assert.equal(sim.state().applicants?.length, 1);
  assert.deepEqual(
    sim.calls.map(call => call.status),
    [429, 429, 201, 500],
  );
});

test('a connection cut before acting leaves nothing; one cut after acting leaves the object', async () => {
  sim.fail({ kind: 'cut', method: 'POST', path: '/applicants' });
  await assert.rejects(create());
  assert.equal(sim.state().applicants?.length, 0);
  sim.fail({ kind: 'cut-after', method: 'POST', path: '/applicants' });
  await assert.rejects(create());
  assert.equal(sim.state().applicants?.length, 1);
  assert.deepEqual(
    sim.calls.map(({ status, lost }) => [status, lost]),
    [
      [null, false],
      [201, true],
    ],
  );
  assert.equal(sim.count('POST', '/applicants'), 2);
});

test('a slow answer comes when the clock says so, and passes as many calls before as ordered', async () => {
  sim.fail({ kind: 'slow', ms: 5000, skip: 1 });
  assert.equal((await create()).status, 201);
  let answered = false;
  const slow = create().then(response => {
    answered = true;
    return response.status;
  });
  for (let waited = 0; sim.calls.length < 2; waited += 5) {
    assert.ok(waited < 5000, 'the slow call never arrived');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  assert.equal(answered, false);
  clock.advance(5000);
  assert.equal(await slow, 201);
});

test('another program can drive it over HTTP', async () => {
  const { id } = (await (await create()).json()) as { id: string };
  const uploaded = (await (await control('upload', { id, back: true, selfie: 'video' })).json()) as {
    done: { documentIds: string[]; selfieId: string };
  };
  assert.equal(uploaded.done.documentIds.length, 2);
  assert.ok(uploaded.done.selfieId);
  assert.equal((await control('decide', { id, outcome: 'caution' })).status, 200);
  const wrong = await control('decide', { id, outcome: 'nonsense' });
  assert.equal(wrong.status, 400);
  assert.match(await wrong.text(), /known are clear/);
  assert.equal((await control('faults', { kind: 'status', status: 503, times: 1 })).status, 200);
  assert.equal((await control('faults', { kind: 'explode' })).status, 400);
  assert.equal((await create()).status, 503);
  await control('faults', { kind: 'status', status: 503 });
  await control('clear-faults', {});
  assert.equal((await create()).status, 201);
  const calls = (await (await fetch(`${sim.origin}/_control/calls`)).json()) as { status: number }[];
  assert.deepEqual(
    calls.map(call => call.status),
    [201, 503, 201],
  );
  const state = (await (await fetch(`${sim.origin}/_control/state`)).json()) as { applicants: unknown[] };
  assert.equal(state.applicants.length, 2);
});
