import type { PersonalData } from '../domain/findings.js';
import { open } from '../runtime/keyring.js';
import { type DocumentRow, documentsOf } from '../store/documents.js';
import { findIdentity } from '../store/identities.js';
import { noticesOf } from '../store/notices.js';
import type { CheckRow, StoredRegistration } from '../store/registrations.js';
import { casesOf } from '../store/review-cases.js';
import type { Store } from '../store/store.js';

/** What a reviewer sees of one registration. Holds personal data: for a person's eyes, never for a log. */
export interface CaseDescription {
  readonly registration: string;
  readonly organization: string;
  readonly status: string;
  readonly identityStatus: string;
  readonly result: string | null;
  readonly reason: string | null;
  readonly reasonCodes: readonly string[];
  readonly createdAt: string;
  readonly phone: string | null;
  readonly person: PersonalData | null;
  readonly documents: readonly { kind: string; contentType: string; bytes: number }[];
  readonly notices: readonly { kind: string; status: string }[];
  readonly history: readonly {
    case: string;
    cause: string;
    openedAt: string;
    closedBy: string | null;
    action: string | null;
    reason: string | null;
  }[];
}

/** What describing needs besides the store: the contexts things were sealed for. */
export interface Contexts {
  readonly phone: (identityId: string) => string;
  readonly person: (checkId: string) => string;
}

/** Describes a registration for its reviewer. */
export function describeCase(store: Store, stored: StoredRegistration, contexts: Contexts): CaseDescription {
  const { row, registration, checks } = stored;
  const owner = findIdentity(store.main, row.identity_id);
  const key = owner && store.keyring.unwrapDataKey(owner.row.data_key, owner.row.id);
  const phone =
    owner?.row.phone_sealed && key ? open(key, owner.row.phone_sealed, contexts.phone(owner.row.id)) : null;
  return {
    registration: row.id,
    organization: row.organization,
    status: registration.status,
    identityStatus: owner?.identity.status ?? 'unknown',
    result: registration.result,
    reason: registration.reason,
    reasonCodes: registration.reasonCodes,
    createdAt: new Date(row.created_at).toISOString(),
    phone: phone?.toString() ?? null,
    person: key ? personOf(checks, key, contexts) : null,
    documents: picturesOf(store, stored).map(({ kind, content_type, bytes }) => ({
      kind,
      contentType: content_type,
      bytes,
    })),
    notices: noticesOf(store.main, row.id).map(({ kind, status }) => ({ kind, status })),
    history: casesOf(store.main, row.id).map(entry => ({
      case: entry.id,
      cause: entry.cause,
      openedAt: new Date(entry.opened_at).toISOString(),
      closedBy: entry.closed_by,
      action: entry.action,
      reason: entry.reason,
    })),
  };
}

/** The pictures of all attempts, newest attempt first. */
export function picturesOf(store: Store, stored: StoredRegistration): DocumentRow[] {
  return [...stored.checks].reverse().flatMap(check => documentsOf(store.main, check.id));
}

function personOf(checks: readonly CheckRow[], key: Buffer, contexts: Contexts): PersonalData | null {
  const read = [...checks].reverse().find(({ person_sealed }) => person_sealed !== null);
  if (!read?.person_sealed) return null;
  return JSON.parse(open(key, read.person_sealed, contexts.person(read.id)).toString()) as PersonalData;
}
