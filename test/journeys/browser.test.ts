/**
 * The customer's way in a real browser at phone size: the composed gateway over TLS under its public name, the Web SDK's
 * stand-in embedded in its page, and the provider's signed webhook at the end.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type ExternalSite, startExternalSite } from '../support/external-site.js';
import { hostname } from '../support/installation.js';
import { withoutProgram } from '../support/skips.js';
import { kindsTo, newPhone } from '../support/verify.js';
import { endsOfFile, startWorld, type World } from '../support/world.js';

const phoneScreen = { width: 390, height: 844 };

/** The clock of the world stands still while a page works, so it is moved until the page shows what is waited for. */
async function until(world: World, holds: () => Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(20_000);
  while (!(await holds())) {
    deadline.throwIfAborted();
    await world.pass(500);
  }
}

describe('a customer’s phone', { skip: withoutProgram('chromium') }, () => {
  const ends = endsOfFile();
  let world: World;
  let site: ExternalSite;
  let browser: Browser;

  before(async () => {
    site = await startExternalSite(ends, url => world.call('GET', new URL(url).pathname));
    world = await startWorld(ends, {
      organizations: [
        { name: 'Bitcoin Corner', countries: ['CZ', 'US'] },
        { id: 'elsewhere', verificationSite: site.url, onfido: { apiToken: { secret: 'ONFIDO_API_TOKEN' } } },
      ],
    });
    const { port } = new URL(world.gateway.addresses.public);
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        `--host-resolver-rules=MAP ${hostname}:443 127.0.0.1:${port}`,
      ],
    });
  });

  after(() => browser?.close());

  async function visit(link: string): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({
      viewport: phoneScreen,
      isMobile: true,
      ignoreHTTPSErrors: true,
      locale: 'en-GB',
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', error => complaints.push(error.message));
    await page.goto(link);
    return { page, complaints };
  }

  async function reach(phone: string): Promise<{ id: string; link: string }> {
    const { id } = await world.kiosk.register({ phone });
    await world.settle();
    return { id, link: world.textedLink(phone) };
  }

  test('goes from the text message to being registered', async () => {
    const phone = newPhone();
    const { id, link } = await reach(phone);
    const { page, complaints } = await visit(link);
    assert.match(await page.textContent('body').then(String), /Bitcoin Corner/);
    await page.locator('input[type=checkbox]').check();
    await page.locator('form[action*="start"] button').click();
    await page.getByRole('heading', { name: 'Simulated capture' }).waitFor();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.waitForURL(url => !url.pathname.endsWith('/capture'));
    await until(world, async () => world.identityStatus(id) === 'registered');
    await until(world, async () => /verified|registered/i.test(String(await page.textContent('h1'))));
    assert.deepEqual(kindsTo(world, phone), ['link', 'registered']);
    assert.deepEqual(complaints, []);
  });

  test('is told what to do when the camera is refused, and can go on afterwards', async () => {
    const { link } = await reach(newPhone());
    const { page } = await visit(link);
    await page.locator('input[type=checkbox]').check();
    await page.locator('form[action*="start"] button').click();
    await page.getByRole('button', { name: 'Camera refused' }).click();
    await page.waitForURL(/\/help\/camera/);
    assert.match(String(await page.textContent('h1')), /camera/i);
    await page
      .getByRole('link', { name: /again|back|continue/i })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Simulated capture' }).waitFor();
  });

  test('goes on to a verification site elsewhere by the link that the kiosk shows', async () => {
    const kiosk = await world.addKiosk('Lobby', 'elsewhere');
    const { verificationUrl } = await kiosk.register({ phone: newPhone() });
    await world.settle();
    const { page, complaints } = await visit(verificationUrl);
    await page.locator('form[action*="start"] button').click();
    await page.waitForURL(url => url.href.startsWith(site.url));
    assert.deepEqual(complaints, []);
  });

  test('is not let on without the consent that is due', async () => {
    const { link } = await reach(newPhone());
    const { page } = await visit(link);
    await page
      .locator('form[action*="start"]')
      .evaluate(form => (form as unknown as { noValidate: boolean; submit(): void }).submit());
    // the answer's own page: the one before it has a box to tick as well
    await page.waitForURL(url => url.href !== link);
    assert.match(new URL(page.url()).pathname, /\/start$/);
    assert.equal(await page.getByRole('heading', { name: 'Simulated capture' }).count(), 0);
    assert.equal(await page.locator('input[type=checkbox]').count(), 1);
  });
});
