import { builtInLink } from '../../domain/links.js';
import { currentCheck } from '../../domain/registration.js';
import type { ServedOrganization } from '../../providers/organizations.js';
import { ProviderError, type Session, type SessionRequest } from '../../providers/provider.js';
import type { Clock } from '../../runtime/clock.js';
import { commitEvent, lookForUploadsJob } from '../../store/commit.js';
import { commitRun } from '../../store/commit-run.js';
import { customerDataOf } from '../../store/customer-data.js';
import { addJob } from '../../store/jobs.js';
import { findRegistration, noteCheck, type StoredRegistration } from '../../store/registrations.js';
import type { Store } from '../../store/store.js';
import { isPrepared } from './await-preparation.js';

/** What opening a session for an Ory attempt needs. */
export interface OpenRunOptions {
  readonly store: Store;
  readonly siteBase: string;
}

/** Asks the provider for a session of an attempt. @throws ProviderError, also when there is no applicant yet */
export function openOrySession(
  { store, siteBase }: OpenRunOptions,
  stored: StoredRegistration,
  { settings, provider }: ServedOrganization,
  wish: Partial<Pick<SessionRequest, 'referrer' | 'repeat'>>,
  signal: AbortSignal,
): Promise<Session> {
  const { row, registration } = stored;
  const check = currentCheck(registration);
  if (row.applicant_ref === null) throw new ProviderError('later', 'the provider has no applicant yet');
  const country = row.country ?? settings.countries[0];
  const request: SessionRequest = {
    applicantRef: row.applicant_ref,
    checkId: check.id,
    referrer: settings.provider.referrer ?? wish.referrer ?? `${siteBase}/*`,
    language: row.language,
    returnUrl: builtInLink(siteBase, store.keyring.linkId(row.id, 'kiosk')),
    customer: customerDataOf(store, stored),
    ...(wish.repeat ? { repeat: true } : {}),
    ...(check.checkRef === null ? {} : { checkRef: check.checkRef }),
    ...(row.kratos_identity_id === null ? {} : { kratosIdentityId: row.kratos_identity_id }),
    ...(country === undefined ? {} : { country }),
    ...(row.consent_at === null ? {} : { consentAt: row.consent_at }),
  };
  return provider.openSession(request, signal);
}

/**
 * Opens the provider's run ahead of the customer, where there is one, so that Kratos can be told of it. To be called
 * once the applicant exists; does nothing a second time.
 *
 * @throws ProviderError
 */
export async function prepareRun(
  options: OpenRunOptions & { readonly clock: Clock },
  registrationId: string,
  organization: ServedOrganization,
  wish: Pick<SessionRequest, 'repeat'>,
  signal: AbortSignal,
): Promise<void> {
  const stored = findRegistration(options.store.main, registrationId);
  const external = organization.settings.verificationSite.kind === 'external';
  if (!stored || external || stored.row.applicant_ref === null || isPrepared(stored, organization)) return;
  const opened = await openOrySession(options, stored, organization, wish, signal);
  noteRun(options.store, stored, organization, opened, options.clock.now());
}

/** Remembers the run of an opened session; the session's token is not kept. */
export function noteRun(
  store: Store,
  stored: StoredRegistration,
  { policy }: ServedOrganization,
  opened: Session,
  now: number,
): void {
  const { workflowRunId: checkRef } = opened;
  if (checkRef !== undefined) commitRun(store, stored, { checkRef, policy, now });
}

/** Has uploads looked for some time after the customer went to the capture, in case nobody says that it ended. */
export function noteVisit(
  { main }: Store,
  stored: StoredRegistration,
  organization: ServedOrganization,
  now: number,
): void {
  const { id: checkId } = currentCheck(stored.registration);
  commitEvent(main, {
    registrationId: stored.row.id,
    event: { kind: 'opened', via: 'kiosk' },
    policy: organization.policy,
    now,
    alongside: () => noteCheck(main, checkId, { startedAt: now }),
  });
  addJob(main, lookForUploadsJob(stored.row, checkId, now + organization.uploadsMs), now, 'again');
}
