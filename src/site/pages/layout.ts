import type { Language } from '../../config/config.js';
import { assetUrl } from '../assets.js';
import { type Html, type HtmlValue, html, rendered } from '../html.js';
import { siteLanguages, textsOf } from '../languages.js';
import { icons } from './icons.js';

/** One page of the site. */
export interface Page {
  readonly language: Language;
  /** named in tests and style sheets; says nothing the visible page does not say */
  readonly name: string;
  readonly title: string;
  /** shown as the header; absent where a page must not tell whose link it is */
  readonly organization?: string;
  readonly main: Html;
  /** goes into the head, e.g. the refresh of a page without scripts */
  readonly head?: HtmlValue;
  /** goes behind everything, e.g. scripts */
  readonly end?: HtmlValue;
  /** leaves room for the vendor's capture */
  readonly wide?: boolean;
}

function initialOf(name: string): string {
  return /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? '•';
}

function languageSwitch(current: Language): Html {
  const texts = textsOf[current];
  const entries = siteLanguages.map(
    language =>
      html`<li><a href="?lang=${language}" lang="${language}" hreflang="${language}"${
        language === current && html` aria-current="true"`
      }>${textsOf[language].languageName}</a></li>`,
  );
  return html`<details class="languages">
<summary aria-label="${texts.chooseLanguage}: ${texts.languageName}">${icons.globe}<span>${texts.languageName}</span></summary>
<ul>${entries}</ul>
</details>`;
}

function head(page: Page): Html {
  const owner = page.organization ?? textsOf[page.language].site;
  return html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · ${owner}</title>
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f3f6f8" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#0e151b" media="(prefers-color-scheme: dark)">
<link rel="icon" href="${assetUrl('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assetUrl('site.css')}">
${page.head}`;
}

function header(page: Page): Html {
  const owner = page.organization ?? textsOf[page.language].site;
  return html`<header class="top"><div class="top-inner">
<p class="owner"><span class="owner-mark" aria-hidden="true">${page.organization ? initialOf(owner) : icons.lock}</span><span class="owner-name">${owner}</span></p>
${languageSwitch(page.language)}
</div></header>`;
}

/** The whole document as text. */
export function document(page: Page): string {
  const texts = textsOf[page.language];
  return rendered(html`<!doctype html>
<html lang="${page.language}">
<head>
${head(page)}
</head>
<body class="page-${page.name}${page.wide && ' wide'}">
<a class="skip" href="#main">${texts.skipToContent}</a>
${header(page)}
<main id="main" tabindex="-1">
${page.main}
</main>
<footer class="bottom"><p>${icons.lock}<span>${texts.keepToYourself}</span></p></footer>
${page.end}
</body>
</html>
`);
}
