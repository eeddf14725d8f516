import { type Admission, admit } from '../domain/admission.js';
import { type Language, languages } from '../domain/languages.js';
import { isOpen } from '../domain/registration.js';
import type { ServedOrganization } from '../providers/organizations.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { newId } from '../runtime/ids.js';
import { seal } from '../runtime/keyring.js';
import { addRegistration } from '../store/commit-registration.js';
import type { Db } from '../store/db.js';
import { newestDeclineOf } from '../store/earlier-declines.js';
import { addIdentity, findIdentityByPhone, type StoredIdentity } from '../store/identities.js';
import {
  findRegistration,
  findRegistrationBySeq,
  newestRegistration,
  type StoredRegistration,
} from '../store/registrations.js';
import type { Store } from '../store/store.js';
import { parsePhone } from './phone.js';
import { refusals } from './refusals.js';
import type { RegistrationRequest } from './schemas.js';
import { demandTextAllowed } from './texts-allowed.js';

/** A kiosk asking for somebody. */
export interface KioskRequest {
  readonly kioskId: string;
  readonly organization: ServedOrganization;
  readonly body: RegistrationRequest;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** The context a phone number is sealed for. */
export function phoneContext(identityId: string): string {
  return `phone of ${identityId}`;
}

/** A language of ours for a tag such as `es-MX`; undefined when we do not speak it. */
export function ourLanguage(tag: string | undefined): Language | undefined {
  const primary = tag?.split(/[_-]/)[0]?.toLowerCase();
  return languages.find(language => language === primary);
}

/**
 * Answers a kiosk's request with a new registration or the one that already answers it (design: "Registrations and
 * identities"). Everything is read and written in one transaction, so that two requests at once make one registration.
 *
 * @throws AppError with a code of `refusals.ts`
 */
export function createRegistration(
  store: Store,
  request: KioskRequest,
  totalDaily: number,
  now: number,
): { created: boolean; stored: StoredRegistration } {
  const { settings } = request.organization;
  const phone = parsePhone(request.body.phone, settings.countries[0] ?? '', settings.countries);
  if (!phone.ok) throw refusals.phone(phone.code);
  return store.main.transaction(() => {
    const phoneIndex = store.keyring.indexOf('phone', phone.e164);
    const known = findIdentityByPhone(store.main, settings.id, phoneIndex);
    const admission: Admission = known ? admissionOf(store.main, known) : { kind: 'new' };
    if (admission.kind === 'rejected_final') throw refusals.rejectedFinal();
    if (admission.kind === 'existing')
      return { created: false, stored: existing(store.main, admission, request) };
    const limited = { identityId: known?.row.id, kioskId: request.kioskId };
    if (request.body.notify !== 'none')
      demandTextAllowed(store.main, limited, { organization: settings, totalDaily }, now);
    const owner = known ?? newIdentity(store, settings.id, phone.e164, phoneIndex, now);
    const stored = addRegistration(store, toRegistration(request, owner, now), now);
    request.failpoint?.('registration.written');
    return { created: true, stored };
  });
}

function admissionOf(db: Db, known: StoredIdentity): Admission {
  const newest = newestRegistration(db, known.row.id)?.registration ?? null;
  const { source } = known.identity;
  const decided = source === null ? null : (findRegistrationBySeq(db, source.seq)?.registration ?? null);
  return admit(known.identity, newest, decided, newestDeclineOf(db, known.row.id) !== null);
}

function existing(
  db: Db,
  admission: Extract<Admission, { kind: 'existing' }>,
  request: KioskRequest,
): StoredRegistration {
  const stored = findRegistration(db, admission.registration.id);
  if (!stored) throw new Error('a registration vanished inside a transaction');
  const asked = request.body.kratosIdentityId?.toLowerCase();
  const { status } = admission.registration;
  // what is decided is the phone's, and no request changes which Kratos identity it was for
  const undecided = isOpen(status) || status === 'in_review';
  if (undecided && asked !== undefined && asked !== stored.row.kratos_identity_id)
    throw refusals.otherKratosIdentity();
  return stored;
}

function newIdentity(
  store: Store,
  organization: string,
  e164: string,
  phoneIndex: Buffer,
  now: number,
): StoredIdentity {
  const id = newId('idn', now);
  const dataKey = store.keyring.createDataKey(id);
  const phoneSealed = seal(dataKey.key, Buffer.from(e164), phoneContext(id));
  return addIdentity(
    store.main,
    {
      id,
      organization,
      phone_index: phoneIndex,
      phone_sealed: phoneSealed,
      data_key: dataKey.wrapped,
      kratos_identity_id: null,
    },
    now,
  );
}

function toRegistration(request: KioskRequest, owner: StoredIdentity, now: number) {
  const { body, organization } = request;
  const { settings, policy, provider } = organization;
  const { firstName, lastName } = body;
  return {
    owner,
    organization: settings.id,
    channel: 'kiosk' as const,
    kioskId: request.kioskId,
    kratosIdentityId: body.kratosIdentityId?.toLowerCase() ?? null,
    provider: provider.name,
    language: ourLanguage(body.language) ?? settings.language,
    country: body.country?.toUpperCase() ?? null,
    customer: firstName !== undefined && lastName !== undefined ? { firstName, lastName } : {},
    notifies: body.notify !== 'none',
    phoneVerified: body.phoneVerified === true,
    externalSite: settings.verificationSite.kind === 'external',
    expiresAt: now + policy.linkMs,
  };
}
