import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SiteView } from '../../src/site/journey.js';
import { siteLanguages, textsOf } from '../../src/site/languages.js';
import { aView, knownLink } from './fake-journey.js';
import { siteApp } from './site-app.js';

const names = { organization: 'Coin Corner', vendor: 'Onfido' };

/** Every page about a link: what the view says, and where to look. */
const every: readonly (readonly [string, Partial<SiteView>, string])[] = [
  ['welcome', {}, ''],
  ['welcome with consent', { consentNeeded: true }, ''],
  ['again', { resubmission: true }, ''],
  ['continue', { state: 'capturing' }, ''],
  ['submitted', { state: 'submitted' }, ''],
  ['in_review', { state: 'in_review' }, ''],
  ['registered', { state: 'done', ending: 'registered', result: 'CLEAR' }, ''],
  ['awaiting', { state: 'done', ending: 'awaiting', result: 'CAUTION' }, ''],
  ['rejected', { state: 'done', ending: 'rejected', result: 'SUSPECTED' }, ''],
  ['retry_pictures', { state: 'done', ending: 'rejected', result: 'REJECTED_IMAGE_INTEGRITY' }, ''],
  ['retry_age', { state: 'done', ending: 'rejected', result: 'REJECTED_AGE_VALIDATION' }, ''],
  ['retry_document', { state: 'done', ending: 'rejected', result: 'REJECTED' }, ''],
  ['expired', { state: 'expired', minutesLeft: 0 }, ''],
  ['failed', { state: 'failed' }, ''],
  ['capture', { state: 'capturing' }, '/capture'],
  ['help camera', { state: 'capturing' }, '/help/camera'],
  ['help offline', { state: 'capturing' }, '/help/offline'],
  ['help browser', { state: 'capturing' }, '/help/browser'],
  ['help expired', { state: 'capturing' }, '/help/expired'],
  ['help error', { state: 'capturing' }, '/help/error'],
  ['help consent', { state: 'capturing' }, '/help/consent'],
];

function matches(page: string, pattern: RegExp): number {
  return [...page.matchAll(pattern)].length;
}

