import type { Identity } from './identity.js';
import type { Registration } from './registration.js';
import { isOpen } from './registration.js';

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
 * @param declined some registration of theirs was turned down for good, and no person has let them in since
 */
export function admit(
  identity: Identity,
  newest: Registration | null,
  source: Registration | null,
  declined: boolean,
): Admission {
  // an earlier one may turn out to be fraud while a later one is open, or was decided
  if (declined) return { kind: 'rejected_final' };
  if (identity.status === 'registered' || identity.status === 'awaiting_registration') {
    const answer = source ?? newest;
    if (answer) return { kind: 'existing', registration: answer };
  }
  if (newest && (isOpen(newest.status) || newest.status === 'in_review'))
    return { kind: 'existing', registration: newest };
  return { kind: 'new' };
}
