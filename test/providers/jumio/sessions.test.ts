import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProviderError } from '../../../src/providers/provider.js';
import { openBench, request, signal } from './bench.js';
import { applicantRef, checkId, settings, userReference } from './fixtures.js';

const minute = 60_000;

function workflowOf(checkRef = ''): string {
  return checkRef.split('/')[1] ?? '';
}

test('a session is an account with a run and the link into it; nothing personal goes along', async t => {
  const { jumio, sim, sent, clock } = await openBench(t);
  const session = await jumio.openSession(request, signal);
  const [workflow] = sim.state().workflows;
  assert.ok(workflow);
  assert.equal(session.kind, 'redirect');
  assert.equal(session.workflowRunId, `${workflow.accountId}/${workflow.id}`);
  assert.equal(session.expiresAt, clock.now() + 30 * minute);
  assert.match(session.url ?? '', /\/web\/v4\/app\?authorizationToken=/);
  assert.deepEqual(JSON.parse(String(sent.at(-1)?.body)), {
    customerInternalReference: applicantRef,
    userReference,
    workflowDefinition: { key: 10011 },
    tokenLifetime: '30m',
    callbackUrl: 'https://kyc.example.net/jumio/callback',
    web: {
      successUrl: 'https://kyc.example.net/v/AbCdEf',
      errorUrl: 'https://kyc.example.net/v/AbCdEf',
      locale: 'cs',
    },
  });
});

test('address, country and consent go along where they are known', async t => {
  const { jumio, sim, clock } = await openBench(t);
  const consentAt = Date.parse('2026-03-04T09:58:00Z');
  await jumio.openSession({ ...request, ipAddress: '203.0.113.9', country: 'US', consentAt }, signal);
  clock.advance(1_000);
  await jumio.openSession({ ...request, checkId: 'chk_2-1', country: 'CZ' }, signal);
  assert.deepEqual(
    sim.state().workflows.map(({ userConsent }) => userConsent),
    [
      {
        userIp: '203.0.113.9',
        userLocation: { country: 'USA' },
        consent: { obtained: 'yes', obtainedAt: '2026-03-04T09:58:00.000Z' },
      },
      { userLocation: { country: 'CZE' } },
    ],
  );
});

test('Jumio’s refusal of a customer in the USA without consent is a refusal', async t => {
  const { jumio, sim } = await openBench(t);
  await assert.rejects(jumio.openSession({ ...request, country: 'US' }, signal), { kind: 'refused' });
  assert.equal(sim.state().accounts.length, 0);
});

test('with no base that Jumio takes it is told none', async t => {
  const { rebuild, sim } = await openBench(t);
  const { publicUrl: _none, ...base } = settings;
  await rebuild({}, base).openSession(request, signal);
  const [workflow] = sim.state().workflows;
  assert.deepEqual(
    [workflow?.callbackUrl, workflow?.successUrl, workflow?.errorUrl, workflow?.locale],
    [null, null, null, 'cs'],
  );
});

test('behind a port the customer comes back to the base that Jumio takes', async t => {
  const { rebuild, sim } = await openBench(t);
  const jumio = rebuild({ publicUrl: 'https://id.example.net' });
  const returnUrl = 'https://kyc.example.net:8443/v/AbCdEf?lang=cs';
  await jumio.openSession({ ...request, returnUrl }, signal);
  const [workflow] = sim.state().workflows;
  assert.equal(workflow?.successUrl, 'https://id.example.net/v/AbCdEf');
  assert.equal(workflow?.callbackUrl, 'https://id.example.net/jumio/callback');
});

test('a link that lives is given again; no second run is made', async t => {
  const { jumio, clock, seen } = await openBench(t);
  const first = await jumio.openSession(request, signal);
  seen();
  clock.advance(19 * minute);
  const again = await jumio.openSession({ ...request, checkRef: first.workflowRunId ?? '' }, signal);
  assert.deepEqual(again, first);
  assert.deepEqual(seen(), ['GET /accounts/{id}/workflow-executions/{id}/status']);
});

test('a link that is nearly over, dead or forgotten is made anew in the same account', async t => {
  const { jumio, rebuild, sim, clock, seen } = await openBench(t);
  const first = await jumio.openSession(request, signal);
  const next = async (provider = jumio, checkRef = '') => {
    clock.advance(1_000);
    seen();
    const session = await provider.openSession({ ...request, checkRef }, signal);
    assert.equal(seen().at(-1), 'PUT /accounts/{id}');
    return session.workflowRunId ?? '';
  };
  clock.advance(21 * minute);
  const second = await next(jumio, first.workflowRunId);
  clock.advance(31 * minute);
  assert.equal(sim.state().workflows[1]?.status, 'TOKEN_EXPIRED');
  const third = await next(jumio, second);
  const fourth = await next(rebuild(), third);
  assert.equal(sim.state().accounts.length, 1);
  assert.equal(new Set([first.workflowRunId, second, third, fourth]).size, 4);
  assert.equal(new Set(sim.state().workflows.map(each => each.userReference)).size, 1);
});

