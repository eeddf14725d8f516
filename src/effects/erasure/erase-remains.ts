/**
 * The job that removes what an erasure's commit could not: files and deliveries. It stays until providers and Kratos are
 * done, and an hour longer, because they may tell of it; then it forgets the erasure itself and empties the databases'
 * logs, so that nothing of it can be read there either.
 */
import type { JobHandler, JobOutcome } from '../../jobs/runner.js';
import type { Clock } from '../../runtime/clock.js';
import { type Erasure, findErasure, isElsewhere, noteErasure, removeErasure } from '../../store/erasures.js';
import { erasurePlan } from './erase-at-provider.js';
import { removeDeliveriesAbout, removeFiles, type SweepPlaces } from './sweep-remains.js';

export interface EraseRemainsOptions extends SweepPlaces {
  readonly clock: Clock;
  /** false: somebody was in the way */
  readonly emptyLogs: () => Promise<boolean>;
}

const lookMs = 600_000;
const echoMs = 3_600_000;

/** Builds the handler. */
export function createEraseRemains(options: EraseRemainsOptions): JobHandler<'erase_remains'> {
  const { store, clock } = options;
  return {
    plan: erasurePlan,
    async run(job, signal): Promise<JobOutcome> {
      const erasure = findErasure(store, job.payload.erasureId);
      if (erasure) {
        const later = await goOn(options, erasure);
        if (later !== null) return { lookAgainAt: later };
      }
      if (await orAborted(options.emptyLogs(), signal)) return { forget: true };
      return { lookAgainAt: clock.now() + lookMs };
    },
  };
}

/** When to look again; null when it is done. */
async function goOn(options: EraseRemainsOptions, erasure: Erasure): Promise<number | null> {
  const { store, clock } = options;
  const { id, remains, sweptAt, settledAt } = erasure;
  await removeFiles(options, remains);
  if (sweptAt === null) {
    await removeDeliveriesAbout(options, remains);
    noteErasure(store, id, { sweptAt: clock.now() });
  }
  if (isElsewhere(store, erasure)) return clock.now() + lookMs;
  if (settledAt === null) noteErasure(store, id, { settledAt: clock.now() });
  const over = (settledAt ?? clock.now()) + echoMs;
  if (clock.now() < over) return over;
  await removeDeliveriesAbout(options, remains);
  removeErasure(store, id);
  return null;
}

/** A thread that waits for its disk answers nobody. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('the thread that looks after the files does not answer'));
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
