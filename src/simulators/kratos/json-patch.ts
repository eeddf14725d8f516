/**
 * JSON Patch as Kratos applies it, quirks included: only `add`, `remove` and `replace`; `replace` becomes `add` unless
 * its last segment is a number or `-`; missing or null parents of an `add` are made, as an array when the next segment
 * is a number.
 */

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
type Container = JsonValue[] | { [key: string]: JsonValue };

/** Why a patch was refused. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: JsonValue;
}

const denied = [/^\/id$/i, /^\/stateChangedAt$/i, /^\/credentials$/i, /^\/credentials\/(oidc|saml)(\/.*)?$/i];
const arrayIndex = /^\d+$/;

function readOperation(item: unknown): Operation {
  const given = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
  const { op, path } = given;
  if (typeof op !== 'string' || typeof path !== 'string')
    throw new PatchError('operation without op or path');
  if (!['add', 'remove', 'replace'].includes(op)) throw new PatchError(`unsupported operation: ${op}`);
  if (!path.startsWith('/')) throw new PatchError(`path is not a pointer: ${path}`);
  if (denied.some(pattern => pattern.test(path))) throw new PatchError(`patch includes denied path: ${path}`);
  if (op !== 'remove' && !('value' in given)) throw new PatchError(`missing value for ${path}`);
  return given as unknown as Operation;
}

function decode(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

function isContainer(value: JsonValue | undefined): value is Container {
  return typeof value === 'object' && value !== null;
}

function childOf(parent: Container, segment: string): JsonValue | undefined {
  if (!Array.isArray(parent)) return Object.hasOwn(parent, segment) ? parent[segment] : undefined;
  if (!arrayIndex.test(segment)) throw new PatchError(`array index expected instead of ${segment}`);
  return parent[Number(segment)];
}

function insert(parent: Container, segment: string, value: JsonValue): void {
  if (!Array.isArray(parent)) {
    parent[segment] = value;
  } else if (segment === '-') {
    parent.push(value);
  } else {
    if (!arrayIndex.test(segment)) throw new PatchError(`array index expected instead of ${segment}`);
    if (Number(segment) > parent.length) throw new PatchError('array index out of bounds');
    parent.splice(Number(segment), 0, value);
  }
}

/** A parent that does not exist yet, for what the next segment says it will hold. */
function emptyParent(next: string): Container {
  if (next === '-') return [];
  return arrayIndex.test(next) ? new Array<JsonValue>(Number(next)).fill(null) : {};
}

function parentFor(document: Container, segments: readonly string[], create: boolean): Container {
  let here = document;
  for (const [at, raw] of segments.slice(0, -1).entries()) {
    const segment = decode(raw);
    const child = childOf(here, segment);
    if (isContainer(child)) {
      here = child;
      continue;
    }
    if (child !== undefined && child !== null) throw new PatchError('invalid state detected');
    if (!create || raw.includes('~')) throw new PatchError(`parent does not exist: ${raw}`);
    const made = emptyParent(segments[at + 1] ?? '');
    if (Array.isArray(here)) here[Number(segment)] = made;
    else here[segment] = made;
    here = made;
  }
  return here;
}

function removeFrom(parent: Container, segment: string): void {
  if (childOf(parent, segment) === undefined)
    throw new PatchError(`unable to remove nonexistent key: ${segment}`);
  if (Array.isArray(parent)) parent.splice(Number(segment), 1);
  else delete parent[segment];
}

function applyOne(document: Container, operation: Operation): void {
  const segments = operation.path.slice(1).split('/');
  const last = decode(segments.at(-1) ?? '');
  const strict = operation.op === 'replace' && (arrayIndex.test(last) || last === '-');
  const parent = parentFor(document, segments, operation.op !== 'remove' && !strict);
  if (operation.op === 'remove') removeFrom(parent, last);
  else if (strict) replaceIn(parent, last, structuredClone(operation.value ?? null));
  else insert(parent, last, structuredClone(operation.value ?? null));
}

function replaceIn(parent: Container, last: string, value: JsonValue): void {
  if (childOf(parent, last) === undefined) throw new PatchError(`replace of a missing key: ${last}`);
  if (Array.isArray(parent)) parent[Number(last)] = value;
  else parent[last] = value;
}

/** A patched copy; the given document stays as it is whatever happens. Throws {@link PatchError}. */
export function applyPatch(
  document: { [key: string]: JsonValue },
  patch: unknown,
): { [key: string]: JsonValue } {
  if (!Array.isArray(patch)) throw new PatchError('a patch is an array of operations');
  const operations = patch.map(readOperation);
  const copy = structuredClone(document);
  for (const operation of operations) applyOne(copy, operation);
  return copy;
}
