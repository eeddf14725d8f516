/** Which addresses are Persona's: where customers may be sent, and where files may be fetched. */
import type { CapturePage } from '../provider.js';

function isOfficial(url: URL): boolean {
  const { hostname } = url;
  return (
    url.protocol === 'https:' && (hostname === 'withpersona.com' || hostname.endsWith('.withpersona.com'))
  );
}

const filesHost = 'files.withpersona.com';

/**
 * Persona's own pages, or, where the API is reached somewhere else, that place. An address that came over the wire and is
 * neither is null: a customer's documents go nowhere else.
 */
export function pageUrl(apiBase: string, text: string): URL | null {
  return urlWithin(apiBase, text, isOfficial);
}

/** The address of a file at Persona, or null for any other. */
export function fileUrl(apiBase: string, text: string): URL | null {
  return urlWithin(apiBase, text, url => isOfficial(url) && url.hostname === filesHost && url.port === '');
}

function urlWithin(apiBase: string, text: string, isTheirs: (url: URL) => boolean): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const base = new URL(apiBase);
  const allowed = isOfficial(base) ? isTheirs(url) : url.origin === base.origin;
  return allowed && url.username === '' && url.password === '' ? url : null;
}

/** Customers go to Persona's own page; every inquiry ends in a decision of the template's workflow or of a person there. */
export function capturePage(apiBase: string): CapturePage {
  const base = new URL(apiBase);
  const theirs = isOfficial(base) ? ['https://withpersona.com', 'https://*.withpersona.com'] : [base.origin];
  return { kind: 'redirect', workflow: true, asksConsent: true, sources: { 'form-action': theirs } };
}
