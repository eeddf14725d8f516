import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { languages, noticeKinds } from '../../../src/config/config.js';
import { results } from '../../../src/domain/results.js';
import { countSegments } from '../../../src/effects/notices/segments.js';
import {
  catalogues,
  NoticeTextError,
  noticeTextProblems,
  renderNotice,
  retryReason,
} from '../../../src/effects/notices/texts/index.js';

const values = {
  organization: 'Coin Corner',
  link: 'https://kyc.example.net/v/q7Zt1yKfPz0uWc9LxB2mNg',
  minutes: 90,
} as const;

for (const language of languages)
  for (const kind of noticeKinds)
    test(`the default text "${kind}" in ${language} is complete and short`, () => {
      assert.deepEqual(noticeTextProblems(kind, catalogues[language].texts[kind]), []);
      for (const reason of ['document', 'pictures', 'age'] as const) {
        const text = renderNotice(kind, language, { ...values, reason });
        const count = countSegments(text);
        assert.doesNotMatch(text, /[{}]/);
        assert.ok(text.startsWith(values.organization));
        assert.equal(count.encoding, language === 'cs' ? 'UCS-2' : 'GSM-7', text);
        assert.ok(count.segments <= (language === 'cs' ? 2 : 1), `${count.segments} segments: ${text}`);
      }
    });

test('the link appears whole and once', () => {
  const text = renderNotice('link', 'en', values);
  assert.equal(text.split(values.link).length, 2);
  assert.match(text, /90 minutes/);
});

test('how long a link lives is said in hours where minutes would be many', () => {
  const within = (language: (typeof languages)[number], minutes: number) =>
    renderNotice('link', language, { ...values, minutes });
  assert.match(within('en', 1440), /within 24 hours:/);
  assert.match(within('de', 1440), /innerhalb von 24 Stunden Ihre/);
  assert.match(within('cs', 1440), /do 24 hodin svou/);
  assert.match(within('cs', 90), /do 90 minut svou/);
  assert.match(within('es', 120), /antes de 2 horas:/);
  assert.match(within('fr', 180), /dans les 3 heures :/);
  assert.equal(
    renderNotice('link', 'en', { ...values, minutes: 1440 }, { link: { en: '{link} {minutes}' } }),
    `${values.link} 1440`,
  );
});

test("an operator's own text is used in its language only", () => {
  const overrides = { link: { en: 'Go on: {link}' } };
  assert.equal(renderNotice('link', 'en', values, overrides), `Go on: ${values.link}`);
  assert.equal(renderNotice('link', 'de', values, overrides), renderNotice('link', 'de', values));
});

test('a rejected customer is told why', () => {
  assert.match(renderNotice('rejected_retry', 'en', { organization: 'X', reason: 'pictures' }), /pictures/);
  assert.match(renderNotice('rejected_retry', 'en', { organization: 'X' }), /document/);
  assert.equal(retryReason('REJECTED_IMAGE_INTEGRITY'), 'pictures');
  assert.equal(retryReason('REJECTED_AGE_VALIDATION'), 'age');
  for (const result of Object.keys(results) as (keyof typeof results)[]) assert.ok(retryReason(result));
});

test('texts that cannot be filled in are named before anything is sent', () => {
  assert.match(noticeTextProblems('link', 'Hello {name}, {link}').join(), /\{name\} is not known here/);
  assert.match(noticeTextProblems('link', 'Hello').join(), /\{link\} is missing/);
  assert.match(noticeTextProblems('registered', 'See {link}').join(), /\{link\} is not known here/);
  assert.match(noticeTextProblems('registered', 'Fine {organization').join(), /brace/);
  assert.match(noticeTextProblems('registered', 'Fine {constructor}').join(), /not known/);
  assert.match(noticeTextProblems('registered', '  ').join(), /empty/);
  assert.throws(
    () => renderNotice('link', 'en', values, { link: { en: 'Hi {name} {link}' } }),
    NoticeTextError,
  );
});

test('a value that a text needs and was not given is an error, not a hole in the message', () => {
  assert.throws(() => renderNotice('link', 'en', { organization: 'X', minutes: 90 }), /needs \{link\}/);
});

test('what a value contains is never read as a placeholder', () => {
  const safe = fc.string().map(text => text.trim().replace(/\s+/g, ' '));
  fc.assert(
    fc.property(safe, organization => {
      const text = renderNotice(
        'registered',
        'en',
        { organization },
        { registered: { en: '<{organization}>' } },
      );
      assert.equal(text, `<${organization}>`);
    }),
    { examples: [['{link}'], ['$&'], ['{organization}']] },
  );
});
