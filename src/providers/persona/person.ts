/** What was read from the document, out of a government-id verification. Pure and total. */
import countries from 'i18n-iso-countries/index.js';
import type { PersonalData } from '../../domain/findings.js';
import { asRecord, asText, field, type JsonRecord } from '../json.js';

type Writable = { -readonly [Key in keyof PersonalData]?: PersonalData[Key] | undefined };

const documentTypes: Readonly<Record<string, PersonalData['documentType']>> = {
  pp: 'passport',
  dl: 'driving_licence',
  id: 'national_identity_card',
  nric: 'national_identity_card',
  vid: 'voter_id',
  wp: 'work_permit',
  rp: 'residence_permit',
  pr: 'residence_permit',
};

function documentType(value: unknown): PersonalData['documentType'] | undefined {
  const text = asText(value)?.toLowerCase();
  if (text === undefined) return undefined;
  return Object.hasOwn(documentTypes, text) ? documentTypes[text] : 'other';
}

/** A plain date stays the text it is: through a time zone it might become the day before. */
function plainDate(value: unknown): string | undefined {
  const text = asText(value);
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

/** Only codes: a nationality may also be written out in any language. */
function country(value: unknown): string | undefined {
  const text = asText(value)?.toUpperCase() ?? '';
  if (/^[A-Z]{3}$/.test(text)) return countries.alpha3ToAlpha2(text) === undefined ? undefined : text;
  return /^[A-Z]{2}$/.test(text) ? countries.alpha2ToAlpha3(text) : undefined;
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return asText(parts.filter(part => part !== undefined).join(', '));
}

/** Persona gives licence and passport numbers as `identification-number`. */
function numbersOf(attributes: JsonRecord): (string | undefined)[] {
  const values = ['identification-number', 'document-number'].map(name => asText(field(attributes, name)));
  return [...new Set(values.filter(value => value !== undefined))];
}

function personOf(attributes: JsonRecord): Writable {
  const said = (name: string) => asText(field(attributes, name));
  const [documentNumber, secondaryDocumentNumber] = numbersOf(attributes);
  const issuingCountry = country(field(attributes, 'country-code'));
  const streetAddress = joined([said('address-street-1'), said('address-street-2')]);
  const [city, state, zip] = [said('address-city'), said('address-subdivision'), said('address-postal-code')];
  return {
    firstName: said('name-first'),
    middleName: said('name-middle'),
    lastName: said('name-last'),
    documentType: documentType(field(attributes, 'id-class')),
    documentNumber,
    secondaryDocumentNumber,
    birthDate: plainDate(field(attributes, 'birthdate')),
    expirationDate: plainDate(field(attributes, 'expiration-date')),
    rawAddress: joined([streetAddress, city, state, zip]),
    streetAddress,
    city,
    zip,
    state,
    country: country(field(attributes, 'nationality')) ?? issuingCountry,
    issuingCountry,
  };
}

/** The person on the document; of several documents the newest, since fields of different ones are never mixed. */
export function readPerson(governmentIds: readonly JsonRecord[]): PersonalData | null {
  const newest = governmentIds.at(-1);
  if (newest === undefined) return null;
  const person = Object.entries(personOf(asRecord(field(newest, 'attributes')))).filter(
    ([, value]) => value !== undefined,
  );
  return person.length === 0 ? null : Object.fromEntries(person);
}
