/** What may be asked for when a workflow is begun, as strictly as the guide says. */
import { isIP } from 'node:net';
import { asFields, asText, type Fields } from '../wire/fields.js';
import { JumioError } from './errors.js';

/** A request that was found in order. */
export interface Initiation {
  readonly customerInternalReference: string;
  readonly userReference: string | null;
  readonly definitionKey: string;
  readonly callbackUrl: string | null;
  readonly successUrl: string | null;
  readonly errorUrl: string | null;
  readonly locale: string;
  readonly lifeMs: number;
  readonly userConsent: unknown;
}

const known = [
  'customerInternalReference',
  'workflowDefinition',
  'userReference',
  'reportingCriteria',
  'callbackUrl',
  'tokenLifetime',
  'web',
  'userConsent',
];

function refuse(detail: string): never {
  throw new JumioError(400, detail);
}

function url(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.length > 255 || !URL.canParse(value)) refuse(`${name} is not a URL`);
  const { protocol, hostname, port, hash, username } = new URL(value);
  if (protocol !== 'https:') refuse(`${name} must use https`);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) refuse(`${name} must not be an IP address`);
  if (port !== '' || /^https:\/\/[^/?#]*:\d+/i.test(value)) refuse(`${name} must not have a port`);
  if (hash !== '' || username !== '') refuse(`${name} must not have a fragment or credentials`);
  return value;
}

function reference(fields: Fields, name: string): string | null {
  const value = asText(fields[name]);
  if (value === undefined) return null;
  if (value.length > 100) refuse(`${name} is longer than 100 characters`);
  return value;
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function lifeOf(value: unknown): number {
  if (value === undefined) return 30 * 60_000;
  const [, number = '', unit = ''] = /^\+?(\d+)([smhd])$/.exec(String(value)) ?? [];
  const life = Number(number) * (units[unit] ?? Number.NaN);
  if (!(life >= 5 * 60_000 && life <= 60 * 86_400_000)) refuse('tokenLifetime must be from 5m to 60d');
  return life;
}

function consentOf(value: unknown): unknown {
  if (value === undefined) return null;
  const consent = asFields(value);
  const country = asText(asFields(consent.userLocation).country);
  if (country !== undefined && !/^[A-Z]{3}$/.test(country)) refuse('userLocation.country must be alpha-3');
  const { obtained, obtainedAt } = asFields(consent.consent);
  if (country === 'USA' && obtained === undefined) refuse('consent is mandatory for users in the USA');
  if (obtained !== undefined && !['yes', 'no', 'na'].includes(String(obtained)))
    refuse('consent.obtained must be yes, no or na');
  if (obtained === 'yes' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(obtainedAt)))
    refuse('consent.obtainedAt must be a moment in UTC');
  return value;
}

/** @throws {JumioError} 400 with what is wrong */
export function readInitiation(body: unknown): Initiation {
  const fields = asFields(body);
  for (const name of Object.keys(fields)) if (!known.includes(name)) refuse(`unknown field ${name}`);
  const customer = reference(fields, 'customerInternalReference') ?? '';
  if (customer === '' || /[<>"/;\\`%{}|]/.test(customer))
    refuse('customerInternalReference is missing or has characters that are not allowed');
  const { key } = asFields(fields.workflowDefinition);
  if (!/^\d+$/.test(String(key))) refuse('workflowDefinition.key must be a number');
  const web = asFields(fields.web);
  const locale = asText(web.locale) ?? 'en';
  if (locale.length > 5) refuse('web.locale is longer than 5 characters');
  return {
    customerInternalReference: customer,
    userReference: reference(fields, 'userReference'),
    definitionKey: String(key),
    callbackUrl: url(fields, 'callbackUrl'),
    successUrl: url(web, 'successUrl'),
    errorUrl: url(web, 'errorUrl'),
    locale,
    lifeMs: lifeOf(fields.tokenLifetime),
    userConsent: consentOf(fields.userConsent),
  };
}
