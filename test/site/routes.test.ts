import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify, { type InjectOptions, type LightMyRequestResponse } from 'fastify';
import { captureHeaders, plainHeaders } from '../../src/site/page-headers.js';
import { registerSite } from '../../src/site/routes.js';
import { aView, fakeJourney, knownLink } from './fake-journey.js';
import { siteApp, siteUrl } from './site-app.js';

const link = `/v/${knownLink}`;
const unknown = '/v/some_other_link_0123456789abcdef';

function form(
  url: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): InjectOptions {
  return {
    method: 'POST',
    url,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  };
}

function without(answer: LightMyRequestResponse): unknown {
  const { date: _date, ...headers } = answer.headers;
  return { status: answer.statusCode, headers, body: answer.body };
}

test('the start records the opening and leads to the capture', async () => {
  const { app, journey } = await siteApp();
  const answer = await app.inject({ ...form(`${link}/start?lang=fr`), remoteAddress: '203.0.113.9' });
  assert.equal(answer.statusCode, 303);
  assert.equal(answer.headers.location, `${link}/capture?lang=fr`);
  assert.deepEqual(journey.starts, [{ consent: false, ipAddress: '203.0.113.9', language: 'fr' }]);
  assert.deepEqual(journey.calls, ['start'], 'no token is made before the page asks for it');
  await app.close();
});

test('without the consent that is due nothing starts, and the page says why', async () => {
  const { app, journey } = await siteApp({ consentNeeded: true });
  for (const fields of [{}, { consent: '' }, { consent: 'on' }]) {
    const answer = await app.inject(form(`${link}/start`, fields));
    assert.equal(answer.statusCode, 422);
    assert.match(answer.body, /aria-invalid="true" aria-describedby="consent-missing"/);
  }
  const twice = await app.inject({ ...form(`${link}/start`), payload: 'consent=yes&consent=yes' });
  assert.equal(twice.statusCode, 422);
  assert.deepEqual(journey.calls, []);
  const given = await app.inject(form(`${link}/start`, { consent: 'yes' }));
  assert.equal(given.statusCode, 303);
  assert.equal(journey.starts[0]?.consent, true);
  await app.close();
});

test('a start that fails shows what to do: wait, consent, or the link’s own page', async () => {
  const { app, journey } = await siteApp();
  journey.startProblem = 'busy';
  const busy = await app.inject(form(`${link}/start`));
  assert.equal(busy.statusCode, 503);
  assert.equal(busy.headers['retry-after'], '5');
  assert.match(busy.body, /does not answer right now/);
  journey.startProblem = 'consent';
  assert.equal((await app.inject(form(`${link}/start`))).statusCode, 422);
  for (const problem of ['over', 'finished', 'not_started'] as const) {
    journey.startProblem = problem;
    const answer = await app.inject(form(`${link}/start`));
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, `${link}?lang=en`]);
  }
  await app.close();
});

test('whoever is past the start is not started again', async () => {
  for (const state of ['submitted', 'in_review', 'done', 'expired', 'failed'] as const) {
    const { app, journey } = await siteApp({ state });
    const answer = await app.inject(form(`${link}/start`, { consent: 'yes' }));
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, `${link}?lang=en`], state);
    assert.deepEqual(journey.calls, []);
    await app.close();
  }
});

