/** A new registration, committed together with everything that must follow from it. */
import type { CustomerData } from '../domain/customer.js';
import { checkIdOf } from '../domain/decide.js';
import type { NewJob } from '../domain/job.js';
import { newId } from '../runtime/ids.js';
import { hashSecret } from '../runtime/keyring.js';
import { askForMirror, deadlineJob, type JobSubject, providerLane } from './commit.js';
import { sealCustomerData } from './customer-data.js';
import { sql } from './db.js';
import { noteEarlierDecline } from './earlier-declines.js';
import { type StoredIdentity, saveIdentity } from './identities.js';
import { addJob } from './jobs.js';
import { addNotice } from './notices.js';
import { addRegistrationEvent } from './registration-events.js';
import { addCheck, findRegistration, type StoredRegistration } from './registrations.js';
import type { Store } from './store.js';

/** What a registration is made from. */
export interface NewRegistration {
  readonly owner: StoredIdentity;
  readonly organization: string;
  /** `ory`: at most one open attempt for each identity and provider */
  readonly channel: 'kiosk' | 'ory';
  readonly kioskId: string | null;
  readonly kratosIdentityId: string | null;
  readonly provider: string;
  readonly language: string;
  /** alpha-2 */
  readonly country: string | null;
  readonly customer: CustomerData;
  readonly notifies: boolean;
  readonly phoneVerified: boolean;
  readonly externalSite: boolean;
  readonly expiresAt: number;
  /** when the provider hears of the customer; default at once. Whoever comes earlier is not kept waiting for it. */
  readonly prepareAt?: number;
}

/**
 * Adds a registration with its first check, the job that makes the applicant, the deadline, and the link's text (held
 * until an external site knows the applicant). To be called inside a transaction.
 */
export function addRegistration(store: Store, request: NewRegistration, now: number): StoredRegistration {
  const { main, keyring } = store;
  const id = newId('reg', now);
  const { row: owner } = request.owner;
  main.run(
    sql.insertInto('registrations').values({
      id,
      organization: request.organization,
      identity_id: owner.id,
      kiosk_id: request.kioskId,
      kratos_identity_id: request.kratosIdentityId,
      provider: request.provider,
      status: 'created',
      created_at: now,
      expires_at: request.expiresAt,
      decided_at: null,
      language: request.language,
      country: request.country,
      names_sealed: sealCustomerData(store, request.owner, id, request.customer),
      notifies: Number(request.notifies),
      phone_verified: Number(request.phoneVerified),
      external_site: Number(request.externalSite),
      sms_link_hash: hashSecret(keyring.linkId(id, 'sms')),
      kiosk_link_hash: hashSecret(keyring.linkId(id, 'kiosk')),
      applicant_ref: null,
      consent_at: null,
      deadline_passed: null,
      person_action: null,
      person_at: null,
      result: null,
      reason: null,
      told: null,
      channel: request.channel,
      open_key: request.channel === 'ory' ? `${owner.id}:${request.provider}` : null,
    }),
  );
  addCheck(main, { id: checkIdOf(id, 1), registrationId: id, provider: request.provider, attempt: 1 }, now);
  addRegistrationEvent(main, id, 'created', now);
  if (owner.status === 'unknown')
    saveIdentity(main, { ...request.owner.identity, status: 'pending', since: now });
  noteEarlierDecline(main, id);
  const stored = findRegistration(main, id);
  if (!stored) throw new Error('a registration vanished inside its own transaction');
  addJob(main, prepareJob(stored.row, request.prepareAt ?? now), now);
  addJob(main, deadlineJob(stored.row, request.expiresAt), now);
  if (request.kratosIdentityId !== null) askForMirror(main, stored.row, now);
  if (request.notifies) addLinkNotice(store, stored, { nth: 0, held: request.externalSite }, now);
  return stored;
}

/** Has the link texted; `nth` 0 is the first time, each resend one more. `held`: an external site is to be told first. */
export function addLinkNotice(
  store: Store,
  stored: StoredRegistration,
  { nth, held }: { readonly nth: number; readonly held: boolean },
  now: number,
): void {
  const { row } = stored;
  addNotice(
    store.main,
    {
      id: newId('ntc', now),
      registrationId: row.id,
      identityId: row.identity_id,
      organization: row.organization,
      kioskId: row.kiosk_id,
      kind: 'link',
      effectKey: `${row.id}:link:${nth}`,
      held,
    },
    now,
  );
}

/** Making the applicant at the provider. */
export function prepareJob(row: JobSubject, runAt: number): NewJob<'prepare'> {
  return {
    kind: 'prepare',
    key: `prepare:${row.id}`,
    ...providerLane(row),
    payload: { registrationId: row.id },
    runAt,
  };
}
