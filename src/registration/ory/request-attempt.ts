import { mayAttempt } from '../../domain/attempts.js';
import type { CustomerData } from '../../domain/customer.js';
import { type Standing, standingOf } from '../../domain/phase.js';
import { newId } from '../../runtime/ids.js';
import { addRegistration } from '../../store/commit-registration.js';
import { addIdentity, findIdentityByKratos, type StoredIdentity } from '../../store/identities.js';
import {
  attemptsReach,
  countAttempts,
  findOryPerson,
  isKratosIdentityBlocked,
} from '../../store/ory-people.js';
import { findRegistration, type StoredRegistration } from '../../store/registrations.js';
import { ourLanguage } from '../create-registration.js';
import type { OryOrganization, OryParts } from './ory-parts.js';

/** Somebody whom Ory wants checked. */
export interface AttemptRequest {
  /** lower case, never nil */
  readonly kratosId: string;
  readonly language?: string | undefined;
  readonly customer: CustomerData;
}

/** What answers a request. `closed`: decided for good. `used_up`: no further attempt today. */
export type Attempt =
  | {
      readonly kind: 'new';
      readonly standing: Standing;
      readonly stored: StoredRegistration;
      /** the provider hears of it only when the customer comes */
      readonly deferred: boolean;
    }
  | { readonly kind: 'existing'; readonly standing: Standing; readonly stored: StoredRegistration }
  | { readonly kind: 'closed'; readonly standing: Standing }
  | { readonly kind: 'used_up'; readonly standing: Standing };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Begins a check for a Kratos identity, or finds what answers already. Everything is read and written in one transaction;
 * what is keyed by a Kratos id never meets what is keyed by a phone.
 */
export function requestAttempt(
  parts: OryParts,
  served: OryOrganization,
  request: AttemptRequest,
  now: number,
): Attempt {
  const { store, settings } = parts;
  const { id: organization } = served.organization.settings;
  return store.main.transaction((): Attempt => {
    if (isKratosIdentityBlocked(store, request.kratosId)) return { kind: 'closed', standing: 'rejected' };
    const known = findOryPerson(store.main, organization, request.kratosId);
    const standing = standingOf(known?.person ?? null);
    const today = known ? countAttempts(store.main, known.identityId, now - dayMs) : 0;
    const kind = mayAttempt(standing, today, settings.attemptsPerDay);
    if (kind === 'closed' || kind === 'used_up') return { kind, standing };
    if (kind === 'new') return { kind, standing: 'created', ...begin(parts, served, request, now) };
    const stored = known?.newest && findRegistration(store.main, known.newest.id);
    if (!stored) throw new Error('a registration vanished inside a transaction');
    return { kind, standing, stored };
  });
}

function begin(
  { store, settings }: OryParts,
  served: OryOrganization,
  request: AttemptRequest,
  now: number,
): { stored: StoredRegistration; deferred: boolean } {
  const { settings: organization, provider } = served.organization;
  const { kratosId } = request;
  const owner =
    findIdentityByKratos(store.main, organization.id, kratosId) ??
    newIdentity(store, organization.id, kratosId, now);
  const expiresAt = now + settings.attemptMs;
  const deferred = attemptsReach(store.main, settings.attemptsPerHour, now - hourMs);
  const stored = addRegistration(
    store,
    {
      owner,
      organization: organization.id,
      channel: 'ory',
      kioskId: null,
      kratosIdentityId: kratosId,
      provider: provider.name,
      language: ourLanguage(request.language) ?? organization.language,
      country: null,
      customer: request.customer,
      notifies: false,
      // there is no phone to be proven: the person is the one who has the Kratos identity
      phoneVerified: true,
      externalSite: organization.verificationSite.kind === 'external',
      expiresAt,
      // a waiting job that only a customer's visit brings forward; after the deadline it finds nothing to do
      ...(deferred ? { prepareAt: expiresAt + hourMs } : {}),
    },
    now,
  );
  return { stored, deferred };
}

function newIdentity(
  { main, keyring }: OryParts['store'],
  organization: string,
  kratosId: string,
  now: number,
): StoredIdentity {
  const id = newId('idn', now);
  const row = {
    id,
    organization,
    phone_index: null,
    phone_sealed: null,
    data_key: keyring.createDataKey(id).wrapped,
    kratos_identity_id: kratosId,
  };
  return addIdentity(main, row, now);
}
