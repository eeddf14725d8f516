/** What was read from the document, out of the `properties` of document reports. Pure and total. */
import countries from 'i18n-iso-countries/index.js';
import type { PersonalData } from '../../domain/findings.js';
import { asList, asRecord, asText, field, type JsonRecord } from '../json.js';

type Writable = { -readonly [Key in keyof PersonalData]?: PersonalData[Key] | undefined };

const documentTypes = [
  'national_identity_card',
  'driving_licence',
  'passport',
  'voter_id',
  'work_permit',
  'residence_permit',
] as const;

function documentType(value: unknown): PersonalData['documentType'] | undefined {
  const text = asText(value)?.toLowerCase();
  return text === undefined ? undefined : (documentTypes.find(known => known === text) ?? 'other');
}

/** A plain date stays the text it is: through a time zone it might become the day before. */
function plainDate(value: unknown): string | undefined {
  const text = asText(value);
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

function country(value: unknown): string | undefined {
  const text = asText(value)?.toUpperCase();
  if (text === undefined) return undefined;
  return /^[A-Z]{3}$/.test(text) ? text : countries.alpha2ToAlpha3(text);
}

/** The document's own number first, then the others in the order given. */
function numbersOf(properties: JsonRecord): string[] {
  const listed = asList(field(properties, 'document_numbers')).map(asRecord);
  const isMain = (entry: JsonRecord) => field(entry, 'type') === 'document_number';
  const ordered = [...listed.filter(isMain), ...listed.filter(entry => !isMain(entry))];
  const values = [
    ...ordered.map(entry => asText(field(entry, 'value'))),
    asText(field(properties, 'document_number')),
    asText(field(properties, 'personal_number')),
  ];
  return [...new Set(values.filter(value => value !== undefined))];
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return asText(parts.filter(part => part !== undefined).join(', '));
}

function addressOf(properties: JsonRecord): Writable {
  const lines = asRecord(field(properties, 'address_lines'));
  const line = (name: string) => asText(field(lines, name));
  const barcode = asRecord(asList(field(properties, 'barcode'))[0]);
  const printed = [1, 2, 3, 4, 5].map(index => asText(field(barcode, `address_line_${index}`)));
  const parts = [line('street_address'), line('city'), line('state'), line('postal_code'), line('country')];
  return {
    rawAddress: asText(field(properties, 'address')) ?? joined(parts) ?? joined(printed),
    streetAddress: line('street_address') ?? printed[0],
    city: line('city'),
    zip: line('postal_code'),
    state: line('state'),
  };
}

function personOf(properties: JsonRecord): Writable {
  const [documentNumber, secondaryDocumentNumber] = numbersOf(properties);
  const issuingCountry = country(field(properties, 'issuing_country'));
  return {
    firstName: asText(field(properties, 'first_name')),
    middleName: asText(field(properties, 'middle_name')),
    lastName: asText(field(properties, 'last_name')),
    documentType: documentType(field(properties, 'document_type')),
    documentNumber,
    secondaryDocumentNumber,
    birthDate: plainDate(field(properties, 'date_of_birth')),
    expirationDate: plainDate(field(properties, 'date_of_expiry')),
    country: country(field(properties, 'nationality')) ?? issuingCountry,
    issuingCountry,
    ...addressOf(properties),
  };
}

function onlySet(person: Writable): PersonalData {
  return Object.fromEntries(Object.entries(person).filter(([, value]) => value !== undefined));
}

/**
 * One person out of the document reports of a check. Fields of different documents are never mixed: of several
 * reports the one that says most counts, and among equals the same one whatever their order.
 */
export function readPerson(documentReports: readonly unknown[]): PersonalData | null {
  const people = documentReports
    .map(report => onlySet(personOf(asRecord(field(asRecord(report), 'properties')))))
    .filter(person => Object.keys(person).length > 0)
    .map(person => ({ person, said: Object.keys(person).length, text: JSON.stringify(person) }));
  people.sort((one, other) => other.said - one.said || (one.text < other.text ? -1 : 1));
  return people[0]?.person ?? null;
}
