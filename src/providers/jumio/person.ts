/** What was read from the document, out of the `extraction` capability. Pure and total. */
import countries from 'i18n-iso-countries/index.js';
import type { PersonalData } from '../../domain/findings.js';
import { asList, asRecord, asText, field, type JsonRecord } from '../json.js';

type Writable = { -readonly [Key in keyof PersonalData]?: PersonalData[Key] | undefined };

const documentTypes: Readonly<Record<string, NonNullable<PersonalData['documentType']>>> = {
  ID_CARD: 'national_identity_card',
  DRIVING_LICENSE: 'driving_licence',
  PASSPORT: 'passport',
};

/** A text; Jumio writes `N/A` where there is nothing. */
function told(record: JsonRecord, name: string): string | undefined {
  const text = asText(field(record, name));
  return text === undefined || text.toUpperCase() === 'N/A' ? undefined : text;
}

/** A plain date stays the text it is: through a time zone it might become the day before. */
function plainDate(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

function country(text: string | undefined): string | undefined {
  const code = text?.toUpperCase();
  if (code === undefined) return undefined;
  return /^[A-Z]{3}$/.test(code) ? code : countries.alpha2ToAlpha3(code);
}

function documentType(text: string | undefined): PersonalData['documentType'] | undefined {
  if (text === undefined) return undefined;
  return Object.hasOwn(documentTypes, text) ? documentTypes[text] : 'other';
}

function addressOf(data: JsonRecord): Writable {
  const address = asRecord(field(data, 'address'));
  const lines = ['line1', 'line2', 'line3', 'line4', 'line5'].map(name => told(address, name));
  return {
    rawAddress: told(address, 'formattedAddress'),
    streetAddress: asText(lines.filter(line => line !== undefined).join(', ')),
    city: told(address, 'city'),
    zip: told(address, 'postalCode'),
    state: told(address, 'subdivision'),
  };
}

function personOf(data: JsonRecord): Writable {
  const issuingCountry = country(told(data, 'issuingCountry'));
  return {
    firstName: told(data, 'firstName'),
    middleName: told(data, 'middleName'),
    lastName: told(data, 'lastName'),
    documentType: documentType(told(data, 'type')),
    documentNumber: told(data, 'documentNumber'),
    secondaryDocumentNumber: told(data, 'personalNumber'),
    birthDate: plainDate(told(data, 'dateOfBirth')),
    expirationDate: plainDate(told(data, 'expiryDate')),
    country: country(told(data, 'nationality')) ?? issuingCountry,
    issuingCountry,
    ...addressOf(data),
  };
}

function extractions(details: JsonRecord): JsonRecord[] {
  const entries = asList(field(asRecord(field(details, 'capabilities')), 'extraction'));
  return entries.map(entry => asRecord(field(asRecord(entry), 'data')));
}

/**
 * One person out of the documents of a run. Fields of different documents are never mixed: of several the one that says
 * most counts, and among equals the same one whatever their order.
 */
export function readPerson(details: JsonRecord): PersonalData | null {
  const people = extractions(details)
    .map(data => Object.entries(personOf(data)).filter(([, value]) => value !== undefined))
    .filter(fields => fields.length > 0)
    .map(fields => ({
      person: Object.fromEntries(fields),
      said: fields.length,
      text: JSON.stringify(fields),
    }));
  people.sort((one, other) => other.said - one.said || (one.text < other.text ? -1 : 1));
  return people[0]?.person ?? null;
}

/** Whether a document had expired on the day the run ended (or began, where no end is told). */
export function hasExpired(details: JsonRecord): boolean {
  const moment = ['completedAt', 'startedAt', 'createdAt'].map(name => told(details, name)).find(Boolean);
  const day = plainDate(moment?.slice(0, 10));
  if (day === undefined) return false;
  return extractions(details).some(data => {
    const expires = plainDate(told(data, 'expiryDate'));
    return expires !== undefined && expires < day;
  });
}
