import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { generate } from 'selfsigned';
import { Agent, request } from 'undici';
import { type OnfidoSimulator, startOnfidoSimulator } from '../../src/simulators/onfido/index.js';
import { withoutProgram } from '../support/skips.js';

const skip = withoutProgram('chromium');
const apiToken = 'api_live.sdk';

let sim: OnfidoSimulator;
let browser: Browser;
// the simulator's certificate is made for this run; nothing is proven by checking it
const lenient = new Agent({ connect: { rejectUnauthorized: false } });
let site: { origin: string; close(): Promise<void> };

async function loopbackCertificate() {
  const name = {
    extensions: [{ name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] }],
  };
  const pair = await generate([{ name: 'commonName', value: '127.0.0.1' }], name);
  return { key: pair.private, cert: pair.cert };
}

/** A site as strict as the real one: no inline style or script, and only the simulator's origin beside its own. */
async function startSite(pair: { key: string; cert: string }): Promise<typeof site> {
  const server = createServer(pair, (request, response) => {
    const policy = ['script-src', 'connect-src', 'img-src'].map(
      directive => `${directive} 'self' ${sim.origin}`,
    );
    response.setHeader('content-security-policy', [`default-src 'self'`, ...policy].join('; '));
    const strict = 'strict-origin-when-cross-origin';
    response.setHeader('referrer-policy', request.url === '/silent' ? 'no-referrer' : strict);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><html lang="en"><title>Site</title><main><div id="mount"></div></main><script src="${sim.sdkUrl}"></script></html>`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

before(async () => {
  if (skip) return;
  const pair = await loopbackCertificate();
  // over TLS, since browsers hide the Referer of an https page from plain http
  sim = await startOnfidoSimulator({ apiTokens: [apiToken], autoComplete: false, tls: pair });
  site = await startSite(pair);
  const quiet = [
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
  });
});
after(async () => {
  if (skip) return;
  await browser.close();
  await site.close();
  await sim.close();
  await lenient.close();
});

async function api(path: string, body: unknown): Promise<Record<string, string>> {
  const headers = { authorization: `Token token=${apiToken}`, 'content-type': 'application/json' };
  const response = await request(`${sim.url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    dispatcher: lenient,
  });
  return (await response.body.json()) as Record<string, string>;
}

async function applicantWithToken(referrer: string) {
  const location = { country_of_residence: 'GBR' };
  const { id = '' } = await api('/applicants', { first_name: 'Ada', last_name: 'Quill', location });
  const { token = '' } = await api('/sdk_token', { applicant_id: id, referrer });
  return { id, token };
}

/** Opens the page, calls `init`, and gives what the callbacks got. */
async function capture(options: Record<string, unknown>, path = '/') {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  page.setDefaultTimeout(15_000);
  const violations: string[] = [];
  page.on('console', message => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  await page.goto(`${site.origin}${path}`);
  await page.evaluate(given => {
    const scope = globalThis as unknown as Record<string, unknown>;
    const got: unknown[] = [];
    scope.got = got;
    const sdk = scope.Onfido as { init(options: unknown): unknown };
    scope.handle = sdk.init({
      containerId: 'mount',
      ...given,
      onComplete: (data: unknown) => got.push({ complete: data }),
      onError: (error: { type: string }) => got.push({ error: error.type }),
    });
  }, options);
  return { page, violations };
}

async function gotBy(page: Page): Promise<unknown[]> {
  await page.waitForFunction(() => (globalThis as unknown as { got: unknown[] }).got.length > 0);
  return page.evaluate(() => (globalThis as unknown as { got: unknown[] }).got);
}

test('finishing uploads a document and a selfie, sets the outcome and reports their ids', {
  skip,
}, async () => {
  const { id, token } = await applicantWithToken(`${site.origin}/*`);
  const { page, violations } = await capture({
    token,
    language: 'en_US',
    steps: ['welcome', 'document', 'face'],
  });
  await page.getByRole('heading', { name: 'Simulated capture' }).waitFor();
  await page.getByLabel('How the check ends').selectOption('suspected-police-record');
  await page.getByRole('button', { name: 'Finish' }).click();
  const [got] = (await gotBy(page)) as [
    { complete: { document: { sides: { front: { id: string } } }; face: { id: string } } },
  ];
  const media = sim.state().media as {
    kind: string;
    applicantId: string;
    wire: { id: string; file_size: number };
  }[];
  const mine = media.filter(each => each.applicantId === id);
  assert.deepEqual(
    mine.map(each => each.kind),
    ['documents', 'live_photos'],
  );
  assert.deepEqual(
    mine.map(each => each.wire.id),
    [got.complete.document.sides.front.id, got.complete.face.id],
  );
  assert.ok(mine.every(each => each.wire.file_size > 32 * 1024));
  const check = await api('/checks', {
    applicant_id: id,
    report_names: ['document', 'facial_similarity_photo'],
  });
  sim.complete(check.id ?? '');
  const checks = sim.state().checks as { wire: { id: string; result: string } }[];
  assert.equal(checks.find(each => each.wire.id === check.id)?.wire.result, 'consider');
  assert.deepEqual(violations, []);
  await page.evaluate(() =>
    (globalThis as unknown as { handle: { tearDown(): Promise<void> } }).handle.tearDown(),
  );
  assert.equal(await page.locator('#mount').innerHTML(), '');
  await page.close();
});

test('a workflow run goes on by itself after the capture', { skip }, async () => {
  const { id } = await applicantWithToken('*://*/*');
  const run = await api('/workflow_runs', {
    applicant_id: id,
    workflow_id: 'c0ffee00-0000-4000-8000-0000000000aa',
  });
  const { page } = await capture({ token: run.sdk_token, workflowRunId: run.id });
  await page.getByRole('button', { name: 'Finish' }).click();
  assert.deepEqual(await gotBy(page), [{ complete: {} }]);
  const runs = sim.state().runs as { wire: { id: string; status: string } }[];
  assert.equal(runs.find(each => each.wire.id === run.id)?.wire.status, 'processing');
  await page.close();
});

test('a refused camera and an expired token reach the page as errors', { skip }, async () => {
  const { token } = await applicantWithToken('*://*/*');
  const { page } = await capture({ token, steps: ['document'] });
  await page.getByRole('button', { name: 'Camera refused' }).click();
  await page.getByRole('button', { name: 'Expired token' }).click();
  assert.deepEqual(await gotBy(page), [{ error: 'permissions_unavailable' }, { error: 'expired_token' }]);
  await page.close();
});

test('a strange token, another page and a page that hides itself are refused', { skip }, async () => {
  const elsewhere = await applicantWithToken('https://kyc.example.net/*');
  const here = await applicantWithToken(`${site.origin}/*`);
  for (const [token, path] of [
    ['x.y.z', '/'],
    [elsewhere.token, '/'],
    [here.token, '/silent'],
  ] as const) {
    const { page } = await capture({ token, steps: ['document'] }, path);
    assert.deepEqual(await gotBy(page), [{ error: 'invalid_token' }], path);
    assert.equal(await page.locator('#mount').innerHTML(), '');
    await page.close();
  }
});

test('a plain http simulator works in an https page too', { skip }, async () => {
  const plain = await startOnfidoSimulator();
  const headers = { authorization: 'Token token=x', 'content-type': 'application/json' };
  const post = async (path: string, body: unknown) =>
    (await fetch(`${plain.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  const { id } = (await post('/applicants', { first_name: 'A', last_name: 'B' })) as { id: string };
  const { token } = (await post('/sdk_token', { applicant_id: id, referrer: `${site.origin}/*` })) as {
    token: string;
  };
  const page = await browser.newPage({ ignoreHTTPSErrors: true, bypassCSP: true });
  await page.goto(site.origin);
  await page.addScriptTag({ url: plain.sdkUrl });
  await page.evaluate(given => {
    const sdk = (globalThis as unknown as { Onfido: { init(options: unknown): unknown } }).Onfido;
    sdk.init({ containerId: 'mount', token: given, steps: ['document'] });
  }, token);
  await page.getByRole('button', { name: 'Finish' }).waitFor({ timeout: 15_000 });
  await page.close();
  await plain.close();
});
