import { isIP } from 'node:net';
import { asFields, asText, type Fields } from '../wire/fields.js';
import { invalid } from './errors.js';
import type { ApplicantWire, Consent } from './world.js';

const name = /^[^!#$%*=<>;{}"]*$/;
const addressLine = /^[^!$%^*=<>]*$/;
const alpha3 = /^[A-Z]{3}$/;
const plainDate = /^\d{4}-\d{2}-\d{2}$/;
const consentNames = ['privacy_notices_read', 'ssn_verification', 'phone_number_verification'];
const addressParts = [
  'flat_number',
  'building_number',
  'building_name',
  'street',
  'sub_street',
  'town',
  'postcode',
  'country',
  'state',
  'line1',
  'line2',
  'line3',
];

type Problems = Record<string, unknown>;

function checkName(body: Fields, field: string, creating: boolean, problems: Problems): void {
  const value = body[field];
  if (value === undefined && !creating) return;
  if (typeof value !== 'string' || value.trim() === '') problems[field] = ["can't be blank"];
  else if (!name.test(value)) problems[field] = ['contains invalid characters'];
}

function checkText(body: Fields, field: string, pattern: RegExp, problems: Problems): void {
  const value = body[field];
  if (value === undefined || value === null) return;
  if (typeof value !== 'string' || !pattern.test(value)) problems[field] = ['is invalid'];
}

/** Problems of a location as it comes with an applicant or an upload. */
export function locationProblems(value: unknown): Problems {
  const { ip_address: ip, country_of_residence: country } = asFields(value);
  const problems: Problems = {};
  if (ip !== undefined && ip !== null && isIP(String(ip)) === 0) problems.ip_address = ['is invalid'];
  if (country !== undefined && country !== null && !alpha3.test(String(country)))
    problems.country_of_residence = ['is not a valid country'];
  return problems;
}

function addressProblems(value: unknown): Problems {
  const address = asFields(value);
  const problems: Problems = {};
  if (!asText(address.postcode)) problems.postcode = ["can't be blank"];
  if (!alpha3.test(String(address.country))) problems.country = ['is not a valid country'];
  for (const line of ['line1', 'line2', 'line3']) checkText(address, line, addressLine, problems);
  return problems;
}

function consentsAreWrong(value: unknown): boolean {
  if (!Array.isArray(value)) return true;
  return value.map(asFields).some(item => {
    return !consentNames.includes(String(item.name)) || typeof item.granted !== 'boolean';
  });
}

/** Throws what is wrong with an applicant's fields; `creating` asks for the names. */
export function checkApplicant(body: Fields, creating: boolean): void {
  const problems: Problems = {};
  checkName(body, 'first_name', creating, problems);
  checkName(body, 'last_name', creating, problems);
  checkText(body, 'email', /^[^@\s]+@[^@\s]+\.[^@\s]+$/, problems);
  checkText(body, 'dob', plainDate, problems);
  checkText(body, 'phone_number', /^[^!#$%*=<>;{}"]*$/, problems);
  for (const [field, found] of [
    ['location', body.location == null ? {} : locationProblems(body.location)],
    ['address', body.address == null ? {} : addressProblems(body.address)],
  ] as const) {
    if (Object.keys(found).length > 0) problems[field] = [found];
  }
  if (body.consents !== undefined && consentsAreWrong(body.consents)) problems.consents = ['is invalid'];
  if (body.id_numbers !== undefined && !Array.isArray(body.id_numbers)) problems.id_numbers = ['is invalid'];
  if (Object.keys(problems).length > 0) throw invalid(problems);
}

/** Lays a location over the applicant's: parts that are not given stay. */
export function mergeLocation(wire: ApplicantWire, value: unknown): void {
  const given = asFields(value);
  wire.location = {
    ip_address: asText(given.ip_address) ?? wire.location.ip_address,
    country_of_residence: asText(given.country_of_residence) ?? wire.location.country_of_residence,
  };
}

/** Writes the given fields; an address and id numbers are replaced as a whole. */
export function writeApplicant(wire: ApplicantWire, body: Fields): void {
  wire.first_name = asText(body.first_name) ?? wire.first_name;
  wire.last_name = asText(body.last_name) ?? wire.last_name;
  for (const field of ['email', 'dob', 'phone_number'] as const) {
    if (body[field] !== undefined) wire[field] = asText(body[field]) ?? null;
  }
  if (body.location != null) mergeLocation(wire, body.location);
  if (body.address != null) {
    const address = asFields(body.address);
    wire.address = Object.fromEntries(addressParts.map(part => [part, address[part] ?? null]));
  }
  if (Array.isArray(body.id_numbers)) wire.id_numbers = body.id_numbers;
}

/** The consents of a request. */
export function readConsents(value: unknown, now: string): Consent[] {
  if (!Array.isArray(value)) return [];
  return value.map(asFields).map(item => {
    const granted = item.granted === true;
    return { name: String(item.name), granted, granted_at: granted ? now : null };
  });
}
