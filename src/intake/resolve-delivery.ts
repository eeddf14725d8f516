/**
 * The job that finds out whose a check is that we do not know: Onfido's classic events name no applicant, so the check
 * has to be fetched first.
 */
import { mapFindings } from '../domain/mapping.js';
import { severityOf } from '../domain/results.js';
import type { JobHandler } from '../jobs/runner.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import { ProviderError, type Snapshot } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { addAlert, wasAlertedLately } from '../store/alerts.js';
import { commitEvent, readJob } from '../store/commit.js';
import { addJob } from '../store/jobs.js';
import {
  findCheckByRef,
  findRegistration,
  findRegistrationByApplicant,
  noteCheck,
  type StoredRegistration,
} from '../store/registrations.js';
import type { Store } from '../store/store.js';
import type { InboxWriter } from '../store/threads/inbox-writer.js';
import { type CheckSubject, rulesOf } from './read-check.js';

export interface ResolveOptions {
  readonly store: Store;
  readonly inbox: Pick<InboxWriter, 'settle'>;
  readonly clock: Clock;
  readonly organizations: Organizations;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** Builds the handler. */
export function createResolveDelivery(options: ResolveOptions): JobHandler<'resolve'> {
  const { store, clock } = options;
  return {
    async run(job, signal) {
      const { deliveryId, checkRef, workflow } = job.payload;
      const organization = options.organizations.find(job.payload.organization);
      if (!organization) return undefined;
      const known = findCheckByRef(store.main, organization.provider.name, checkRef);
      const owner = known && findRegistration(store.main, known.registration_id);
      if (known && owner) {
        addJob(store.main, readJob(owner.row, known.id, clock.now()), clock.now(), 'again');
        return undefined;
      }
      const snapshot = await fetchIfThere(organization, checkRef, workflow, signal);
      options.failpoint?.('delivery.resolved');
      const stored = snapshot && ownerOf(store, organization, snapshot);
      if (!stored) {
        if (snapshot) noteStranger(options, organization);
        await options.inbox.settle([{ id: deliveryId, outcome: 'foreign' }]);
        return undefined;
      }
      const became = adopt(options, stored, snapshot, { checkRef, workflow });
      if (became === 'ours') return undefined;
      // nothing else says whose it is: Onfido's classic events name no applicant, and an erasure has to find it
      const whose = `${snapshot.applicantRef}/${checkRef}`;
      const outcome = became === 'foreign' ? 'handed_on' : 'ignored';
      await options.inbox.settle([{ id: deliveryId, outcome, checkRef: whose }]);
      return undefined;
    },
  };
}

/** Null when the provider does not know the check for this organization: two may share a webhook, never a token. */
async function fetchIfThere(
  organization: ServedOrganization,
  checkRef: string,
  workflow: boolean,
  signal: AbortSignal,
): Promise<Snapshot | null> {
  try {
    return await organization.provider.fetch(checkRef, workflow, signal);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'missing') return null;
    throw error;
  }
}

const strangerPauseMs = 86_400_000;

/**
 * Where nobody but us is expected to make checks, the operator should know that somebody does; told once a day, since
 * it may be an application of the operator's own, or somebody who makes many.
 */
function noteStranger({ store, clock }: ResolveOptions, { settings, provider }: ServedOrganization): void {
  if (!provider.recordedOnly) return;
  const alert = { code: 'stranger_check', subject: settings.id };
  const now = clock.now();
  if (!wasAlertedLately(store.main, alert, { lastMs: strangerPauseMs, now }))
    addAlert(store.main, alert, now);
}

function ownerOf(
  store: Store,
  organization: ServedOrganization,
  snapshot: Snapshot,
): StoredRegistration | undefined {
  if (snapshot.applicantRef === null) return undefined;
  return findRegistrationByApplicant(store.main, organization.provider.name, snapshot.applicantRef);
}

/**
 * A check that carries our own mark is ours although its making was never answered; it is read like any other. One
 * without it was made by somebody else: it decides nothing, and the operator is told. `spare` is a run of ours about which
 * nothing is to be said: it ran out unused while the customer went on with another, or says no worse than that one.
 */
function adopt(
  options: ResolveOptions,
  stored: StoredRegistration,
  snapshot: Snapshot,
  found: { checkRef: string; workflow: boolean },
): 'ours' | 'foreign' | 'spare' {
  const { store, clock, organizations } = options;
  const now = clock.now();
  const organization = organizations.of(stored.row);
  const checkId = organization?.provider.owner(snapshot);
  const check = stored.checks.find(({ id }) => id === checkId);
  if (!check || !organization) {
    addAlert(store.main, { code: 'foreign_check', subject: stored.row.id }, now);
    return 'foreign';
  }
  const kind = eventOf({ stored, check, organization }, snapshot, found);
  if (kind === null) return 'spare';
  store.main.transaction(() => {
    commitEvent(store.main, {
      registrationId: stored.row.id,
      event: { kind, checkId: check.id, checkRef: found.checkRef },
      policy: organization.policy,
      now,
      alongside: () => noteCheck(store.main, check.id, { workflow: found.workflow }),
    });
    addJob(store.main, readJob(stored.row, check.id, now), now, 'again');
  });
  return 'ours';
}

/** What a run of ours that was not known means for its check. Null: nothing. */
function eventOf(
  { stored, check, organization }: CheckSubject,
  snapshot: Snapshot,
  found: { checkRef: string; workflow: boolean },
): 'run_opened' | 'submitted' | 'run_outdone' | null {
  const kind = found.workflow ? 'run_opened' : 'submitted';
  if (check.check_ref === null || check.check_ref === found.checkRef) return kind;
  const findings = organization.provider.interpret(snapshot);
  if (findings.state === 'pending' || findings.state === 'abandoned') return null;
  if (check.submitted === 0) return kind;
  const outcome = mapFindings(findings, rulesOf(organization, true));
  const known = stored.registration.checks.find(({ id }) => id === check.id)?.lastFinal?.result ?? 'CLEAR';
  // whichever of two runs ended first: a customer who passed in one and was found out in the other was found out
  const worse = outcome.kind === 'final' && severityOf(outcome.result) > severityOf(known);
  return worse ? 'run_outdone' : null;
}
