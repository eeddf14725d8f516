/** Readers of the values of this trade: organizations, countries, texts, the vendors' ids. */
import { isIP } from 'node:net';
import countries from 'i18n-iso-countries';
import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/min';
import { listed, nearest } from './nearest.js';
import { Refusal } from './problems.js';
import { type Reader, text, url } from './values.js';

/** As in webhook paths. A plain number of the YAML is taken for its digits, since CAS numbers its organizations. */
export const organizationId: Reader<string> = raw => {
  const id = typeof raw === 'number' && Number.isSafeInteger(raw) ? String(raw) : raw;
  if (typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  throw new Refusal('is not an id', 'write letters, digits, - and _ only, such as 1 or prague');
};

/** What customers read as the sender's name. */
export const organizationName = text(
  'a name of at most 60 characters',
  /^[^\p{Cc}]{1,60}$/u,
  'Example Coins',
);

// Onfido's own rule for names
export const personName = text(
  'a name without special characters',
  /^[^!#$%*=<>;{}"\p{Cc}]{1,60}$/u,
  'Customer',
);

/** A country whose telephone numbers are known, as ISO 3166 alpha-2. */
export const phoneCountry: Reader<string> = raw => {
  const remedy = 'write two letters of ISO 3166 in capitals, such as CZ or US';
  const code = countryCode(raw, 2, remedy);
  if (!isSupportedCountry(code as CountryCode))
    throw new Refusal('is a country without telephone numbers', remedy);
  return code;
};

/** A country of a document as ISO 3166 alpha-3; alpha-2 is understood. */
export const documentCountry: Reader<string> = raw => {
  const remedy = 'write three letters of ISO 3166 in capitals, such as CZE or USA';
  return countries.alpha2ToAlpha3(countryCode(raw, 3, remedy)) ?? '';
};

/** Gives alpha-2 whatever was written, so that both forms are checked by one table. */
function countryCode(raw: unknown, letters: 2 | 3, remedy: string): string {
  const code = typeof raw === 'string' ? raw.toUpperCase() : '';
  if (raw === true || raw === false)
    throw new Refusal('was read as true or false', `put it in quotes; ${remedy}`);
  const alpha2 = /^[A-Z]{3}$/.test(code) ? countries.alpha3ToAlpha2(code) : code;
  if (alpha2 === undefined || !/^[A-Z]{2}$/.test(alpha2) || !countries.isValid(alpha2))
    throw new Refusal('is not a country', remedy);
  if (letters === 2 && code.length === 3) throw new Refusal('has three letters', `${remedy}; here ${alpha2}`);
  return alpha2;
}

const placeholders = ['link', 'organization', 'minutes', 'time'];

/** A text for customers. `{link}`, `{organization}`, `{minutes}` and `{time}` are all that is filled in. */
export const noticeText: Reader<string> = raw => {
  if (typeof raw !== 'string' || raw.trim() === '')
    throw new Refusal('is not a text', 'write the text in quotes, or remove the line');
  if (raw.length > 600)
    throw new Refusal(
      'is longer than 600 characters',
      'shorten it: each 67 to 153 characters are an SMS to be paid for',
    );
  for (const [, name = ''] of raw.matchAll(/\{([^}]*)\}/g)) {
    if (placeholders.includes(name)) continue;
    const near = nearest(name, placeholders);
    throw new Refusal(
      'has a placeholder that does not exist',
      near === undefined
        ? `the placeholders are ${listed(placeholders.map(known => `{${known}}`))}`
        : `did you mean {${near}}?`,
    );
  }
  return raw;
};

/** Reports Onfido can be asked for in a check. */
export const onfidoReports = [
  'document',
  'document_video',
  'document_video_with_address_information',
  'document_with_address_information',
  'document_with_driving_licence_information',
  'document_with_driver_verification',
  'facial_similarity_photo',
  'facial_similarity_photo_fully_auto',
  'facial_similarity_video',
  'facial_similarity_motion',
  'known_faces',
  'identity_enhanced',
  'watchlist_aml',
  'watchlist_enhanced',
  'watchlist_standard',
  'watchlist_peps_only',
  'watchlist_sanctions_only',
  'proof_of_address',
  'us_driving_licence',
  'device_intelligence',
  'india_pan',
] as const;

export const workflowId = text('a workflow id', /^[A-Za-z0-9_-]{1,64}$/, '0f2a…, as Studio shows it');

/** What Onfido takes as a token's referrer: scheme, host, `/*`. */
export const referrerPattern = text(
  'a referrer pattern',
  /^(?:\*|https?):\/\/(?:\*|(?:\*\.)?[A-Za-z0-9.-]+(?::\d{1,5})?)\/\*$/,
  'https://kyc.example.net/*',
);

/** Onfido's API, version path included. */
export const onfidoApiBase: Reader<string> = raw => {
  const base = url({ path: 'allowed', http: 'loopback', example: 'https://api.eu.onfido.com/v3.6' })(raw);
  if (!/\/v\d+(\.\d+)?$/.test(base))
    throw new Refusal(
      'lacks the version path',
      'end it with the version, as in https://api.eu.onfido.com/v3.6',
    );
  return base;
};

export const twilioAccount = text('a Twilio account id', /^AC[0-9A-Za-z]{32}$/, 'AC and 32 more characters');

/** Persona's API, version path included. */
export const personaApiBase: Reader<string> = raw => {
  const example = 'https://api.withpersona.com/api/v1';
  const base = url({ path: 'allowed', http: 'loopback', example })(raw);
  if (/\/v\d+$/.test(base)) return base;
  throw new Refusal('lacks the version path', `end it with the version, as in ${example}`);
};

export const personaTemplateId = text(
  'the id of a Persona template',
  /^(?:itmpl|itmplv|tmpl)_[A-Za-z0-9]{1,64}$/,
  'itmpl_… or tmpl_…, as the dashboard shows it',
);

/** Where SMS come from. */
export const smsSender = text(
  'a number in international form or a messaging service id',
  /^(?:\+[1-9]\d{6,14}|MG[0-9A-Za-z]{32})$/,
  '"+420700000000"',
);

/** Jumio's upload host, or one base for everything. Paths are those of the API. */
export const jumioApiBase = url({
  path: 'allowed',
  http: 'loopback',
  example: 'https://api.emea-1.jumio.ai/api/v1',
});

/** The key of a workflow definition. A plain number of the YAML is taken for its digits. */
export const jumioWorkflowKey: Reader<string> = raw => {
  const key = typeof raw === 'number' && Number.isSafeInteger(raw) ? String(raw) : raw;
  if (typeof key === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(key)) return key;
  throw new Refusal('is not the key of a workflow', 'write the number Jumio gave you, such as 10011');
};

/** Who calls, as Jumio demands it: `YourCompany YourApp/v1.0`. */
export const jumioUserAgent = text(
  'a company and an application with its version',
  /^[\x21-\x7e]{1,60}(?: [\x21-\x7e]{1,60}){0,5}\/[\x21-\x7e]{1,20}$/,
  'ExampleCoins Kiosk/v1.0',
);

/** A base Jumio takes in its URLs: https, a name, no port. */
export const portlessUrl: Reader<string> = raw => {
  const example = 'https://kyc.example.net';
  const base = url({ path: 'none', http: 'never', example })(raw);
  const { port, hostname } = new URL(base);
  if (port !== '')
    throw new Refusal('has a port, which Jumio refuses', `write it without one, as in ${example}`);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0)
    throw new Refusal('is an address, which Jumio refuses', `write a name, as in ${example}`);
  return base;
};