function idsOf(page: string): string[] {
  return [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
}

/** What holds for every page, whatever it says. */
function assertSound(page: string, language: string): void {
  assert.match(page, new RegExp(`^<!doctype html>\n<html lang="${language}">`));
  assert.equal(matches(page, /<h1>/g), 1, 'one main heading');
  assert.equal(matches(page, /<main id="main"/g), 1);
  assert.equal(matches(page, /<title>[^<]+<\/title>/g), 1);
  assert.doesNotMatch(page, /undefined|\[object|>\s*null|NaN/);
  assert.doesNotMatch(page, / style="| on[a-z]+="|<style|javascript:/, 'nothing inline');
  assert.equal(matches(page, /<script(?![^>]* src=)/g), 0, 'no inline script');
  const ids = idsOf(page);
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  for (const [, id] of page.matchAll(/aria-(?:labelledby|describedby)="([^"]+)"/g))
    assert.ok(ids.includes(id!), id);
  for (const [, url] of page.matchAll(/<(?:script|link|img)[^>]* (?:src|href)="([^"]+)"/g))
    assert.ok(url!.startsWith('/v/assets/') || url === 'https://sdk.vendor.example/v14', url);
}

test('every page is sound in every language and keeps the language along its way', async () => {
  const { app, journey } = await siteApp();
  for (const [name, view, below] of every)
    for (const language of siteLanguages) {
      journey.current = aView(view);
      const answer = await app.inject(`/v/${knownLink}${below}?lang=${language}`);
      assert.equal(answer.statusCode, 200, name);
      assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
      assertSound(answer.body, language);
      for (const [, way] of answer.body.matchAll(/(?:href|action|data-status)="(\/v\/Lq7[^"]*)"/g))
        assert.match(way!, new RegExp(`\\?lang=${language}$`), `${name}: ${way}`);
    }
  assert.deepEqual(journey.calls, [], 'looking changes nothing');
  await app.close();
});

test('pages say what their text says, with the organization as header', async () => {
  const { app, journey } = await siteApp();
  for (const [name, view, below] of every.filter(([, , where]) => where === '').slice(2)) {
    journey.current = aView(view);
    const { body } = await app.inject(`/v/${knownLink}${below}?lang=de`);
    const message = textsOf.de.messages[name as keyof typeof textsOf.de.messages](names);
    assert.ok(body.includes(`<h1>${message.title}</h1>`), name);
    assert.ok(body.includes(message.lead), name);
    assert.match(body, /<span class="owner-name">Coin Corner<\/span>/);
  }
  await app.close();
});

test('the refusal for signs of fraud names no reason and offers no new attempt', async () => {
  const bodies: string[] = [];
  const { app, journey } = await siteApp();
  for (const result of ['SUSPECTED_COMPROMISED_DOCUMENT', 'SUSPECTED_FACE_COMPARISON', 'CAUTION'] as const) {
    journey.current = aView({ state: 'done', ending: 'rejected', result });
    bodies.push((await app.inject(`/v/${knownLink}`)).body);
  }
  assert.equal(new Set(bodies).size, 1, 'all refusals look alike');
  assert.doesNotMatch(bodies[0]!, /suspect|fraud|compromised|try again|register again/i);
  await app.close();
});

test('a hostile organization name stays text everywhere', async () => {
  const name = `</title><script>alert(1)</script>"'><img src=x onerror=alert(2)> & Sons`;
  const { app, journey } = await siteApp();
  for (const [page, view, below] of every) {
    journey.current = aView({ ...view, organization: { name }, vendor: { name } });
    const { body } = await app.inject(`/v/${knownLink}${below}`);
    assert.doesNotMatch(body, /<script>|<img|onerror="|<\/title><script/, page);
    assert.match(body, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&gt;/, page);
  }
  await app.close();
});

test('the consent is asked for only where it is due, with a label and the vendor’s notices', async () => {
  const { app, journey } = await siteApp({ consentNeeded: true });
  const due = (await app.inject(`/v/${knownLink}`)).body;
  assert.match(
    due,
    /<label class="tick"><input type="checkbox" name="consent" value="yes" required><span>I agree/,
  );
  assert.match(due, /<a href="https:\/\/vendor\.example\/face" target="_blank" rel="noopener">Face scans/);
  journey.current = aView({ consentNeeded: true, consentGiven: true });
  assert.doesNotMatch((await app.inject(`/v/${knownLink}`)).body, /checkbox/);
  journey.current = aView({ consentNeeded: true, vendor: { name: 'Onfido' } });
  assert.doesNotMatch((await app.inject(`/v/${knownLink}`)).body, /target="_blank"/);
  await app.close();
});

test('the welcome tells how much time is left', async () => {
  const { app } = await siteApp({ minutesLeft: 12 });
  assert.match((await app.inject(`/v/${knownLink}`)).body, /This link works for another 12 minutes\./);
  await app.close();
});

test('a status page looks again by script, or by itself without one; a final page does neither', async () => {
  const { app, journey } = await siteApp({ state: 'submitted' });
  const open = (await app.inject(`/v/${knownLink}`)).body;
  assert.match(open, /<noscript><meta http-equiv="refresh" content="15"><\/noscript>/);
  assert.match(
    open,
    /<script src="\/v\/assets\/status\.[0-9a-f]{12}\.js" data-page="submitted" data-status="[^"]+"><\/script>/,
  );
  journey.current = aView({ state: 'done', ending: 'registered', result: 'CLEAR' });
  assert.doesNotMatch((await app.inject(`/v/${knownLink}`)).body, /refresh|<script/);
  await app.close();
});

test('help leads back to the capture while it may go on, else to the start', async () => {
  const { app, journey } = await siteApp({ state: 'capturing' });
  assert.match(
    (await app.inject(`/v/${knownLink}/help/camera`)).body,
    /button primary" href="[^"]*\/capture\?lang=en"/,
  );
  journey.current = aView({ state: 'expired' });
  assert.match(
    (await app.inject(`/v/${knownLink}/help/camera`)).body,
    /button primary" href="\/v\/[^/"]*\?lang=en"/,
  );
  assert.equal((await app.inject(`/v/${knownLink}/help/toString`)).statusCode, 404);
  await app.close();
});
