/** `initiate`: a sign-up wants its customer checked. Whatever the vendor does, a committed attempt is answered 2xx. */
import { builtInLink } from '../../domain/links.js';
import { phaseOf, type Standing } from '../../domain/phase.js';
import type { OryWords } from '../../providers/provider.js';
import { AppError } from '../../runtime/app-error.js';
import type { StoredRegistration } from '../../store/registrations.js';
import { awaitPreparation, isPrepared } from './await-preparation.js';
import { customerOf, demandKratosId, languageOf } from './hook-body.js';
import type { OryOrganization, OryParts } from './ory-parts.js';
import { type Attempt, requestAttempt } from './request-attempt.js';

/** An answer with its status. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** The one attempt at the vendor that a sign-up waits for. */
const patienceMs = 2_000;

/**
 * Answers the hook.
 *
 * @throws AppError 400 for an id that is none, 503 when the store takes no commit
 */
export async function initiate(parts: OryParts, served: OryOrganization, body: unknown): Promise<Answer> {
  const request = { kratosId: demandKratosId(body), language: languageOf(body), customer: customerOf(body) };
  const attempt = committed(() => requestAttempt(parts, served, request, parts.clock.now()));
  if (attempt.kind === 'closed' || attempt.kind === 'used_up')
    return { status: 200, body: decided(served, attempt.standing) };
  const { kind, stored: kept } = attempt;
  const stored = kind === 'new' && !attempt.deferred ? await told(parts, served, kept) : kept;
  return answerOf(parts, served, stored, attempt.standing);
}

function committed(work: () => Attempt): Attempt {
  try {
    return work();
  } catch (cause) {
    throw new AppError('store_unavailable', 503, 'Nothing was kept: send it again.', { cause });
  }
}

/** Gives the vendor its chance. */
async function told(
  parts: OryParts,
  { organization }: OryOrganization,
  stored: StoredRegistration,
): Promise<StoredRegistration> {
  parts.wake();
  try {
    return await awaitPreparation(parts, stored, organization, patienceMs);
  } catch {
    // it is committed, so its job does the rest
    return stored;
  }
}

function decided({ provider, words }: OryOrganization, standing: Standing): object {
  const status = standing === 'none' ? words.statuses.expired : words.statuses[standing];
  return { success: true, provider, status };
}

function answerOf(
  { store, siteBase }: OryParts,
  { organization, provider, words }: OryOrganization,
  stored: StoredRegistration,
  standing: Standing,
): Answer {
  const verification_url = builtInLink(siteBase, store.keyring.linkId(stored.row.id, 'kiosk'));
  const common = { success: true, provider };
  if (standing === 'created' && !isPrepared(stored, organization))
    return { status: 202, body: { ...common, status: 'queued', verification_url } };
  const status = words.statuses[phaseOf(stored.registration)];
  return { status: 200, body: { ...common, status, verification_url, ...idsOf(stored, words) } };
}

/** The provider's ids, as far as there are any. */
function idsOf({ row, checks }: StoredRegistration, words: OryWords): object {
  const check = checks.at(-1);
  const checkRef = check?.workflow === 1 ? check.check_ref : null;
  const ids = words.ids({ applicantRef: row.applicant_ref, checkRef });
  return Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== null));
}
