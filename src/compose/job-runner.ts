import { createRunner, type JobHandlers, type Runner } from '../jobs/runner.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import type { Log } from '../runtime/log.js';
import { addAlert } from '../store/alerts.js';
import { type ClosedReceiver, showClosedReceivers } from '../store/closed-receivers.js';
import type { Store } from '../store/store.js';
import { classifyFailure } from './failures.js';
import type { ReceiverBook } from './receivers.js';
import { isToldByHealth } from './store-health.js';

export interface JobRunnerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly handlers: JobHandlers;
  readonly receivers: ReceiverBook;
  /** a receiver answers again after a while; `names` are the receivers behind the account */
  readonly onReturn: (names: readonly string[], closedMs: number) => void;
  readonly random?: () => number;
  readonly failpoint?: Failpoint;
}

/** A receiver that is closed for so long is worth an alert: shorter troubles come and go. */
const alertAfterMs = 60_000;
const showAgainMs = 1_000;

/** The runner with its words for the log, the operator and the commands. */
export function createJobRunner(options: JobRunnerOptions): Runner {
  const { store, clock, log, receivers } = options;
  const alerted = new Set<string>();
  const board = createBoard(options);
  // nobody is closed at the start: whatever the last process knew may have been mended meanwhile
  board.show();
  const runner = createRunner({
    db: store.main,
    clock,
    handlers: options.handlers,
    classify: classifyFailure,
    limitsOf: receivers.limitsOf,
    ...(options.random === undefined ? {} : { random: options.random }),
    ...(options.failpoint === undefined ? {} : { failpoint: options.failpoint }),
    onTrouble(error) {
      if (!isToldByHealth(error)) log.error({ err: error }, 'the runner of jobs failed');
    },
    onGivenUp({ kind, id }) {
      addAlert(store.main, { code: 'job_given_up', subject: `${kind} ${id}` }, clock.now());
    },
    onFailure(job, failure, error, dead) {
      const fields = { job: job.kind, code: failure.code, attempts: job.attempts };
      if (dead)
        log.error({ ...fields, err: error }, 'a job was given up: see `gatehouse jobs list --state dead`');
      else log.info(fields, 'a job failed and will be tried again');
    },
    onReceiver({ account, to, closing, code }) {
      const closedMs = clock.now() - closing.since;
      if (to === 'opened') {
        log.info({ receiver: account, closedMs }, 'a receiver answers again: its jobs go on');
        alerted.delete(account);
        board.closed.delete(account);
        board.show();
        options.onReturn(account.split(', '), closedMs);
        return;
      }
      if (to === 'closed')
        log.warn(
          { receiver: account, code },
          'a receiver does not answer: its jobs wait, one at a time looks',
        );
      const { since: closedAt, until: closedUntil } = closing;
      board.closed.set(account, { name: account, closedAt, closedUntil, error: code });
      board.show();
      if (closedMs < alertAfterMs || alerted.has(account)) return;
      addAlert(store.main, { code: 'receiver_closed', subject: account }, clock.now());
      alerted.add(account);
    },
  });
  return {
    ...runner,
    async stop(limitMs) {
      await runner.stop(limitMs);
      board.stop();
    },
  };
}

/** What commands are shown of the receivers that are closed; shown again until the database takes it. */
function createBoard({ store, clock, log }: JobRunnerOptions) {
  const closed = new Map<string, ClosedReceiver>();
  let cancel = () => {};

  function show(): void {
    cancel();
    try {
      showClosedReceivers(store.main, [...closed.values()]);
    } catch (error) {
      if (!isToldByHealth(error)) log.error({ err: error }, 'closed receivers could not be noted');
      cancel = clock.after(showAgainMs, show);
    }
  }

  return { closed, show, stop: () => cancel() };
}
