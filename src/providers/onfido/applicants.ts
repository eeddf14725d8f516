import countries from 'i18n-iso-countries/index.js';
import { type ApplicantRequest, type ApplicantUpdate, ProviderError } from '../provider.js';
import { apiPath, type OnfidoClient } from './client.js';
import { requireUuid, type Uuid } from './ids.js';
import { type Applicant, applicant, applicantList } from './payload.js';

const perPage = 50;
const mostPages = 20;

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

/** Creates the applicant, or finds the one that an earlier attempt with unknown outcome left behind. */
export async function createApplicant(
  client: OnfidoClient,
  request: ApplicantRequest,
  signal: AbortSignal,
): Promise<string> {
  const names = { first_name: nameOf(request.firstName), last_name: nameOf(request.lastName) };
  const found = request.repeat ? await findUnclaimed(client, request, names, signal) : null;
  if (found) return found;
  const location = locationOf(request);
  const body = { ...names, ...(location && { location }) };
  const created = await client.send('POST', apiPath`/applicants`, body, applicant, signal);
  return created.id;
}

/**
 * The applicant made by our own lost attempt. With several candidates none is taken: names are often placeholders and
 * the token may be shared, and an applicant too many is harmless where two customers on one would not be.
 */
async function findUnclaimed(
  client: OnfidoClient,
  request: ApplicantRequest,
  names: { first_name: string; last_name: string },
  signal: AbortSignal,
): Promise<Uuid | null> {
  const matches = (await listSince(client, request.since, signal)).filter(
    found =>
      found.first_name === names.first_name &&
      found.last_name === names.last_name &&
      !request.isClaimed(found.id),
  );
  return matches.length === 1 ? (matches[0]?.id ?? null) : null;
}

async function listSince(client: OnfidoClient, since: number, signal: AbortSignal): Promise<Applicant[]> {
  // Onfido's times have whole seconds.
  const earliest = Math.floor(since / 1000) * 1000;
  const found = new Map<Uuid, Applicant>();
  for (let page = 1; page <= mostPages; page++) {
    const query = { page: String(page), per_page: String(perPage) };
    const { applicants } = await client.get(apiPath`/applicants`, applicantList, { query, signal });
    const young = applicants.filter(each => Date.parse(each.created_at ?? '') >= earliest);
    for (const each of young) found.set(each.id, each);
    if (young.length < applicants.length || applicants.length < perPage) break;
  }
  return [...found.values()];
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
