import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Answer } from '../support/call.js';
import { applicantOf } from '../support/customer.js';
import { appOrigin, signUp, startOryWorld } from '../support/ory.js';
import { endsOfFile, type World } from '../support/world.js';

const workflowId = 'c0ffee00-0000-4000-8000-0000000000aa';
const ends = endsOfFile();
let classic: World;
let studio: World;

before(async () => {
  classic = await startOryWorld(ends, { ory: { attemptsPerHour: 3 } });
  studio = await startOryWorld(ends, {
    organizations: [{ onfido: { mode: 'studio', workflowId, apiToken: { secret: 'ONFIDO_API_TOKEN' } } }],
  });
});

interface SessionAnswer {
  readonly status: string;
  readonly verification_url: string;
  readonly sdk_token?: string;
  readonly workflow_run_id?: string;
  readonly expires_at: string;
}

function codeOf(answer: Answer): string {
  return answer.json<{ error: { code: string } }>().error.code;
}

test('Studio: the run of the sign-up is read again for its token, which is kept nowhere', async () => {
  const person = signUp(studio);
  const begun = (await person.initiate()).json<{ workflow_run_id: string }>();
  const runs = studio.onfido.count('POST', '/workflow_runs');
  const answer = await person.session();
  assert.equal(answer.status, 200, answer.text);
  assert.match(String(answer.headers['cache-control']), /no-store/);
  const session = answer.json<SessionAnswer>();
  assert.equal(session.workflow_run_id, begun.workflow_run_id);
  assert.equal(session.status, 'pending');
  assert.ok(session.sdk_token);
  assert.ok(Date.parse(session.expires_at) > studio.clock.now());
  const again = (await person.session()).json<SessionAnswer>();
  assert.equal(again.workflow_run_id, begun.workflow_run_id);
  assert.equal(studio.onfido.count('POST', '/workflow_runs'), runs, 'no second run');
  for (const table of ['registrations', 'checks', 'jobs'])
    assert.ok(
      !JSON.stringify(studio.gateway.store.main.raw.prepare(`SELECT * FROM ${table}`).all()).includes(
        session.sdk_token ?? '',
      ),
    );
});

test('Studio: a run that the customer abandoned is followed by another', async () => {
  const person = signUp(studio);
  const first = (await person.initiate()).json<{ workflow_run_id: string; verification_url: string }>();
  studio.onfido.decide(first.workflow_run_id, 'studio-abandoned');
  studio.onfido.failDelivery({ kind: 'lost', action: 'workflow_run.completed', times: 3 });
  studio.onfido.complete(first.workflow_run_id);
  const answer = await person.session();
  assert.equal(answer.status, 200, answer.text);
  const second = answer.json<SessionAnswer>();
  assert.ok(second.workflow_run_id);
  assert.notEqual(second.workflow_run_id, first.workflow_run_id);
  assert.notEqual(second.verification_url, first.verification_url);
});

test('classic: the token is for the page of the origin that asks, and the check goes its way', async () => {
  const person = signUp(classic);
  const answer = await person.session();
  assert.equal(answer.status, 200, answer.text);
  const { sdk_token, workflow_run_id, verification_url } = answer.json<SessionAnswer>();
  assert.equal(workflow_run_id, undefined);
  const capture = async (referer: string) => {
    const headers = { authorization: `Bearer ${sdk_token}`, referer };
    return (await fetch(`${classic.onfido.origin}/_sdk/session`, { headers })).status;
  };
  assert.equal(await capture(`${appOrigin}/`), 200);
  assert.equal(await capture('https://kyc.example.net/'), 401);
  assert.ok(verification_url);
  classic.onfido.upload(applicantOf(sdk_token ?? ''));
  await classic.pass(12 * 60_000);
  assert.equal(person.mirrored()?.status, 'approved', 'uploads are found although no page said so');
  const after = await person.session();
  assert.deepEqual([after.status, codeOf(after)], [409, 'already_decided']);
});

test('a foreign origin gets nothing, not even an answer it could read', async () => {
  const person = signUp(studio);
  const calls = studio.kratos.count('GET', '/sessions/whoami');
  for (const origin of [
    'https://evil.example',
    'null',
    'https://app.example.net.evil.example',
    'https://app.example.net:8443',
    'http://app.example.net',
    'https://APP.example.net',
    'https://kyc.example.net',
  ]) {
    const answer = await person.session({ origin });
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'origin_not_allowed'], origin);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    const asked = await studio.call('OPTIONS', '/onfido/session', { headers: { origin } });
    assert.equal(asked.status, 403);
  }
  assert.equal(studio.kratos.count('GET', '/sessions/whoami'), calls, 'Kratos was not even asked');
});