test('a run deleted at Jumio is followed by a new account', async t => {
  const { jumio, sim, clock } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  await jumio.deleteApplicant(applicantRef, signal, [workflowRunId]);
  assert.equal(sim.state().accounts.length, 0);
  await jumio.deleteApplicant(applicantRef, signal, [workflowRunId, workflowRunId]);
  clock.advance(1_000);
  await jumio.openSession({ ...request, checkRef: workflowRunId }, signal);
  assert.equal(sim.state().accounts.length, 1);
});

test('who took all pictures is not sent there again', async t => {
  const { jumio, sim, clock } = await openBench(t);
  const { workflowRunId = '' } = await jumio.openSession(request, signal);
  sim.capture(workflowOf(workflowRunId));
  for (const wait of [0, 1_000]) {
    clock.advance(wait);
    const session = await jumio.openSession({ ...request, checkRef: workflowRunId }, signal);
    assert.equal(session.kind, 'finished');
  }
  assert.equal(sim.state().workflows.length, 1);
});

test('one initiation a second leaves; who would wait too long is told to come back', async t => {
  const { jumio, sim, clock } = await openBench(t, { initiationsPerSecond: 1 });
  await jumio.openSession(request, signal);
  const refused: ProviderError[] = [];
  const asked = Array.from({ length: 12 }, (_none, index) =>
    jumio.openSession({ ...request, checkId: `chk_${index}-1` }, signal).catch(error => {
      assert.ok(error instanceof ProviderError);
      refused.push(error);
    }),
  );
  for (let second = 1; second <= 8; second++) {
    clock.advance(1_000);
    while (sim.count('POST', '/accounts') <= second) await new Promise(resolve => setTimeout(resolve, 2));
  }
  await Promise.all(asked);
  assert.ok(sim.calls.every(({ status }) => status !== 429));
  assert.equal(sim.state().accounts.length, 9);
  assert.deepEqual(
    [...new Set(refused.map(error => `${error.kind} ${error.options.mayHaveActed}`))],
    ['later false'],
  );
  assert.ok(refused.every(error => (error.options.retryAfterMs ?? 0) > 8_000));
});

test('who waits for a turn may go away', async t => {
  const { jumio, sim, clock } = await openBench(t);
  await jumio.openSession(request, signal);
  const leaving = new AbortController();
  const left = jumio.openSession({ ...request, checkId: 'chk_2-1' }, leaving.signal);
  leaving.abort();
  await assert.rejects(left, { kind: 'later' });
  clock.advance(10_000);
  assert.equal(sim.state().accounts.length, 1);
});

const lost: [string, Parameters<Awaited<ReturnType<typeof openBench>>['sim']['fail']>[0]][] = [
  ['whose answer is lost', { kind: 'cut-after', path: '/accounts' }],
  ['answered 502', { kind: 'status', status: 502, path: '/accounts' }],
];
for (const [what, fault] of lost)
  test(`an initiation ${what} is repeated by nobody but the customer`, async t => {
    const { jumio, sim, clock } = await openBench(t);
    sim.fail(fault);
    await assert.rejects(jumio.openSession(request, signal), error => {
      assert.ok(error instanceof ProviderError);
      assert.deepEqual([error.kind, error.options.mayHaveActed], ['refused', true]);
      return true;
    });
    assert.equal(sim.count('POST', '/accounts'), 1);
    clock.advance(1_000);
    assert.equal((await jumio.openSession(request, signal)).kind, 'redirect');
  });

test('an initiation refused with 429 was none, and its wait is told', async t => {
  const { jumio, sim } = await openBench(t);
  sim.fail({ kind: 'status', status: 429, retryAfter: 7, path: '/accounts' });
  await assert.rejects(jumio.openSession(request, signal), error => {
    assert.ok(error instanceof ProviderError);
    const { retryAfterMs, mayHaveActed } = error.options;
    assert.deepEqual([error.kind, retryAfterMs, mayHaveActed], ['later', 7_000, false]);
    return true;
  });
});

test('without a link there is an error that says what to do', async t => {
  const { jumio } = await openBench(t, { domainPrefix: false });
  await assert.rejects(jumio.openSession(request, signal), /domain prefix/);
});

test('a lost run is known again by its reference once Jumio agrees', async t => {
  const { jumio, sim, clock } = await openBench(t);
  sim.fail({ kind: 'cut-after', path: '/accounts' });
  await assert.rejects(jumio.openSession(request, signal));
  const [workflow] = sim.state().workflows;
  assert.ok(workflow);
  sim.capture(workflow.id);
  clock.advance(500);
  const snapshot = await jumio.fetch(`${workflow.accountId}/${workflow.id}`, true, signal);
  assert.deepEqual([snapshot.applicantRef, jumio.owner(snapshot)], [applicantRef, checkId]);
});
