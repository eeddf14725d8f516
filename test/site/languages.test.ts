import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountOf } from '../../src/domain/duration.js';
import type { Language } from '../../src/domain/languages.js';
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
  const left = (language: Language, minutes: number) => textsOf[language].welcome.timeLeft(amountOf(minutes));
  assert.equal(left('cs', 1), 'Odkaz platí ještě 1 minutu.');
  assert.equal(left('cs', 3), 'Odkaz platí ještě 3 minuty.');
  assert.equal(left('cs', 5), 'Odkaz platí ještě 5 minut.');
  assert.equal(left('en', 1), 'This link works for another 1 minute.');
  assert.equal(left('de', 2), 'Dieser Link gilt noch 2 Minuten.');
  assert.equal(left('es', 1), 'A este enlace le queda 1 minuto.');
  assert.equal(left('fr', 0), 'Ce lien est encore valable 0 minute.');
});

test('from two hours on whole hours are said, and never more than there is', () => {
  const left = (language: Language, minutes: number) => textsOf[language].welcome.timeLeft(amountOf(minutes));
  assert.equal(left('en', 119), 'This link works for another 119 minutes.');
  assert.equal(left('en', 120), 'This link works for another 2 hours.');
  assert.equal(left('en', 1439), 'This link works for another 23 hours.');
  assert.equal(left('en', 1440), 'This link works for another 24 hours.');
  assert.equal(left('de', 1440), 'Dieser Link gilt noch 24 Stunden.');
  assert.equal(left('cs', 1440), 'Odkaz platí ještě 24 hodin.');
  assert.equal(left('cs', 200), 'Odkaz platí ještě 3 hodiny.');
  assert.equal(left('es', 1440), 'A este enlace le quedan 24 horas.');
  assert.equal(left('fr', 1440), 'Ce lien est encore valable 24 heures.');
});
