import countries from 'i18n-iso-countries/index.js';
import { type ApplicantRequest, type ApplicantUpdate, ProviderError } from '../provider.js';
import { apiPath, type OnfidoClient } from './client.js';
import { requireUuid } from './ids.js';
import { applicant } from './payload.js';

/** Onfido refuses names with these; a kiosk's slip of the finger should not end a registration. */
const forbiddenInNames = /[!#$%*=<>;{}"]/g;

function nameOf(text: string): string {
  const name = text.replace(forbiddenInNames, '').trim();
  if (name !== '') return name;
  throw new ProviderError('refused', 'a name without any letter Onfido accepts', { mayHaveActed: false });
}

function locationOf(told: { country?: string; ipAddress?: string }): object | undefined {
  const country =
    told.country === undefined ? undefined : countries.alpha2ToAlpha3(told.country.toUpperCase());
  if (!country && !told.ipAddress) return undefined;
  return {
    ...(told.ipAddress && { ip_address: told.ipAddress }),
    ...(country && { country_of_residence: country }),
  };
}

/**
 * Creates an applicant, each time another one. After a lost answer nothing is looked for: applicants carry no mark of
 * ours, and one of the same name may be somebody else's customer, whose pictures would then count for ours. One that
 * nobody uses costs nothing.
 */
export async function createApplicant(
  client: OnfidoClient,
  request: ApplicantRequest,
  signal: AbortSignal,
): Promise<string> {
  const location = locationOf(request);
  const body = {
    first_name: nameOf(request.firstName),
    last_name: nameOf(request.lastName),
    ...(location && { location }),
  };
  const created = await client.send('POST', apiPath`/applicants`, body, applicant, signal);
  return created.id;
}

/** Writes what is set. Safe to repeat. */
export async function updateApplicant(
  client: OnfidoClient,
  applicantRef: string,
  update: ApplicantUpdate,
  signal: AbortSignal,
): Promise<void> {
  const location = locationOf(update);
  const body = {
    ...(location && { location }),
    ...(update.consentGiven && { consents: [{ name: 'privacy_notices_read', granted: true }] }),
  };
  if (Object.keys(body).length === 0) return;
  await client.run('PUT', apiPath`/applicants/${requireUuid(applicantRef)}`, body, signal);
}

/** Schedules the deletion; gone already is done too. */
export async function deleteApplicant(
  client: OnfidoClient,
  applicantRef: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.run('DELETE', apiPath`/applicants/${requireUuid(applicantRef)}`, null, signal);
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === 'missing')) throw error;
  }
}
