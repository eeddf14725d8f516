/**
 * The job that follows a gap: the gateway was down, or could not reach the provider. The provider is asked to send the
 * verdicts it has again, which costs one call for many checks and brings those that are complete to the front; whatever
 * has not come by that a minute later is asked for check by check, in the background, so that nothing depends on it. So
 * are the checks by which the machine let somebody in lately: that one was taken back may have been said meanwhile, too.
 */
import type { JobHandler } from '../jobs/runner.js';
import type { Organizations } from '../providers/organizations.js';
import { type Provider, ProviderError } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import { readJob } from '../store/commit.js';
import { addJob } from '../store/jobs.js';
import { admittingChecks, type DueCheck, dueChecks, mostSilenceMs } from '../store/lost-work.js';
import type { Store } from '../store/store.js';
import { recheckJob } from './recheck.js';

export interface CatchUpOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly organizations: Organizations;
}

const batch = 50;
const most = 5_000;
/**
 * Of the checks somebody was let in by. One costs about four requests, of which three hundred a minute are made: so many
 * take half an hour when nobody else asks.
 */
const mostRechecks = 2_000;
const graceMs = 60_000;

/** Builds the handler. Repeating it is harmless: a verdict that comes twice changes nothing. */
export function createCatchUp(options: CatchUpOptions): JobHandler<'catch_up'> {
  const { store, clock } = options;
  return {
    async run(job, signal) {
      const organization = options.organizations.find(job.payload.organization);
      if (!organization) return undefined;
      const since = clock.now() - mostSilenceMs;
      const due = dueChecks(store.main, job.payload.organization, since, most);
      askEach(options, due, admittingChecks(store.main, job.payload.organization, since, mostRechecks));
      await askToResend(organization.provider, due, signal);
      return undefined;
    },
  };
}

/** Done first, so that it happens whatever the provider says to the rest. */
function askEach(
  { store: { main }, clock }: CatchUpOptions,
  due: readonly DueCheck[],
  admitting: readonly DueCheck[],
): void {
  const now = clock.now();
  const at = now + graceMs;
  main.transaction(() => {
    for (const check of due)
      addJob(main, { ...readJob(check, check.checkId, at), background: true }, now, 'again');
    for (const check of admitting) addJob(main, recheckJob(check, check.checkId, at), now, 'again');
  });
}

async function askToResend(provider: Provider, due: readonly DueCheck[], signal: AbortSignal): Promise<void> {
  const refs = due.filter(({ workflow }) => workflow === 0).map(({ checkRef }) => checkRef);
  for (let at = 0; at < refs.length; at += batch)
    try {
      await provider.resend(refs.slice(at, at + batch), signal);
    } catch (error) {
      // it may refuse the batch for one check that is not complete; all of them are asked for anyway
      if (!(error instanceof ProviderError) || (error.kind !== 'refused' && error.kind !== 'missing'))
        throw error;
    }
}