test('where the vendor has its own page the start leads there, but never to one without encryption', async () => {
  const capture = {
    kind: 'redirect',
    workflow: true,
    sources: { 'form-action': ['https://*.vendor.example'] },
  } as const;
  const { app, journey } = await siteApp({ capture });
  journey.sessions = [{ kind: 'redirect', url: 'https://a.vendor.example/web?t=1' }];
  const answer = await app.inject(form(`${link}/start?lang=es`));
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, 'https://a.vendor.example/web?t=1']);
  assert.deepEqual(journey.calls, ['start', 'session es']);
  assert.match(
    String((await app.inject(link)).headers['content-security-policy']),
    /form-action 'self' https:\/\/\*\.vendor/,
  );
  for (const url of ['http://vendor.example/', 'javascript:alert(1)', 'nonsense']) {
    journey.sessions = [{ kind: 'redirect', url }];
    const refused = await app.inject(form(`${link}/start`));
    assert.deepEqual([refused.statusCode, refused.headers.location], [500, undefined], url);
  }
  journey.sessions = [{ kind: 'problem', problem: 'busy' }];
  assert.equal((await app.inject(form(`${link}/start`))).statusCode, 503);
  assert.equal(
    (await app.inject(`${link}/capture`)).statusCode,
    303,
    'there is nothing to capture in our page',
  );
  await app.close();
});

test('the capture page exists only while a capture may happen', async () => {
  const { app, journey } = await siteApp();
  for (const view of [
    aView(),
    aView({ state: 'done' }),
    aView({ state: 'capturing', consentNeeded: true }),
  ]) {
    journey.current = view;
    const answer = await app.inject(`${link}/capture?lang=cs`);
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, `${link}?lang=cs`]);
  }
  journey.current = aView({ state: 'capturing' });
  const page = await app.inject(`${link}/capture?lang=cs`);
  assert.equal(page.statusCode, 200);
  for (const [name, value] of Object.entries(captureHeaders(journey.current.capture)))
    assert.equal(page.headers[name], value);
  assert.match(page.body, new RegExp(`data-base="${link}" data-lang="cs" data-capture-language="cs"`));
  assert.match(page.body, /<noscript><p class="banner">/);
  assert.deepEqual(journey.calls, []);
  await app.close();
});

test('a session is handed out with the capture’s language and never kept by a cache', async () => {
  const { app, journey } = await siteApp({ state: 'capturing' });
  journey.sessions = [{ kind: 'embedded', token: 'a.b.c', workflowRunId: 'run-1' }];
  const answer = await app.inject({ method: 'POST', url: `${link}/session?lang=en_GB` });
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json(), {
    kind: 'embedded',
    token: 'a.b.c',
    workflowRunId: 'run-1',
    language: 'en_US',
  });
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal((await app.inject(`${link}/session`)).statusCode, 404, 'never by GET');
  assert.deepEqual(journey.calls, ['session en']);
  await app.close();
});

test('a session is refused with a code the script understands, without asking where the answer is known', async () => {
  const refusals = [
    [{ state: 'ready' }, 409, 'not_started'],
    [{ state: 'capturing', consentNeeded: true }, 409, 'consent'],
    [{ state: 'submitted' }, 409, 'finished'],
    [{ state: 'done' }, 409, 'finished'],
    [{ state: 'expired' }, 410, 'over'],
    [{ state: 'failed' }, 410, 'over'],
  ] as const;
  const { app, journey } = await siteApp();
  for (const [view, status, code] of refusals) {
    journey.current = aView(view);
    const answer = await app.inject({ method: 'POST', url: `${link}/session` });
    assert.deepEqual([answer.statusCode, answer.json().error.code], [status, code]);
  }
  assert.deepEqual(journey.calls, []);
  journey.current = aView({ state: 'capturing' });
  journey.sessions = [{ kind: 'problem', problem: 'busy' }];
  const busy = await app.inject({ method: 'POST', url: `${link}/session` });
  assert.deepEqual(
    [busy.statusCode, busy.json().error.code, busy.headers['retry-after']],
    [503, 'busy', '5'],
  );
  await app.close();
});

test('the end of a capture is passed on, also late; the script gets nothing back, the form a page', async () => {
  const { app, journey } = await siteApp({ state: 'capturing' });
  const byForm = await app.inject(form(`${link}/submit?lang=de`));
  assert.deepEqual([byForm.statusCode, byForm.headers.location], [303, `${link}?lang=de`]);
  const byScript = await app.inject({ method: 'POST', url: `${link}/submit` });
  assert.deepEqual([byScript.statusCode, byScript.body], [204, '']);
  assert.deepEqual(journey.calls, ['submit', 'submit']);
  await app.close();
});

