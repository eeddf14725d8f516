import type { Language } from '../config/config.js';
import { cs } from './texts/cs.js';
import { de } from './texts/de.js';
import { en } from './texts/en.js';
import { es } from './texts/es.js';
import { fr } from './texts/fr.js';
import type { SiteTexts } from './texts/texts.js';

/** All texts of the site. A language the product speaks and this lacks does not compile. */
export const textsOf: Readonly<Record<Language, SiteTexts>> = { cs, de, en, es, fr };

/** In the order of the language switch. */
export const siteLanguages = Object.keys(textsOf) as readonly Language[];

/** What Onfido's Web SDK calls our languages; other vendors take the same codes or fall back by themselves. */
export const captureLanguages: Readonly<Record<Language, string>> = {
  cs: 'cs',
  de: 'de',
  en: 'en_US',
  es: 'es',
  fr: 'fr',
};

/** Our language for a tag such as `cs`, `en_US`, `es-ES`; region and script make no difference here. */
export function languageOf(tag: string): Language | undefined {
  const primary = tag.trim().toLowerCase().split(/[-_]/, 1)[0];
  return siteLanguages.find(language => language === primary);
}

function preferences(acceptLanguage: string): readonly string[] {
  return acceptLanguage
    .slice(0, 500)
    .split(',')
    .map((entry, order) => {
      const [tag = '', ...parameters] = entry.split(';');
      const quality = parameters
        .map(text => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1])
        .find(text => text !== undefined);
      return { tag, order, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.order - b.order)
    .map(({ tag }) => tag);
}

/** Where a wish for a language may come from, the strongest first. */
export interface LanguageWishes {
  /** `?lang=` of the link, or the form's field */
  readonly chosen?: string | undefined;
  /** the browser's `Accept-Language` */
  readonly accepted?: string | undefined;
  /** the registration's, if the link is known */
  readonly fallback?: Language | undefined;
}

/** The language of a page: the first wish that is one of ours, else English. */
export function chooseLanguage(wishes: LanguageWishes): Language {
  const tags = [wishes.chosen ?? '', ...preferences(wishes.accepted ?? '')];
  const wished = tags.map(languageOf).find(language => language !== undefined);
  return wished ?? wishes.fallback ?? 'en';
}