test('a listed origin may read the answer, and ask before', async () => {
  const person = signUp(studio);
  for (const answer of [
    await person.session(),
    await studio.call('OPTIONS', '/onfido/session', { headers: { origin: appOrigin } }),
    await studio.call('POST', '/onfido/session', { headers: { origin: appOrigin } }),
  ]) {
    assert.equal(answer.headers['access-control-allow-origin'], appOrigin);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.match(String(answer.headers.vary), /Origin/);
  }
});

test('an app without an origin comes with a token; a cookie alone is not enough', async () => {
  const person = signUp(studio);
  const { token } = studio.kratos.createSession(person.id);
  const send = (headers: Record<string, string>) => studio.call('POST', '/onfido/session', { headers });
  assert.equal((await send({ 'x-session-token': token })).status, 200);
  assert.equal((await send({ authorization: `Bearer ${token}` })).status, 200);
  const cookie = await send({ cookie: `ory_kratos_session=${token}` });
  assert.deepEqual([cookie.status, codeOf(cookie)], [403, 'origin_not_allowed']);
});

test('only POST is answered', async () => {
  for (const method of ['GET', 'PUT', 'DELETE'])
    assert.equal(
      (await studio.call(method, '/onfido/session', { headers: { origin: appOrigin } })).status,
      404,
    );
});

test('no session, a dead one and a second factor missing are told apart', async () => {
  const { id } = signUp(studio);
  const headers = (token: string) => ({ origin: appOrigin, 'x-session-token': token });
  const send = async (token: string) => studio.call('POST', '/onfido/session', { headers: headers(token) });
  assert.equal((await send('ory_st_invented')).status, 401);
  assert.equal((await send(studio.kratos.createSession(id, { active: false }).token)).status, 401);
  const half = await send(studio.kratos.createSession(id, { aal2Required: true }).token);
  assert.deepEqual([half.status, codeOf(half)], [403, 'session_aal2_required']);
  studio.kratos.fail({ kind: 'status', status: 500, path: '/sessions/whoami', times: 1 });
  assert.equal((await send(studio.kratos.createSession(id).token)).status, 503);
});

test('an identity asks ten times a minute, however many sessions it has', async () => {
  const person = signUp(studio);
  const statuses: number[] = [];
  for (let nth = 0; nth < 12; nth++) statuses.push((await person.session()).status);
  assert.deepEqual(statuses, [...Array<number>(10).fill(200), 429, 429]);
  studio.clock.advance(60_000);
  assert.equal((await person.session()).status, 200);
});

test('beyond the hourly cap the vendor hears of a customer only when the page is opened', async () => {
  classic.clock.advance(2 * 3_600_000);
  for (let nth = 0; nth < 3; nth++) assert.equal((await signUp(classic).initiate()).status, 200);
  await classic.settle();
  const made = classic.onfido.count('POST', '/applicants');
  const person = signUp(classic);
  const answer = await person.initiate();
  assert.deepEqual([answer.status, answer.json().status], [202, 'queued']);
  await classic.pass(10 * 60_000);
  assert.equal((await person.initiate()).status, 202);
  assert.equal(classic.onfido.count('POST', '/applicants'), made);
  assert.equal(person.mirrored()?.status, 'pending');
  await classic.customer(answer.json<SessionAnswer>().verification_url).goThrough();
  await classic.pass(2_000);
  assert.equal(person.mirrored()?.status, 'approved');
  assert.equal(classic.onfido.count('POST', '/applicants'), made + 1);
});

for (const [onDecline, state] of [
  ['none', 'active'],
  ['revokeSessions', 'active'],
  ['deactivate', 'inactive'],
] as const)
  test(`onDecline ${onDecline}: a final decline ${onDecline === 'none' ? 'waits for the next login' : 'acts at once'}`, async t => {
    const world = await startOryWorld({ after: close => t.after(close) }, { ory: { onDecline } });
    for (const [outcome, acts] of [
      ['rejected', false],
      ['suspected', onDecline !== 'none'],
    ] as const) {
      const person = signUp(world);
      const { token } = world.kratos.createSession(person.id);
      const begun = (await person.initiate()).json<{ applicant_id: string; verification_url: string }>();
      world.onfido.decide(begun.applicant_id, outcome);
      await world.customer(begun.verification_url).goThrough();
      await world.pass(2_000);
      assert.equal(person.mirrored()?.status, 'declined');
      assert.equal(world.kratos.identities.get(person.id)?.state, acts ? state : 'active');
      const alive = await fetch(`${world.kratos.publicUrl}/sessions/whoami`, {
        headers: { 'x-session-token': token },
      });
      assert.equal(alive.status, acts ? 401 : 200);
    }
  });
