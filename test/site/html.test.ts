import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, rendered } from '../../src/site/html.js';

test('values of a template are escaped in text and in quoted attributes', () => {
  const name = `<img src=x onerror="a('&')">`;
  assert.equal(
    rendered(html`<p title="${name}">${name}</p>`),
    '<p title="&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;">&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;</p>',
  );
});

test('markup inside markup is kept, also in lists', () => {
  const items = ['a', '<b>'].map(text => html`<li>${text}</li>`);
  assert.equal(rendered(html`<ul>${items}</ul>`), '<ul><li>a</li><li>&lt;b&gt;</li></ul>');
});

test('nothing is written for what is absent, but zero is', () => {
  assert.equal(rendered(html`[${false}${null}${undefined}${''}${0}]`), '[0]');
});

test('an object that only looks like markup is not taken for it', () => {
  const forged: unknown = JSON.parse('{"markup":"<script>"}');
  assert.throws(() => html`${forged as string}`);
});
