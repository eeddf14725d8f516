/** Taking over what was decided about Kratos identities before this installation was there. */
import { checkIdOf } from '../domain/decide.js';
import { type Standing, standingOf } from '../domain/phase.js';
import { newId } from '../runtime/ids.js';
import { hashSecret } from '../runtime/keyring.js';
import { sql } from './db.js';
import { addIdentity, findIdentityByKratos, saveIdentity } from './identities.js';
import { findOryPerson, isKratosIdentityBlocked } from './ory-people.js';
import { addRegistrationEvent } from './registration-events.js';
import {
  addCheck,
  findCheckByRef,
  findRegistrationByApplicant,
  registrationsOnKratos,
} from './registrations.js';
import { noteDecision } from './review-cases.js';
import type { Store } from './store.js';

/** A decision that was taken elsewhere. */
export interface ForeignDecision {
  readonly organization: string;
  readonly provider: string;
  readonly language: string;
  readonly kratosId: string;
  readonly action: 'register' | 'reject';
  /** when the identity was made; null: unknown */
  readonly createdAt: number | null;
  /** what the provider has of the person, so that it can be deleted there one day */
  readonly refs: { readonly applicantRef: string; readonly checkRef: string | null } | null;
  /** who takes it over, and from where */
  readonly by: string;
  readonly reason: string;
}

/**
 * What stands against taking a decision over: `blocked` erased after a decline, `kiosk` a kiosk wrote that status,
 * `known` decided here, or being decided. Null: nothing.
 */
export type AdoptionObstacle = 'blocked' | 'kiosk' | 'known';

/** Standings about which nobody has said anything final, and nobody is about to. */
const undecided: readonly Standing[] = ['none', 'created', 'expired', 'failed'];

/** Whether a decision about a Kratos identity may be taken over. */
export function adoptionObstacle(
  store: Store,
  { organization, kratosId }: Pick<ForeignDecision, 'organization' | 'kratosId'>,
): AdoptionObstacle | null {
  if (isKratosIdentityBlocked(store, kratosId)) return 'blocked';
  if (registrationsOnKratos(store.main, kratosId).some(({ channel }) => channel !== 'ory')) return 'kiosk';
  const known = findOryPerson(store.main, organization, kratosId);
  return undecided.includes(standingOf(known?.person ?? null)) ? null : 'known';
}

/**
 * Takes a decision over as if a person had taken it here, which it needs to be: no machine of ours has seen anything. It
 * stands until a person decides otherwise. Nothing is asked of the provider, nothing written to Kratos.
 */
export function adoptDecision(store: Store, decision: ForeignDecision, now: number): AdoptionObstacle | null {
  const { main } = store;
  return main.transaction(() => {
    const obstacle = adoptionObstacle(store, decision);
    if (obstacle !== null) return obstacle;
    const owner =
      findIdentityByKratos(main, decision.organization, decision.kratosId) ?? newOwner(store, decision, now);
    const id = newId('reg', now);
    const seq = insertRegistration(store, decision, { id, identityId: owner.row.id }, now);
    insertCheck(store, decision, id, now);
    addRegistrationEvent(main, id, 'decided', now);
    const { action, by, reason } = decision;
    noteDecision(main, newId('case', now), id, { by, action, reason }, now);
    const status = action === 'register' ? 'registered' : 'rejected';
    saveIdentity(main, { id: owner.row.id, status, since: now, source: { seq, by: 'person' } });
    return null;
  });
}

function newOwner({ main, keyring }: Store, { organization, kratosId }: ForeignDecision, now: number) {
  const id = newId('idn', now);
  const data_key = keyring.createDataKey(id).wrapped;
  const row = { id, organization, data_key, kratos_identity_id: kratosId };
  return addIdentity(main, { ...row, phone_index: null, phone_sealed: null }, now);
}

const dayMs = 86_400_000;

function insertRegistration(
  { main, keyring }: Store,
  decision: ForeignDecision,
  { id, identityId }: { id: string; identityId: string },
  now: number,
): number {
  const { refs, provider } = decision;
  const claimed =
    refs !== null && findRegistrationByApplicant(main, provider, refs.applicantRef) !== undefined;
  // not of today: whoever signs up now has the attempts of this hour and day for themselves
  const createdAt = Math.min(decision.createdAt ?? now, now - dayMs);
  return main.run(
    sql.insertInto('registrations').values({
      id,
      organization: decision.organization,
      identity_id: identityId,
      kiosk_id: null,
      kratos_identity_id: decision.kratosId,
      provider,
      status: 'decided',
      created_at: createdAt,
      expires_at: createdAt,
      decided_at: now,
      language: decision.language,
      country: null,
      names_sealed: null,
      notifies: 0,
      phone_verified: 1,
      external_site: 0,
      sms_link_hash: hashSecret(keyring.linkId(id, 'sms')),
      kiosk_link_hash: hashSecret(keyring.linkId(id, 'kiosk')),
      applicant_ref: claimed ? null : (refs?.applicantRef ?? null),
      consent_at: null,
      deadline_passed: createdAt,
      person_action: decision.action,
      person_at: now,
      result: null,
      reason: null,
      told: null,
      revision: 1,
      channel: 'ory',
      open_key: null,
    }),
  ).lastId;
}

function insertCheck(
  { main }: Store,
  { provider, refs }: ForeignDecision,
  registrationId: string,
  now: number,
): void {
  const id = checkIdOf(registrationId, 1);
  addCheck(main, { id, registrationId, provider, attempt: 1 }, now);
  const ref = refs?.checkRef ?? null;
  if (ref === null || findCheckByRef(main, provider, ref)) return;
  main.run(sql.updateTable('checks').set({ check_ref: ref, workflow: 1 }).where('id', '=', id));
}
