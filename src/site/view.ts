import type { Language } from '../config/config.js';
import { currentCheck, type Registration } from '../domain/registration.js';
import type { Result } from '../domain/results.js';
import type { ServedOrganization } from '../providers/organizations.js';
import type { CapturePage } from '../providers/provider.js';
import type { StoredRegistration } from '../store/registrations.js';
import { demandsConsent } from './consent.js';
import type { SiteEnding, SiteState, SiteView } from './journey.js';
import { vendorOf } from './vendors.js';

/** What a link's page shows, from what is stored. */
export function viewOf(
  of: { stored: StoredRegistration; organization: ServedOrganization },
  capture: CapturePage,
  now: number,
): SiteView {
  const { row, registration } = of.stored;
  const { settings, provider } = of.organization;
  const state = stateOf(of.stored, now);
  const ending = state === 'done' ? endingOf(registration) : undefined;
  const result = resultFor(registration);
  return {
    state,
    ...(ending === undefined ? {} : { ending }),
    ...(result === null ? {} : { result }),
    resubmission: currentCheck(registration).attempt > 1,
    consentNeeded: demandsConsent(of),
    consentGiven: row.consent_at !== null,
    organization: { name: settings.name },
    language: row.language as Language,
    minutesLeft: Math.max(0, Math.ceil((registration.expiresAt - now) / 60_000)),
    capture,
    vendor: vendorOf(provider.name),
  };
}

function stateOf(stored: StoredRegistration, now: number): SiteState {
  const { registration } = stored;
  switch (registration.status) {
    // what is clear and only waits to be registered is over for the customer
    case 'in_review':
      return registration.result === 'CLEAR' ? 'done' : 'in_review';
    case 'submitted':
    case 'expired':
    case 'failed':
      return registration.status;
    case 'decided':
      return 'done';
    default:
      return openState(stored, now);
  }
}

function openState(stored: StoredRegistration, now: number): SiteState {
  const check = stored.checks.at(-1);
  if (check?.hinted_at != null) return 'submitted';
  if (now >= stored.registration.expiresAt) return 'expired';
  return check?.started_at == null ? 'ready' : 'capturing';
}

function endingOf(registration: Registration): SiteEnding {
  const { person, result, status } = registration;
  if (status === 'in_review') return 'awaiting';
  if (person) return person.action === 'register' ? 'registered' : 'rejected';
  return result === 'CLEAR' ? 'registered' : 'rejected';
}

/** A customer whom a reviewer lets start over is told what one is told who may try again. */
function resultFor(registration: Registration): Result | null {
  return registration.person?.action === 'again' ? 'REJECTED' : registration.result;
}
