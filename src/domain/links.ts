/** The addresses customers are given. Pure; a base has no trailing slash. */

/** A page of the built-in verification site. */
export function builtInLink(siteBase: string, linkId: string): string {
  return `${siteBase}/v/${linkId}`;
}

/** What General Bytes' verification site calls our languages (Onfido notes, section 11: languages declared). */
const siteLanguages: Readonly<Record<string, string>> = {
  en: 'en_US',
  es: 'es_ES',
  de: 'de_DE',
  fr: 'fr_FR',
  cs: 'cs',
};

/** A customer's page on an external verification site: `{site}?a={applicantId}&lang={language}`, other queries kept. */
export function externalLink(site: string, applicantRef: string, language: string): string {
  const url = new URL(site);
  url.searchParams.set('a', applicantRef);
  url.searchParams.set('lang', siteLanguages[language] ?? language);
  return url.toString();
}

/** A path below an external verification site, which may itself live below a prefix. */
export function externalPath(site: string, path: string): string {
  const url = new URL(site);
  url.search = '';
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url.toString();
}
