/** What is told on a Kratos identity: where the person stands, and by which of their registrations. */
import { type Phase, settledStanding, standingBy, standingOf } from '../../domain/phase.js';
import type { Organizations } from '../../providers/organizations.js';
import type { Db } from '../../store/db.js';
import { newestDeclineOf } from '../../store/earlier-declines.js';
import { findIdentity } from '../../store/identities.js';
import { findOryPerson, type OryPerson } from '../../store/ory-people.js';
import {
  findRegistrationBySeq,
  newestOfKratosIdentity,
  type StoredRegistration,
} from '../../store/registrations.js';
import type { Store } from '../../store/store.js';

/** A registration and what is told with it. */
export interface Telling {
  readonly stored: StoredRegistration;
  readonly standing: Phase;
}

/**
 * What is told, the same whichever registration for the Kratos identity asks. A check that Ory asked for goes before any
 * that a kiosk made for it, in whichever organization: the two never merge, and only one of them has the provider's place.
 */
export function toldOf(
  { store, organizations }: { readonly store: Store; readonly organizations: Organizations },
  asked: StoredRegistration,
  kratosId: string,
): Telling {
  const { provider } = asked.row;
  const ory = organizations.all.find(({ settings, provider: { name } }) => settings.ory && name === provider);
  const person = ory && findOryPerson(store.main, ory.settings.id, kratosId);
  return person ? ofOryPerson(store.main, asked, person) : ofKioskPerson(store.main, asked, kratosId);
}

/** What the login gate says, so that no login finds it amiss. */
function ofOryPerson(db: Db, asked: StoredRegistration, { person, decisive }: OryPerson): Telling {
  const stored = (decisive === null ? undefined : findRegistrationBySeq(db, decisive)) ?? asked;
  const standing = standingOf(person);
  return {
    stored,
    standing: standing === 'none' ? standingBy(stored.registration, person.status) : standing,
  };
}

/**
 * A kiosk knows people by their phones, so the Kratos identity is told of whoever named it last. What was decided about
 * them is told whatever was begun since, and a refusal whichever Kratos identity it was for; but only a check for this
 * one approves it.
 */
function ofKioskPerson(db: Db, asked: StoredRegistration, kratosId: string): Telling {
  const newest = newestOfKratosIdentity(db, kratosId, asked.row.organization) ?? asked;
  const identity = findIdentity(db, newest.row.identity_id)?.identity;
  // erased while Kratos was asked
  if (!identity) return { stored: newest, standing: standingBy(newest.registration, 'unknown') };
  const source = identity.source && findRegistrationBySeq(db, identity.source.seq);
  const settled = settledStanding(identity.status, source?.registration ?? null);
  const elsewhere = settled === 'registered' && source?.row.kratos_identity_id !== kratosId;
  if (settled && !elsewhere) return { stored: source ?? newest, standing: settled };
  const place = newestDeclineOf(db, identity.id);
  const declined = place === null ? undefined : findRegistrationBySeq(db, place);
  if (declined) return { stored: declined, standing: 'rejected' };
  return { stored: newest, standing: standingBy(newest.registration, identity.status) };
}
