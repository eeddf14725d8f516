import type { Policy } from '../domain/policy.js';
import { currentCheck } from '../domain/registration.js';
import { commitEvent } from './commit.js';
import { eraseLatecomer } from './commit-erasure.js';
import { noteCheck, type StoredRegistration } from './registrations.js';
import type { Store } from './store.js';

/**
 * Notes the run that a provider opened for the current check. Where somebody was erased while it was asked, the provider
 * is asked to delete it again.
 */
export function commitRun(
  store: Store,
  stored: StoredRegistration,
  run: { readonly checkRef: string; readonly policy: Policy; readonly now: number },
): void {
  const { row, registration } = stored;
  const { checkRef, policy, now } = run;
  const { id: checkId } = currentCheck(registration);
  const decision = commitEvent(store.main, {
    registrationId: row.id,
    event: { kind: 'run_opened', checkId, checkRef },
    policy,
    now,
    alongside: () => noteCheck(store.main, checkId, { workflow: true }),
  });
  const { organization, provider, applicant_ref: applicantRef } = row;
  if (decision || applicantRef === null) return;
  eraseLatecomer(
    store,
    row.identity_id,
    { organization, provider, applicantRef, checkRefs: [checkRef] },
    now,
  );
}
