/**
 * The provider as everybody in the house has it: a check or a run that may be in the making, by a call whose answer was
 * lost or which a dead process made, is not asked for again before that is over. In one place, so that nobody who has one
 * made can forget it.
 */
import { repeatableAt } from '../domain/lost-answer.js';
import { type Provider, ProviderError } from '../providers/provider.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { findCheck, noteCheck } from '../store/registrations.js';
import type { Store } from '../store/store.js';

export interface MakeOnceOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** see `domain/lost-answer.ts` */
  readonly lostAnswerMs: number;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

/** Puts it around an adapter, whose `submit` and `openSession` then also throw {@link ProviderError} `under_way`. */
export function makeOnce(provider: Provider, options: MakeOnceOptions): Provider {
  return {
    ...provider,
    submit: (request, signal) =>
      once(options, request.checkId, onMaking => provider.submit({ ...request, onMaking }, signal)),
    openSession: (request, signal) =>
      once(options, request.checkId, onMaking => provider.openSession({ ...request, onMaking }, signal)),
  };
}

/** Notes that something is being made before it is, and whether it still may be when the call failed. */
async function once<T>(
  { store: { main }, clock, lostAnswerMs, failpoint }: MakeOnceOptions,
  checkId: string,
  call: (onMaking: () => void) => Promise<T>,
): Promise<T> {
  let asked = false;
  const onMaking = () => {
    const now = clock.now();
    const since = findCheck(main, checkId)?.making_since ?? null;
    const at = repeatableAt(since, now, lostAnswerMs);
    if (at !== null) throw underWay(at - now);
    noteCheck(main, checkId, { makingSince: now });
    asked = true;
    failpoint?.('check.noted');
  };
  try {
    return await call(onMaking);
  } catch (error) {
    const isOver = error instanceof ProviderError && error.options.mayStillAct === false;
    if (asked) noteCheck(main, checkId, { makingSince: isOver ? null : clock.now() });
    throw error;
  }
}

function underWay(retryAfterMs: number): ProviderError {
  const message = 'the provider may still be making it: an earlier call had no answer';
  return new ProviderError('under_way', message, { retryAfterMs, mayHaveActed: false, mayStillAct: false });
}
