import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  captureLanguages,
  chooseLanguage,
  languageOf,
  siteLanguages,
  textsOf,
} from '../../src/site/languages.js';

test('language tags of phones, links and the CAS are understood, whatever their region', () => {
  const tags = {
    en_US: 'en',
    'es-ES': 'es',
    de_DE: 'de',
    'fr-FR': 'fr',
    cs: 'cs',
    'DE-at': 'de',
    ' cs ': 'cs',
  };
  for (const [tag, language] of Object.entries(tags)) assert.equal(languageOf(tag), language, tag);
});

test('what is no language of ours is none, however it is spelt', () => {
  for (const tag of ['', 'pl', 'english', '*', '<script>', 'constructor', '__proto__'])
    assert.equal(languageOf(tag), undefined, tag);
});

test('the link goes before the browser, the browser before the registration, and English is last', () => {
  assert.equal(chooseLanguage({ chosen: 'cs', accepted: 'de', fallback: 'fr' }), 'cs');
  assert.equal(chooseLanguage({ chosen: 'xx', accepted: 'de', fallback: 'fr' }), 'de');
  assert.equal(chooseLanguage({ accepted: 'pl, sk', fallback: 'fr' }), 'fr');
  assert.equal(chooseLanguage({}), 'en');
});

test('the browser’s order of preference counts, not the order of its list', () => {
  assert.equal(chooseLanguage({ accepted: 'pl, de;q=0.4, fr-CA;q=0.9, en;q=0.1' }), 'fr');
  assert.equal(chooseLanguage({ accepted: 'de;q=0, es' }), 'es');
  assert.equal(chooseLanguage({ accepted: ';;q=,,=;', fallback: 'cs' }), 'cs');
});

test('the capture is given the codes the Web SDK knows', () => {
  assert.deepEqual(captureLanguages, { cs: 'cs', de: 'de', en: 'en_US', es: 'es', fr: 'fr' });
});

test('no language leaves a text empty, repeats English, or loses a tip', () => {
  const names = { organization: 'Coin Corner', vendor: 'Onfido' };
  for (const language of siteLanguages) {
    for (const [name, make] of Object.entries(textsOf[language].messages)) {
      const message = make(names);
      const english = textsOf.en.messages[name as keyof typeof textsOf.en.messages](names);
      assert.ok(message.title && message.lead, `${language} ${name}`);
      assert.equal(message.tips?.length, english.tips?.length, `${language} ${name} tips`);
      assert.equal(message.more?.length, english.more?.length, `${language} ${name} more`);
      if (language !== 'en') assert.notEqual(message.lead, english.lead, `${language} ${name}`);
    }
  }
});

test('minutes are counted as each language counts them', () => {
  assert.equal(textsOf.cs.welcome.timeLeft(1), 'Odkaz platí ještě 1 minutu.');
  assert.equal(textsOf.cs.welcome.timeLeft(3), 'Odkaz platí ještě 3 minuty.');
  assert.equal(textsOf.cs.welcome.timeLeft(5), 'Odkaz platí ještě 5 minut.');
  assert.equal(textsOf.en.welcome.timeLeft(1), 'This link works for another 1 minute.');
  assert.equal(textsOf.de.welcome.timeLeft(2), 'Dieser Link gilt noch 2 Minuten.');
});
