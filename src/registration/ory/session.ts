/** `session`: an application's own page or app asks for what it starts the vendor's capture with. */
import { builtInLink } from '../../domain/links.js';
import { phaseOf } from '../../domain/phase.js';
import { currentCheck } from '../../domain/registration.js';
import { ProviderError, type Session } from '../../providers/provider.js';
import { AppError } from '../../runtime/app-error.js';
import { readJob, submitJob } from '../../store/commit.js';
import { addJob } from '../../store/jobs.js';
import { findRegistration, noteCheck, type StoredRegistration } from '../../store/registrations.js';
import { awaitPreparation } from './await-preparation.js';
import { noteRun, noteVisit, openOrySession } from './open-run.js';
import type { OryOrganization, OryParts } from './ory-parts.js';
import { requestAttempt } from './request-attempt.js';

/** Whose session, and the page it is for. */
export interface SessionWish {
  readonly kratosId: string;
  /** undefined for an app */
  readonly origin: string | undefined;
  readonly language: string | undefined;
}

/** How long a customer's page waits for the provider. */
const patienceMs = 10_000;

/**
 * Opens a session for the identity's open attempt, or begins one.
 *
 * @throws AppError 409 when it is decided already, 429 when all attempts of the day are used, 503 while the provider is
 *   silent
 */
export async function openSession(
  parts: OryParts,
  served: OryOrganization,
  wish: SessionWish,
): Promise<object> {
  const first = await opened(parts, served, wish, currentAttempt(parts, served, wish));
  if (first !== 'over') return first;
  // the provider's run had ended without a result, and with it the attempt: a new one, once
  const second = await opened(parts, served, wish, currentAttempt(parts, served, wish));
  if (second === 'over') throw busy();
  return second;
}

function currentAttempt(parts: OryParts, served: OryOrganization, wish: SessionWish): StoredRegistration {
  const request = { kratosId: wish.kratosId, language: wish.language, customer: {} };
  const attempt = requestAttempt(parts, served, request, parts.clock.now());
  parts.wake();
  if (attempt.kind === 'used_up')
    throw new AppError('attempts_used_up', 429, 'There have been as many attempts today as there may be.');
  if (attempt.kind === 'closed' || attempt.standing === 'awaiting')
    throw new AppError(
      'already_decided',
      409,
      'There is nothing to verify: it is decided, or a person looks at it.',
    );
  return attempt.stored;
}

async function opened(
  parts: OryParts,
  served: OryOrganization,
  wish: SessionWish,
  attempt: StoredRegistration,
): Promise<object | 'over'> {
  const { organization } = served;
  if (phaseOf(attempt.registration) === 'submitted') return represent(parts, served, attempt, null);
  const stored = await awaitPreparation(parts, attempt, organization, patienceMs);
  try {
    const referrer = wish.origin === undefined ? {} : { referrer: `${wish.origin}/*` };
    const signal = AbortSignal.timeout(patienceMs);
    const session = await openOrySession(parts, stored, organization, referrer, signal);
    note(parts, served, stored, session);
    return represent(parts, served, findRegistration(parts.store.main, stored.row.id) ?? stored, session);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'refused' && (await endedMeanwhile(parts, stored))) return 'over';
    throw busy(error);
  }
}

function note(
  parts: OryParts,
  { organization }: OryOrganization,
  stored: StoredRegistration,
  session: Session,
) {
  const { store, clock } = parts;
  const now = clock.now();
  if (session.kind === 'finished') {
    const { id } = currentCheck(stored.registration);
    noteCheck(store.main, id, { hintedAt: now });
    addJob(store.main, submitJob(stored.row, id, now), now, 'again');
  } else {
    noteVisit(store, stored, organization, now);
    noteRun(store, stored, organization, session, now);
  }
  parts.wake();
}

/** A run that takes no customer any more is read: abandoned or expired, its attempt is over as well. */
async function endedMeanwhile(parts: OryParts, stored: StoredRegistration): Promise<boolean> {
  const { store, clock } = parts;
  const check = currentCheck(stored.registration);
  if (check.checkRef === null) return false;
  const job = readJob(stored.row, check.id, clock.now());
  addJob(store.main, job, clock.now(), 'again');
  await parts.tried(job.key);
  const now = findRegistration(store.main, stored.row.id);
  return now !== undefined && phaseOf(now.registration) !== phaseOf(stored.registration);
}

function busy(cause?: unknown): AppError {
  return new AppError('provider_busy', 503, 'The identity provider does not answer; try again.', {
    cause,
    retryAfterSeconds: 5,
  });
}

function represent(
  { store, siteBase }: OryParts,
  { words }: OryOrganization,
  stored: StoredRegistration,
  session: Session | null,
): object {
  const { expiresAt } = stored.registration;
  const until = session === null ? expiresAt : Math.min(expiresAt, session.expiresAt);
  return {
    status: words.statuses[phaseOf(stored.registration)],
    verification_url: builtInLink(siteBase, store.keyring.linkId(stored.row.id, 'kiosk')),
    ...(session === null ? {} : words.session(session, stored.checks.at(-1)?.check_ref ?? null)),
    expires_at: new Date(until).toISOString(),
  };
}
