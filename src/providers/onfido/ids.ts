/** Onfido's ids, and our mark on what we create there. Only ids of the types below ever enter a path. */
import { ProviderError } from '../provider.js';

/** The id of everything at Onfido but workflow tasks. */
export type Uuid = string & { readonly brand: 'uuid' };

/** The id of a workflow task. */
export type TaskId = string & { readonly brand: 'task' };

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const taskPattern = /^[0-9a-z_-]{1,128}$/;
const checkIdPattern = /^[\w-]{1,100}$/;
const mark = 'gatehouse:';

export function isUuid(value: unknown): value is Uuid {
  return typeof value === 'string' && uuidPattern.test(value);
}

export function isTaskId(value: unknown): value is TaskId {
  return typeof value === 'string' && taskPattern.test(value);
}

/** @throws {ProviderError} `refused`, without repeating the text, which may be anything */
export function requireUuid(value: string): Uuid {
  if (isUuid(value)) return value;
  throw new ProviderError('refused', 'not an id of Onfido', { mayHaveActed: false });
}

/** The tag on checks and workflow runs by which we recognise them. */
export function ownerTag(checkId: string): string {
  if (checkIdPattern.test(checkId)) return mark + checkId;
  throw new ProviderError('refused', 'a check id that cannot be a tag', { mayHaveActed: false });
}

/** Our check id from the tags of a check or run; null when there is none, or more than one, which nobody of us makes. */
export function ownerOf(tags: unknown): string | null {
  if (!Array.isArray(tags)) return null;
  const ids = tags
    .filter((tag): tag is string => typeof tag === 'string' && tag.startsWith(mark))
    .map(tag => tag.slice(mark.length));
  const [only] = ids;
  return ids.length === 1 && only !== undefined && checkIdPattern.test(only) ? only : null;
}
