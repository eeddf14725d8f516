/**
 * Erasing somebody, committed: every row about them is gone, what is still elsewhere is left to jobs, and of a final
 * decline that Ory asked for only the block remains. Nothing here can be undone.
 */
import { standingOf } from '../domain/phase.js';
import type { Db } from './db.js';
import { addErasure, type ErasedApplicant, jobsAbout, type Remains } from './erasures.js';
import { findIdentity, identitiesOfKratos } from './identities.js';
import { removeJobs } from './jobs.js';
import { blockKratosIdentity, findOryPerson } from './ory-people.js';
import { type RegistrationRow, registrationsOf } from './registrations.js';
import type { IdentitiesTable } from './schema.js';
import type { Store } from './store.js';

/** What is stored about somebody, in numbers and ids of ours; also what an erasure did. */
export interface Holding {
  readonly identityId: string;
  readonly organization: string;
  readonly origin: 'kiosk' | 'ory';
  readonly status: string;
  readonly registrations: number;
  readonly pictures: number;
  /** providers that have an applicant of theirs, with how many */
  readonly applicants: Readonly<Record<string, number>>;
  /** places on Kratos identities that are set to null */
  readonly mirrors: number;
  /** turned down for good through Ory: the Kratos identity stays out */
  readonly blocks: boolean;
}

/** An erasure that was committed. */
export interface Erased extends Holding {
  readonly erasureId: string;
}

/** What an erasure of this identity would take away; undefined when there is no such identity. */
export function holdingOf({ main }: Store, identityId: string): Holding | undefined {
  const owner = findIdentity(main, identityId)?.row;
  if (!owner) return undefined;
  const registrations = registrationsOf(main, identityId);
  const remains = remainsOf(main, owner, registrations);
  const applicants: Record<string, number> = {};
  for (const { provider } of remains.applicants) applicants[provider] = (applicants[provider] ?? 0) + 1;
  return {
    identityId,
    organization: owner.organization,
    origin: owner.kratos_identity_id === null ? 'kiosk' : 'ory',
    status: owner.status,
    registrations: registrations.length,
    pictures: countPictures(main, identityId),
    applicants,
    mirrors: remains.mirrors.length,
    blocks: isDeclinedForGood(main, owner),
  };
}

/**
 * Erases an identity. Undefined when there is none (any more).
 *
 * @param inKratos `gone`: Kratos does not know the identity, so that there is nothing to take back
 */
export function eraseIdentity(
  store: Store,
  identityId: string,
  now: number,
  inKratos: 'kept' | 'gone' = 'kept',
): Erased | undefined {
  const { main } = store;
  return main.transaction(() => {
    const holding = holdingOf(store, identityId);
    const owner = findIdentity(main, identityId)?.row;
    if (!holding || !owner) return undefined;
    const all = remainsOf(main, owner, registrationsOf(main, identityId));
    const remains = inKratos === 'gone' ? { ...all, mirrors: [] } : all;
    if (holding.blocks && owner.kratos_identity_id !== null)
      blockKratosIdentity(store, owner.kratos_identity_id, now);
    removeRows(main, identityId);
    removeJobs(main, jobsAbout(all));
    const erasureId = addErasure(store, remains, now);
    return { ...holding, mirrors: remains.mirrors.length, erasureId };
  });
}

/** Erases everybody whom Ory asked about under a Kratos id that Kratos itself does not know (any more). */
export function eraseOrphan(store: Store, kratosId: string, now: number): void {
  for (const { row } of identitiesOfKratos(store.main, kratosId)) eraseIdentity(store, row.id, now, 'gone');
}

/** Has a provider delete what it made for somebody who was erased meanwhile. */
export function eraseLatecomer(
  store: Store,
  identityId: string,
  applicant: ErasedApplicant,
  now: number,
): void {
  const remains = { identityId, registrationIds: [], applicants: [applicant], mirrors: [] };
  store.main.transaction(() => addErasure(store, remains, now));
}

/** Nobody who was turned down comes back as unknown; kiosks know people by their phones, and keep nobody out by a hash. */
function isDeclinedForGood(db: Db, { organization, kratos_identity_id: kratosId }: IdentitiesTable): boolean {
  if (kratosId === null) return false;
  return standingOf(findOryPerson(db, organization, kratosId)?.person ?? null) === 'rejected';
}

function remainsOf(db: Db, owner: IdentitiesTable, registrations: readonly RegistrationRow[]): Remains {
  const mirrors = new Map<string, Remains['mirrors'][number]>();
  for (const { kratos_identity_id: kratosId, organization, provider } of registrations)
    if (kratosId !== null) mirrors.set(`${kratosId} ${provider}`, { kratosId, organization, provider });
  return {
    identityId: owner.id,
    registrationIds: registrations.map(({ id }) => id),
    applicants: registrations.flatMap(row => {
      const { organization, provider, applicant_ref: applicantRef } = row;
      return applicantRef === null
        ? []
        : [{ organization, provider, applicantRef, checkRefs: checkRefsOf(db, row.id) }];
    }),
    mirrors: [...mirrors.values()],
  };
}

function checkRefsOf(db: Db, registrationId: string): string[] {
  const query = 'SELECT check_ref FROM checks WHERE registration_id = ? AND check_ref IS NOT NULL';
  return (db.prepare(query).all(registrationId) as { check_ref: string }[]).map(row => row.check_ref);
}

const ofIdentity = 'SELECT id FROM registrations WHERE identity_id = ?';
const checksOf = `SELECT id FROM checks WHERE registration_id IN (${ofIdentity})`;

function countPictures(db: Db, identityId: string): number {
  const query = `SELECT count(*) AS count FROM documents WHERE check_id IN (${checksOf})`;
  return (db.prepare(query).get(identityId) as { count: number }).count;
}

/** Whatever refers to something goes before it. */
function removeRows(db: Db, identityId: string): void {
  for (const text of [
    `DELETE FROM documents WHERE check_id IN (${checksOf})`,
    `DELETE FROM checks WHERE registration_id IN (${ofIdentity})`,
    `DELETE FROM registration_events WHERE registration_id IN (${ofIdentity})`,
    `DELETE FROM review_cases WHERE registration_id IN (${ofIdentity})`,
    'DELETE FROM notices WHERE identity_id = ?',
    'DELETE FROM registrations WHERE identity_id = ?',
    'DELETE FROM identities WHERE id = ?',
  ])
    db.prepare(text).run(identityId);
}