test('problems are noted in fixed words only', async () => {
  const { app, journey } = await siteApp({ state: 'capturing' });
  for (const type of ['no_camera', '<script>', '', 'Jane Doe +420601234567'])
    assert.equal((await app.inject(form(`${link}/problem`, { type }))).statusCode, 204);
  assert.deepEqual(journey.calls, ['problem no_camera', 'problem other', 'problem other', 'problem other']);
  await app.close();
});

test('the status is told to scripts without the result behind it', async () => {
  const { app, journey } = await siteApp({ state: 'submitted' });
  const open = await app.inject(`${link}/status.json`);
  assert.deepEqual(open.json(), { page: 'submitted', final: false });
  assert.equal(open.headers['cache-control'], 'no-store');
  journey.current = aView({ state: 'done', ending: 'rejected', result: 'SUSPECTED_POLICE_RECORD' });
  assert.deepEqual((await app.inject(`${link}/status.json`)).json(), { page: 'rejected', final: true });
  await app.close();
});

test('an unknown link is the same page at every address and tells nothing', async () => {
  const { app, journey } = await siteApp();
  const asked: InjectOptions[] = [
    { url: unknown },
    { url: `${unknown}/capture` },
    { url: `${unknown}/help/camera` },
    { url: `${unknown}/start` },
    { url: `${unknown}/no/such/thing` },
    { url: `${link}/no-such-thing` },
    { url: '/v/%3Cscript%3E' },
    { url: `/v/${'x'.repeat(90)}` },
    form(`${unknown}/start`, { consent: 'yes' }),
    form(`${unknown}/submit`),
    { method: 'PUT', url: link },
    { method: 'DELETE', url: link },
    { method: 'POST', url: link },
    { method: 'POST', url: `${link}/capture` },
  ];
  const answers = await Promise.all(asked.map(async request => without(await app.inject(request))));
  for (const [index, answer] of answers.entries())
    assert.deepEqual(answer, answers[0], JSON.stringify(asked[index]));
  const page = await app.inject(unknown);
  assert.equal(page.statusCode, 404);
  assert.doesNotMatch(page.body, /Coin Corner|some_other_link/);
  assert.match(page.body, /<html lang="en">/);
  for (const [name, value] of Object.entries(plainHeaders())) assert.equal(page.headers[name], value);
  assert.deepEqual(journey.calls, []);
  await app.close();
});

test('scripts learn of an unknown link in their own format', async () => {
  const { app } = await siteApp();
  for (const request of [
    { method: 'POST', url: `${unknown}/session` },
    { method: 'GET', url: `${unknown}/status.json` },
  ] as const) {
    const answer = await app.inject(request);
    assert.deepEqual([answer.statusCode, answer.json().error.code], [404, 'unknown_link']);
  }
  await app.close();
});

test('other sites cannot post here, for known and unknown links alike', async () => {
  const { app, journey } = await siteApp({ state: 'capturing' });
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: siteUrl },
  ];
  for (const headers of foreign)
    for (const url of [`${link}/start`, `${link}/submit`, `${unknown}/start`]) {
      const answer = await app.inject(form(url, {}, headers));
      assert.equal(answer.statusCode, 403, JSON.stringify(headers));
      assert.doesNotMatch(answer.body, /Coin Corner/);
    }
  const script = await app.inject({
    method: 'POST',
    url: `${link}/session`,
    headers: { origin: 'https://evil.example' },
  });
  assert.deepEqual([script.statusCode, script.json().error.code], [403, 'foreign_request']);
  assert.deepEqual(journey.calls, []);
  for (const headers of [
    { origin: siteUrl },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ])
    assert.equal((await app.inject(form(`${link}/start`, {}, headers))).statusCode, 303);
  await app.close();
});

