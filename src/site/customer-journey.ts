/** The verification site's journey over the store and the providers. */
import type { Language } from '../config/config.js';
import type { Event } from '../domain/events.js';
import { builtInLink, externalLink } from '../domain/links.js';
import { currentCheck, isOpen } from '../domain/registration.js';
import type { Organizations, ServedOrganization } from '../providers/organizations.js';
import { type CapturePage, ProviderError, type Session } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { hashSecret } from '../runtime/keyring.js';
import { commitEvent, lookForUploadsJob, submitJob } from '../store/commit.js';
import { commitRun } from '../store/commit-run.js';
import { customerDataOf } from '../store/customer-data.js';
import { addJob } from '../store/jobs.js';
import {
  findRegistration,
  findRegistrationByLink,
  noteCheck,
  noteConsent,
  type StoredRegistration,
} from '../store/registrations.js';
import type { Store } from '../store/store.js';
import { demandsConsent } from './consent.js';
import type {
  CaptureProblem,
  SiteJourney,
  SiteProblem,
  SiteSession,
  SiteView,
  StartRequest,
} from './journey.js';
import { viewOf } from './view.js';

/** What the journey is built on. */
export interface CustomerJourneyOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
  readonly siteBase: string;
  /** where customers who came from Ory go afterwards */
  readonly oryReturnUrl?: string;
  readonly wake: () => void;
  /** resolves when the job of this key was tried once more */
  readonly tried: (jobKey: string) => Promise<void>;
  /** whether an address belongs to the public internet */
  readonly isPublicAddress: (address: string) => boolean;
  readonly onProblem: (registrationId: string, problem: CaptureProblem) => void;
  /** a provider's refusal or silence, for the log */
  readonly onProviderError: (registrationId: string, error: ProviderError) => void;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

interface Visit {
  readonly stored: StoredRegistration;
  readonly via: 'sms' | 'kiosk';
  readonly organization: ServedOrganization;
}

/** How long a customer's browser waits for the provider before it is told to try again. */
const patienceMs = 12_000;

