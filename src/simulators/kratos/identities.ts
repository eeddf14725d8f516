import { randomUUID } from 'node:crypto';
import { asFields, type Fields, isUuid } from '../wire/fields.js';
import type { Schedule } from '../wire/schedule.js';
import { badRequest, KratosError, notFound } from './errors.js';
import { applyPatch, type JsonValue, PatchError } from './json-patch.js';

/** An identity as the admin API returns it. */
export interface Identity {
  readonly id: string;
  schema_id: string;
  readonly schema_url: string;
  state: 'active' | 'inactive';
  state_changed_at: string;
  traits: { [key: string]: JsonValue };
  metadata_public: JsonValue;
  metadata_admin: JsonValue;
  external_id?: string;
  readonly organization_id: string | null;
  readonly verifiable_addresses: JsonValue[];
  readonly recovery_addresses: JsonValue[];
  readonly created_at: string;
  updated_at: string;
}

/** A PATCH as it arrived. */
export interface PatchRecord {
  readonly identityId: string;
  readonly operations: unknown;
  /** epoch milliseconds on the simulator's clock */
  readonly at: number;
  /** 200, 400 or 404; calls that a fault swallowed before acting are not here */
  readonly status: number;
}

/** The identities and what may be done to them. */
export interface Identities {
  readonly all: Map<string, Identity>;
  readonly patches: PatchRecord[];
  /** identities whose traits no longer fit their schema: every PATCH fails */
  readonly unfit: Set<string>;
  create(fields: Fields): Identity;
  find(id: string): Identity;
  patch(id: string, operations: unknown): Identity;
  remove(id: string): void;
}

function isPlainObject(value: unknown): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Takes over what the admin may change. Unknown top-level keys vanish, as when Kratos reads them into its type. */
function takeOver(identity: Identity, patched: { [key: string]: JsonValue }, now: string): void {
  const { traits, state, schema_id: schemaId, external_id: externalId } = patched;
  if (!isPlainObject(traits)) throw badRequest('I[#/traits] S[#] expected object');
  if (state !== 'active' && state !== 'inactive') throw badRequest('identity state is not valid');
  if (typeof schemaId !== 'string') throw badRequest('schema_id is not valid');
  if (identity.state !== state) identity.state_changed_at = now;
  identity.traits = traits;
  identity.state = state;
  identity.schema_id = schemaId;
  identity.metadata_public = patched.metadata_public ?? null;
  identity.metadata_admin = patched.metadata_admin ?? null;
  if (typeof externalId === 'string') identity.external_id = externalId;
  identity.updated_at = now;
}

function patched(identity: Identity, operations: unknown): { [key: string]: JsonValue } {
  try {
    return applyPatch({ ...identity } as unknown as { [key: string]: JsonValue }, operations);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    const message = `failed to apply JSON patch: ${error.message}`;
    throw new KratosError(400, message, 'An error occurred when applying the JSON patch');
  }
}

function newIdentity(fields: Fields, schemaUrl: string, now: string): Identity {
  const { traits, state, external_id: externalId } = fields;
  if (!isPlainObject(traits)) throw badRequest('traits are missing');
  return {
    id: isUuid(fields.id) ? fields.id : randomUUID(),
    schema_id: String(fields.schema_id ?? 'default'),
    schema_url: schemaUrl,
    state: state === 'inactive' ? 'inactive' : 'active',
    state_changed_at: now,
    traits,
    metadata_public: (fields.metadata_public ?? null) as JsonValue,
    metadata_admin: (fields.metadata_admin ?? null) as JsonValue,
    ...(typeof externalId === 'string' ? { external_id: externalId } : {}),
    organization_id: null,
    verifiable_addresses: [],
    recovery_addresses: [],
    created_at: now,
    updated_at: now,
  };
}

/** An empty store. `schemaUrl` is asked for when it is needed, since the address is known late. */
export function createIdentities(schedule: Schedule, schemaUrl: () => string): Identities {
  const all = new Map<string, Identity>();
  const patches: PatchRecord[] = [];
  const unfit = new Set<string>();
  const now = () => new Date(schedule.now()).toISOString();

  function find(id: string): Identity {
    const identity = all.get(id.toLowerCase());
    if (!identity) throw notFound();
    return identity;
  }

  function patch(id: string, operations: unknown): Identity {
    const identity = find(id);
    const next = patched(identity, operations);
    if (unfit.has(identity.id))
      throw badRequest('I[#/traits] S[#/properties/traits/required] missing properties: "email"');
    takeOver(identity, next, now());
    return identity;
  }

  return {
    all,
    patches,
    unfit,
    find,
    create(fields) {
      const email = asFields(fields.traits).email;
      if (email !== undefined && [...all.values()].some(other => other.traits.email === email))
        throw new KratosError(409, 'The resource could not be created due to a conflict');
      const identity = newIdentity(fields, schemaUrl(), now());
      all.set(identity.id, identity);
      return identity;
    },
    patch(id, operations) {
      const record = { identityId: id, operations, at: schedule.now() };
      try {
        const identity = patch(id, operations);
        patches.push({ ...record, status: 200 });
        return identity;
      } catch (error) {
        patches.push({ ...record, status: error instanceof KratosError ? error.status : 500 });
        throw error;
      }
    },
    remove: id => void all.delete(find(id).id),
  };
}
