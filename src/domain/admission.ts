import type { Identity } from './identity.js';
import type { Registration } from './registration.js';
import { isOpen } from './registration.js';
import { familyOf } from './results.js';

/**
 * What a new request for a known person comes to (design: "Registrations and identities"):
 * `new` a registration is made, `existing` the given one answers, `rejected_final` only a person can undo that.
 */
export type Admission =
  | { readonly kind: 'new' }
  | { readonly kind: 'existing'; readonly registration: Registration }
  | { readonly kind: 'rejected_final' };

/**
 * Decides whether a person may register (again).
 *
 * @param newest the identity's newest registration
 * @param source the registration that gave the identity its status
 */
export function admit(
  identity: Identity,
  newest: Registration | null,
  source: Registration | null,
): Admission {
  if (identity.status === 'registered' || identity.status === 'awaiting_registration') {
    const answer = source ?? newest;
    if (answer) return { kind: 'existing', registration: answer };
  }
  if (newest && (isOpen(newest.status) || newest.status === 'in_review'))
    return { kind: 'existing', registration: newest };
  if (identity.status === 'rejected' && source && isFinalRefusal(source)) return { kind: 'rejected_final' };
  return { kind: 'new' };
}

/** A person's refusal and fraud are final; a document that could not be accepted may be followed by a better one. */
function isFinalRefusal(source: Registration): boolean {
  if (source.person) return source.person.action === 'reject';
  return source.result === null || familyOf(source.result) !== 'rejected';
}
