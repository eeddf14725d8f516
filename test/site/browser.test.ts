import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import type { SiteView } from '../../src/site/journey.js';
import { withoutProgram } from '../support/skips.js';
import { aView, type FakeJourney, knownLink } from './fake-journey.js';
import { type FakeVendor, fakeVendor } from './fake-vendor.js';
import { siteApp } from './site-app.js';

const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  locale: 'en-GB',
} as const;

/** Waits for something the page causes, here or in itself (where the page's own policy forbids the library's polling). */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(10_000);
  while (!(await holds())) {
    deadline.throwIfAborted();
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

describe('the verification site in Chromium', { skip: withoutProgram('chromium') }, () => {
  let browser: Browser;
  let vendor: FakeVendor;
  let app: FastifyInstance;
  let journey: FakeJourney;
  let link: string;
  const contexts: BrowserContext[] = [];

  before(async () => {
    vendor = await fakeVendor();
    ({ app, journey } = await siteApp());
    await app.listen({ port: 0, host: '127.0.0.1' });
    link = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v/${knownLink}`;
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    });
  });

  after(async () => {
    await browser?.close();
    await app?.close();
    await vendor?.close();
  });

  /** A view whose vendor behaves as `act` says. */
  function viewWith(act: string, changes: Partial<SiteView> = {}): SiteView {
    return aView({
      capture: { kind: 'embedded', scriptUrl: vendor.scriptUrl(act), sources: {}, workflow: false },
      ...changes,
    });
  }

  /** A fresh phone on the given view; refused by our own policy is nothing it may ever be. */
  async function open(view: SiteView, below = '', options: BrowserContextOptions = {}): Promise<Page> {
    for (const old of contexts.splice(0)) await old.close();
    journey.current = view;
    journey.calls.length = 0;
    journey.sessions = [{ kind: 'embedded', token: 'token-1' }];
    const context = await browser.newContext({ ...phone, ...options });
    contexts.push(context);
    const page = await context.newPage();
    page.on('console', message => {
      if (/Content Security Policy|Permissions policy/i.test(message.text()))
        journey.calls.push(message.text());
    });
    await page.goto(link + below);
    return page;
  }

  test('a customer gets from the link to the result', async () => {
    const page = await open(viewWith('complete', { consentNeeded: true }));
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Start verification' }).tap();
    await page.waitForURL(/\/capture\?lang=en$/);
    await page.getByRole('button', { name: 'vendor capture' }).tap();
    await page.waitForURL(`${link}?lang=en`);
    await page.getByRole('heading', { level: 1, name: 'Thank you, we are checking' }).waitFor();
    assert.deepEqual(journey.calls, ['start', 'session en', 'submit']);

    journey.current = aView({ state: 'done', ending: 'registered', result: 'CLEAR' });
    await page.getByRole('heading', { level: 1, name: 'You are verified' }).waitFor();
  });

  test('the vendor’s capture is opened for classic checks with steps, for workflows with the run', async () => {
    const page = await open(viewWith('complete', { state: 'capturing' }), '/capture?lang=fr');
    await page.getByRole('button', { name: 'vendor capture' }).waitFor();
    assert.deepEqual(await page.evaluate('inits'), [
      {
        token: 'token-1',
        containerId: 'capture-mount',
        language: 'fr',
        steps: ['document', { type: 'face', options: { requestedVariant: 'standard' } }, 'complete'],
      },
    ]);
    journey.sessions = [{ kind: 'embedded', token: 'token-2', workflowRunId: 'run-2' }];
    await page.reload();
    await page.getByRole('button', { name: 'vendor capture' }).waitFor();
    assert.deepEqual(await page.evaluate('inits'), [
      { token: 'token-2', containerId: 'capture-mount', language: 'fr', workflowRunId: 'run-2' },
    ]);
  });

  test('a refused camera leads to help, and back to a fresh capture', async () => {
    const page = await open(viewWith('camera', { state: 'capturing' }), '/capture');
    await page.waitForURL(/\/help\/camera\?lang=en$/);
    assert.ok((await page.textContent('main'))?.includes('Safari'));
    await until(() => journey.calls.includes('problem permissions_unavailable'));
    journey.current = viewWith('complete', { state: 'capturing' });
    await page.getByRole('link', { name: 'Try again' }).tap();
    await page.getByRole('button', { name: 'vendor capture' }).waitFor();
    assert.equal(journey.calls.filter(call => call === 'session en').length, 2);
    assert.ok(!journey.calls.includes('submit'));
  });

  test('each kind of trouble the vendor reports leads somewhere that helps', async () => {
    const ways = {
      unsupported: /\/help\/browser/,
      user_consent_denied: /\/help\/consent/,
      workflow_abandoned: /[a-f]\?lang=en$/,
    };
    for (const [type, way] of Object.entries(ways)) {
      const page = await open(viewWith(`error:${type}`, { state: 'capturing' }), '/capture');
      await page.waitForURL(way);
      await until(() => journey.calls.includes(`problem ${type}`));
    }
    const page = await open(viewWith('error:exception', { state: 'capturing' }), '/capture');
    await page.getByRole('heading', { level: 2, name: 'Something went wrong' }).waitFor();
    await until(() => journey.calls.includes('problem exception'));
  });

  test('a token that ran out is replaced by a new one', async () => {
    const page = await open(viewWith('expired', { state: 'capturing' }), '/capture');
    await until(async () => (await page.evaluate('(window.inits || []).length')) === 2);
    assert.equal(await page.evaluate('tornDown'), 1);
    assert.equal(await page.getByRole('button', { name: 'vendor capture' }).count(), 1);
    assert.deepEqual(
      journey.calls.filter(call => call.startsWith('session')),
      ['session en', 'session en'],
    );
  });

  test('tokens are not replaced for ever', async () => {
    const page = await open(viewWith('error:expired_token', { state: 'capturing' }), '/capture');
    await page.getByRole('heading', { level: 2, name: 'Something went wrong' }).waitFor();
    assert.equal(journey.calls.filter(call => call.startsWith('session')).length, 4);
  });

  test('a blocked vendor script is explained, and no token is made for it', async () => {
    const page = await open(viewWith('complete', { state: 'capturing' }), '/help/camera');
    await page.route(`${vendor.origin}/**`, route => route.abort('blockedbyclient'));
    await page.goto(`${link}/capture`);
    const panel = page.getByRole('heading', { level: 2, name: 'The page could not load' });
    await panel.waitFor();
    assert.ok((await page.textContent('[data-panel="offline"]'))?.includes('ad blocker'));
    await until(() => journey.calls.includes('problem script_blocked'));
    assert.ok(!journey.calls.includes('session en'));
    await page.unroute(`${vendor.origin}/**`);
    await page.getByRole('button', { name: 'Try again' }).tap();
    await page.getByRole('button', { name: 'vendor capture' }).waitFor();
  });

  test('a lost connection is said while it lasts, and the end of the capture is sent again', async () => {
    const page = await open(viewWith('complete', { state: 'capturing' }), '/capture');
    await page.getByRole('button', { name: 'vendor capture' }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'vendor capture' }).tap();
    await page.getByText('Finishing up…').waitFor();
    await page.context().setOffline(false);
    await page.waitForURL(`${link}?lang=en`);
    assert.ok(journey.calls.includes('submit'));
  });

  test('a provider that does not answer is asked a few times, then the page says so', async () => {
    const page = await open(viewWith('complete', { state: 'capturing' }), '/help/camera');
    journey.sessions = [{ kind: 'problem', problem: 'busy' }];
    await page.clock.install();
    await page.goto(`${link}/capture`);
    const panel = page.getByRole('heading', { level: 2, name: 'One moment, please' });
    const deadline = AbortSignal.timeout(10_000);
    for (; !(await panel.isVisible()); deadline.throwIfAborted()) await page.clock.runFor(500);
    assert.equal(journey.calls.filter(call => call === 'session en').length, 3);
    await until(() => journey.calls.includes('problem session_failed'));
  });

  test('a link that runs out during the capture shows so', async () => {
    const page = await open(viewWith('expired', { state: 'capturing' }), '/help/camera');
    journey.sessions = [
      { kind: 'embedded', token: 'token-1' },
      { kind: 'problem', problem: 'over' },
    ];
    await page.goto(`${link}/capture`);
    await page.waitForURL(`${link}?lang=en`);
  });

  test('the site works without scripts up to the capture, which then says what is missing', async () => {
    const page = await open(viewWith('complete', { consentNeeded: true }), '?lang=cs', {
      javaScriptEnabled: false,
    });
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Začít ověření' }).tap();
    await page.waitForURL(/\/capture\?lang=cs$/);
    assert.ok((await page.locator('noscript').textContent())?.includes('JavaScript'));
    assert.ok(await page.locator('noscript .banner').isVisible());
    assert.equal(await page.getByText('Připravujeme fotoaparát').isVisible(), false);
    await page.goto(`${link}?lang=cs`);
    await page.getByRole('button', { name: 'Všechny snímky už mám pořízené' }).tap();
    await page.getByRole('heading', { level: 1, name: 'Děkujeme, kontrolujeme' }).waitFor();
    assert.equal(await page.locator('meta[http-equiv="refresh"]').count(), 1);
    assert.deepEqual(journey.calls, ['start', 'submit']);
  });

  test('the language is switched in place', async () => {
    const page = await open(viewWith('complete'));
    await page.locator('summary').tap();
    await page.getByRole('link', { name: 'Deutsch' }).tap();
    await page.getByRole('heading', { level: 1, name: 'Bestätigen Sie Ihre Identität' }).waitFor();
    await page.getByRole('button', { name: 'Prüfung starten' }).tap();
    await page.waitForURL(/\/capture\?lang=de$/);
    await page.getByRole('button', { name: 'vendor capture' }).waitFor();
    assert.ok(journey.calls.includes('session de'));
  });

  test('what is tapped is large enough for a thumb, and nothing sticks out of a narrow screen', async () => {
    const long = { organization: { name: 'Donaudampfschifffahrtsgesellschaftskapitänsmützen & Söhne GmbH' } };
    const views: [SiteView, string][] = [
      [viewWith('complete', { consentNeeded: true, ...long }), ''],
      [viewWith('complete', { state: 'capturing', ...long }), ''],
      [viewWith('complete', { state: 'capturing', ...long }), '/capture'],
      [viewWith('complete', { state: 'capturing', ...long }), '/help/camera'],
      [viewWith('complete', { state: 'done', ending: 'rejected', result: 'REJECTED', ...long }), ''],
    ];
    const page = await open(views[0]![0], '', { viewport: { width: 320, height: 640 } });
    for (const [view, below] of views) {
      journey.current = view;
      await page.goto(`${link}${below}?lang=de`);
      await page.locator('summary').tap();
      const small = await page.evaluate(`[...document.querySelectorAll('a, button, summary, label')]
        .filter(element => !element.closest('.skip, #capture-mount') && element.getClientRects().length > 0)
        .map(element => [element.textContent.trim(), element.getBoundingClientRect()])
        .filter(([, box]) => box.width < 44 || box.height < 44)
        .map(([text, box]) => text + ' ' + box.width + 'x' + box.height)`);
      assert.deepEqual(small, [], below);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, below);
    }
  });

  test('the browser found nothing to refuse on any page of these tests', async () => {
    const page = await open(viewWith('complete', { state: 'capturing' }), '/capture');
    await page.getByRole('button', { name: 'vendor capture' }).tap();
    await page.waitForURL(`${link}?lang=en`);
    assert.deepEqual(journey.calls, ['session en', 'submit']);
  });
});