/** Builds the journey. */
export function createCustomerJourney(options: CustomerJourneyOptions): SiteJourney {
  const { store, clock } = options;
  const opening = new Map<string, Promise<SiteSession>>();

  function visitOf(linkId: string): Visit | null {
    const found = findRegistrationByLink(store.main, hashSecret(linkId));
    const organization = found && options.organizations.of(found.stored.row);
    return found && organization ? { ...found, organization } : null;
  }

  function commit(visit: Visit, event: Event, alongside?: () => void): void {
    commitEvent(store.main, {
      registrationId: visit.stored.row.id,
      event,
      policy: visit.organization.policy,
      now: clock.now(),
      ...(alongside === undefined ? {} : { alongside }),
    });
    options.wake();
  }

  function captureOf(visit: Visit): CapturePage {
    const { verificationSite: site } = visit.organization.settings;
    if (site.kind === 'built-in') return visit.organization.provider.page;
    return { kind: 'redirect', sources: { 'form-action': [new URL(site.url).origin] }, workflow: false };
  }

  async function start(linkId: string, request: StartRequest): Promise<SiteProblem | null> {
    const visit = visitOf(linkId);
    if (!visit || !isOpen(visit.stored.registration.status)) return 'over';
    const { row } = visit.stored;
    const now = clock.now();
    const consents = request.consent && row.consent_at === null;
    if (demandsConsent(visit) && row.consent_at === null && !request.consent) return 'consent';
    commit(visit, { kind: 'opened', via: visit.via }, () => {
      noteCheck(store.main, currentCheck(visit.stored.registration).id, { startedAt: now });
    });
    const problem = await describeApplicant(visit, request, consents);
    // one that the provider may not know of is asked for again: it refuses a check without
    if (consents && problem === null) noteConsent(store.main, row.id, now);
    return problem;
  }

  /** Tells the provider what the visit added: the address, if it is the customer's own, and the consent. */
  async function describeApplicant(
    visit: Visit,
    request: StartRequest,
    consents: boolean,
  ): Promise<SiteProblem | null> {
    const applicantRef = await applicantOf(visit);
    if (applicantRef === null) return 'busy';
    const address = request.ipAddress;
    const ipAddress = address !== undefined && options.isPublicAddress(address) ? address : undefined;
    if (!consents && ipAddress === undefined) return null;
    const update = {
      ...(ipAddress === undefined ? {} : { ipAddress, ...countryOf(visit) }),
      ...(consents ? { consentGiven: true } : {}),
    };
    try {
      await visit.organization.provider.updateApplicant(
        applicantRef,
        update,
        AbortSignal.timeout(patienceMs),
      );
      return null;
    } catch (error) {
      return problemOf(visit, error, consents ? 'busy' : null);
    }
  }

  /** The applicant's id; when its job has not been done yet, somebody is waiting for it now. */
  async function applicantOf(visit: Visit): Promise<string | null> {
    const { id, applicant_ref: known } = visit.stored.row;
    if (known !== null) return known;
    const limit = new Promise<void>(resolve => clock.after(patienceMs, resolve));
    await Promise.race([options.tried(`prepare:${id}`), limit]);
    return findRegistration(store.main, id)?.row.applicant_ref ?? null;
  }

  async function session(linkId: string, language: Language, address?: string): Promise<SiteSession> {
    const visit = visitOf(linkId);
    if (!visit || !isOpen(visit.stored.registration.status)) return { kind: 'problem', problem: 'over' };
    const applicantRef = await applicantOf(visit);
    if (applicantRef === null) return { kind: 'problem', problem: 'busy' };
    const site = visit.organization.settings.verificationSite;
    if (site.kind === 'external')
      return { kind: 'redirect', url: externalLink(site.url, applicantRef, language) };
    const { id } = currentCheck(visit.stored.registration);
    const underWay = opening.get(id);
    if (underWay) return await underWay;
    const fresh = openSession(visit, linkId, applicantRef, { language, address }).finally(() =>
      opening.delete(id),
    );
    opening.set(id, fresh);
    return await fresh;
  }

  async function openSession(
    visit: Visit,
    linkId: string,
    applicantRef: string,
    { language, address }: { language: Language; address: string | undefined },
  ): Promise<SiteSession> {
    const check = currentCheck(visit.stored.registration);
    const { settings, provider } = visit.organization;
    const { kratos_identity_id: kratosIdentityId, consent_at: consentAt } = visit.stored.row;
    try {
      const opened = await provider.openSession(
        {
          applicantRef,
          checkId: check.id,
          referrer: settings.provider.referrer ?? `${options.siteBase}/*`,
          language,
          returnUrl: builtInLink(options.siteBase, linkId),
          customer: customerDataOf(store, visit.stored),
          ...(check.checkRef === null ? {} : { checkRef: check.checkRef }),
          ...(kratosIdentityId === null ? {} : { kratosIdentityId }),
          ...countryOf(visit),
          ...(address !== undefined && options.isPublicAddress(address) ? { ipAddress: address } : {}),
          ...(consentAt === null ? {} : { consentAt }),
        },
        AbortSignal.timeout(patienceMs),
      );
      options.failpoint?.('session.opened');
      if (opened.kind === 'finished') {
        hint(visit);
        return { kind: 'problem', problem: 'finished' };
      }
      noteSession(visit, opened);
      return toSiteSession(opened);
    } catch (error) {
      return { kind: 'problem', problem: problemOf(visit, error, 'busy') ?? 'busy' };
    }
  }

  function noteSession(visit: Visit, opened: Session): void {
    const { row, registration } = visit.stored;
    const { id } = currentCheck(registration);
    const runAt = clock.now() + visit.organization.uploadsMs;
    addJob(store.main, lookForUploadsJob(row, id, runAt), clock.now(), 'again');
    if (opened.workflowRunId === undefined) return;
    const { policy } = visit.organization;
    commitRun(store, visit.stored, { checkRef: opened.workflowRunId, policy, now: clock.now() });
    options.wake();
  }

  /** Has the provider asked for what the customer left there. */
  function hint(visit: Visit): void {
    const { id } = currentCheck(visit.stored.registration);
    noteCheck(store.main, id, { hintedAt: clock.now() });
    addJob(store.main, submitJob(visit.stored.row, id, clock.now()), clock.now(), 'again');
    options.wake();
  }

  function problemOf(visit: Visit, error: unknown, problem: SiteProblem | null): SiteProblem | null {
    if (!(error instanceof ProviderError)) throw error;
    options.onProviderError(visit.stored.row.id, error);
    return problem;
  }

  return {
    view(linkId): SiteView | null {
      const visit = visitOf(linkId);
      if (!visit) return null;
      const view = viewOf(visit, captureOf(visit), clock.now());
      const { oryReturnUrl: returnUrl } = options;
      const fromOry = visit.stored.row.channel === 'ory';
      return fromOry && returnUrl !== undefined ? { ...view, returnUrl } : view;
    },
    start,
    session,
    async submit(linkId) {
      const visit = visitOf(linkId);
      if (!visit || !isOpen(visit.stored.registration.status)) return;
      hint(visit);
    },
    problem(linkId, type) {
      const visit = visitOf(linkId);
      if (visit) options.onProblem(visit.stored.row.id, type);
    },
  };
}

function countryOf(visit: Visit): { country?: string } {
  const country = visit.stored.row.country ?? visit.organization.settings.countries[0];
  return country === undefined ? {} : { country };
}

function toSiteSession(opened: Session): SiteSession {
  if (opened.kind === 'redirect') return { kind: 'redirect', url: opened.url ?? '' };
  return {
    kind: 'embedded',
    token: opened.token ?? '',
    ...(opened.workflowRunId === undefined ? {} : { workflowRunId: opened.workflowRunId }),
  };
}