test('what is no form, or far too large, is refused without being looked at', async () => {
  const { app, journey } = await siteApp({ state: 'capturing' });
  const json = await app.inject({ method: 'POST', url: `${link}/start`, payload: { consent: 'yes' } });
  assert.equal(json.statusCode, 415);
  const large = await app.inject(form(`${link}/start`, { consent: 'x'.repeat(5000) }));
  assert.equal(large.statusCode, 413);
  assert.match(large.body, /<h1>/);
  assert.deepEqual(journey.calls, []);
  await app.close();
});

test('one link is limited on all its addresses together, others are not, and the answer says when to come back', async () => {
  const { app, journey } = await siteApp({ state: 'submitted' }, { perMinute: 3 });
  await app.inject(link);
  await app.inject(`${link}/status.json`);
  await app.inject(form(`${link}/submit`));
  const page = await app.inject(`${link}?lang=cs`);
  assert.equal(page.statusCode, 429);
  assert.match(page.body, /<html lang="cs">[\s\S]*Počkejte minutu/);
  assert.ok(Number(page.headers['retry-after']) > 0);
  assert.equal(page.headers['x-ratelimit-limit'], undefined);
  assert.equal(page.headers['content-security-policy'], plainHeaders()['content-security-policy']);
  const script = await app.inject(`${link}/status.json`);
  assert.deepEqual([script.statusCode, script.json().error.code], [429, 'too_many']);
  assert.equal((await app.inject(unknown)).statusCode, 404);
  const css = /\/v\/assets\/site\.[0-9a-f]+\.css/.exec(page.body)![0];
  for (let count = 0; count < 6; count++) assert.equal((await app.inject(css)).statusCode, 200);
  assert.deepEqual(journey.calls, ['submit'], 'what came before the limit');
  await app.close();
});

test('a fault behind the site gives a page that says nothing about it', async () => {
  const journey = fakeJourney();
  const app = Fastify();
  const broken = {
    ...journey,
    view: () => {
      throw new Error('SQLITE_CORRUPT at /var/lib/secret');
    },
  };
  await app.register(registerSite, { journey: broken, siteUrl, perMinute: 10 });
  const page = await app.inject(link);
  assert.equal(page.statusCode, 500);
  assert.doesNotMatch(page.body, /SQLITE|secret/);
  const script = await app.inject(`${link}/status.json`);
  assert.deepEqual(script.json(), { error: { code: 'trouble', message: 'something went wrong' } });
  await app.close();
});

test('files of ours are kept for good under addresses that change with them; nothing else is served', async () => {
  const { app } = await siteApp({ state: 'capturing' });
  const { body } = await app.inject(`${link}/capture`);
  const urls = [...body.matchAll(/"(\/v\/assets\/[^"]+)"/g)].map(([, url]) => url!);
  assert.equal(urls.length, 3);
  for (const url of urls) {
    const answer = await app.inject(url);
    assert.equal(answer.statusCode, 200, url);
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    const again = await app.inject({ url, headers: { 'if-none-match': String(answer.headers.etag) } });
    assert.deepEqual([again.statusCode, again.body], [304, '']);
  }
  for (const file of ['site.css', '..%2froutes.js', 'constructor', '%2e%2e/routes.js'])
    assert.equal((await app.inject(`/v/assets/${file}`)).statusCode, 404, file);
  await app.close();
});

test('the site leaves the listener’s own answers and parsers alone', async () => {
  const app = Fastify();
  app.post('/echo', request => request.body);
  await app.register(registerSite, { journey: fakeJourney(), siteUrl, perMinute: 1 });
  for (let count = 0; count < 3; count++) {
    const echo = await app.inject({ method: 'POST', url: '/echo', payload: { a: 1 } });
    assert.deepEqual([echo.statusCode, echo.json()], [200, { a: 1 }]);
  }
  assert.match(String((await app.inject('/elsewhere')).headers['content-type']), /json/);
  await app.close();
});
