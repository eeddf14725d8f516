/**
 * The link into Jumio's own page. A link lives half an hour and cannot be asked for again, so it is kept in memory while
 * it lives, never stored; when it is dead or lost, the customer's next tap makes another run of the same account.
 */
import type { Session, SessionRequest } from '../provider.js';
import { ProviderError } from '../provider.js';
import { apiPath, type JumioClient } from './client.js';
import { isPage } from './hosts.js';
import { checkRefOf, type Execution, requireApplicant, requireExecution } from './ids.js';
import { type InitiationSettings, initiationOf, linkLife } from './initiation.js';
import { createPace } from './pace.js';
import { created as createdShape } from './payload.js';
import type { Mark } from './reference.js';
import { readStatus, stageOf } from './runs.js';

interface Link {
  readonly session: Session;
  readonly checkRef: string;
}

/** A link with less left than this is not given to anybody. */
const leastLeftMs = 10 * 60_000;

/** Builds `openSession`, with the links of the last half hour. */
export function createSessions(
  client: JumioClient,
  settings: InitiationSettings,
  mark: Mark,
): (request: SessionRequest, signal: AbortSignal) => Promise<Session> {
  const { clock } = client;
  const links = new Map<string, Link>();
  const pace = createPace(clock);

  function forgetOld(): void {
    for (const [checkId, { session }] of links) if (session.expiresAt <= clock.now()) links.delete(checkId);
  }

  async function begin(
    request: SessionRequest,
    known: Execution | null,
    signal: AbortSignal,
  ): Promise<Session> {
    const body = initiationOf(settings, mark, request);
    await pace.turn(signal);
    const askedAt = clock.now();
    const made = await create(client, known, body, signal);
    const { account, workflowExecution, web, sdk } = made;
    const url = web?.href ?? '';
    if (!isPage(client.hosts, url))
      throw new ProviderError(
        'refused',
        'Jumio gave no link to its page: a domain prefix has to be set in its portal',
        { mayHaveActed: true },
      );
    const checkRef = checkRefOf({ accountId: account.id, workflowId: workflowExecution.id });
    const session: Session = {
      kind: 'redirect',
      url,
      ...(sdk?.token ? { token: sdk.token } : {}),
      workflowRunId: checkRef,
      expiresAt: askedAt + linkLife.ms,
    };
    forgetOld();
    links.set(request.checkId, { session, checkRef });
    return session;
  }

  return async (request, signal) => {
    requireApplicant(request.applicantRef);
    if (request.checkRef === undefined && request.repeat)
      throw new ProviderError('refused', 'a run may have been made that nobody can look for', {
        mayHaveActed: false,
      });
    if (request.checkRef === undefined) return await begin(request, null, signal);
    const run = requireExecution(request.checkRef);
    const status = await statusUnlessGone(client, run, signal);
    const stage = stageOf(status);
    if (stage === 'finished') return { kind: 'finished', expiresAt: clock.now() };
    const link = links.get(request.checkId);
    const isUsable =
      link?.checkRef === request.checkRef && link.session.expiresAt - clock.now() >= leastLeftMs;
    if (stage === 'open' && isUsable) return link.session;
    return await begin(request, status === null ? null : run, signal);
  };
}

/** Null when Jumio has deleted the run: then a new account is needed too. */
async function statusUnlessGone(
  client: JumioClient,
  run: Execution,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return await readStatus(client, run, signal);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'missing') return null;
    throw error;
  }
}

/**
 * There is no idempotency key, and no list in which a lost account could be found: a call whose outcome is unknown is
 * `refused`, so that no job repeats it. The customer's next tap makes another; the lost one runs out by itself, or is
 * known again by its reference when Jumio calls back.
 */
async function create(client: JumioClient, known: Execution | null, body: object, signal: AbortSignal) {
  try {
    return known
      ? await client.begin('PUT', apiPath`/accounts/${known.accountId}`, body, createdShape, signal)
      : await client.begin('POST', apiPath`/accounts`, body, createdShape, signal);
  } catch (error) {
    if (!(error instanceof ProviderError && error.options.mayHaveActed === true)) throw error;
    throw new ProviderError('refused', error.message, { ...error.options, cause: error });
  }
}
