import type { Compilable } from 'kysely';
import type { Identity, IdentityStatus } from '../domain/identity.js';
import { type Db, sql } from './db.js';
import type { IdentitiesTable } from './schema.js';

/** An identity with its row. */
export interface StoredIdentity {
  readonly row: IdentitiesTable;
  readonly identity: Identity;
}

/** The identity with this id, or undefined. */
export function findIdentity(db: Db, id: string): StoredIdentity | undefined {
  return load(db.one<IdentitiesTable>(sql.selectFrom('identities').selectAll().where('id', '=', id)));
}

/** The identity of a phone number in an organization, by its keyed index. */
export function findIdentityByPhone(
  db: Db,
  organization: string,
  phoneIndex: Buffer,
): StoredIdentity | undefined {
  return load(
    db.one<IdentitiesTable>(
      sql
        .selectFrom('identities')
        .selectAll()
        .where('organization', '=', organization)
        .where('phone_index', '=', phoneIndex),
    ),
  );
}

/** The identity behind a Kratos id in an organization; never one that a kiosk made for a phone. */
export function findIdentityByKratos(
  db: Db,
  organization: string,
  kratosIdentityId: string,
): StoredIdentity | undefined {
  return load(
    db.one<IdentitiesTable>(
      sql
        .selectFrom('identities')
        .selectAll()
        .where('organization', '=', organization)
        .where('kratos_identity_id', '=', kratosIdentityId),
    ),
  );
}

/** The identities behind a Kratos id, in every organization. Looks at all identities: for commands and rare events. */
export function identitiesOfKratos(db: Db, kratosIdentityId: string): StoredIdentity[] {
  return loadAll(
    db,
    sql.selectFrom('identities').selectAll().where('kratos_identity_id', '=', kratosIdentityId),
  );
}

/** The identities of a phone number, in every organization. Looks at all identities: for commands. */
export function identitiesOfPhone(db: Db, phoneIndex: Buffer): StoredIdentity[] {
  return loadAll(db, sql.selectFrom('identities').selectAll().where('phone_index', '=', phoneIndex));
}

/** Adds an identity of which nothing is known yet. */
export function addIdentity(
  db: Db,
  identity: Pick<
    IdentitiesTable,
    'id' | 'organization' | 'phone_index' | 'phone_sealed' | 'data_key' | 'kratos_identity_id'
  >,
  now: number,
): StoredIdentity {
  const row: IdentitiesTable = {
    ...identity,
    status: 'unknown',
    since: now,
    source_seq: null,
    source_by: null,
    created_at: now,
  };
  db.run(sql.insertInto('identities').values(row));
  return { row, identity: toIdentity(row) };
}

/** Writes the status a decision gave. */
export function saveIdentity(db: Db, identity: Identity): void {
  db.run(
    sql
      .updateTable('identities')
      .set({
        status: identity.status,
        since: identity.since,
        source_seq: identity.source?.seq ?? null,
        source_by: identity.source?.by ?? null,
      })
      .where('id', '=', identity.id),
  );
}

function load(row: IdentitiesTable | undefined): StoredIdentity | undefined {
  return row && { row, identity: toIdentity(row) };
}

function loadAll(db: Db, query: Compilable<IdentitiesTable>): StoredIdentity[] {
  return db.all(query).map(row => ({ row, identity: toIdentity(row) }));
}

function toIdentity(row: IdentitiesTable): Identity {
  return {
    id: row.id,
    status: row.status as IdentityStatus,
    since: row.since,
    source:
      row.source_seq === null
        ? null
        : { seq: row.source_seq, by: row.source_by === 'person' ? 'person' : 'machine' },
  };
}
