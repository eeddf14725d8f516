/**
 * Runs jobs: claims what is due, one at a time for each lane, as many for each receiver as it takes (see receivers.ts),
 * and settles what comes of it. Knows no kind of job. One runner works on a database at a time (see `store/lock.ts`), so
 * at its start every lease is a dead process's.
 */
import type { JobKind } from '../domain/job.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import { refusalOf } from '../runtime/refusal.js';
import { claimJob, freeLeases, interruptedJobs, resumeJob } from '../store/claims.js';
import type { Db } from '../store/db.js';
import {
  type Backlog,
  backlogs,
  buryJob,
  findWaiting,
  finishJob,
  forgetJob,
  hastenJob,
  isDue,
  type Job,
  postponeJob,
} from '../store/jobs.js';
import { createAwaited } from './awaited.js';
import type { ReceiverWord } from './breaker.js';
import { createReceivers, type ReceiverChange, type ReceiverLimits } from './receivers.js';
import { type RetryPlan, retryDelay, standardPlan } from './retry.js';

/** What a handler may answer: nothing when done, or when to look again although nothing failed ("no verdict yet"). */
export type JobOutcome =
  | undefined
  | {
      readonly lookAgainAt: number;
      /** from now on nobody waits for it: jobs that somebody waits for go first */
      readonly background?: boolean;
    }
  /** done, and its row goes too, because the row itself says whom it was about */
  | { readonly forget: true };

/** Does one kind of job. May be repeated after a crash at any line, and must allow for it. */
export interface JobHandler<Kind extends JobKind> {
  run(job: Job<Kind>, signal: AbortSignal): Promise<JobOutcome> | JobOutcome;
  readonly plan?: RetryPlan;
  /** called once when the job is given up, in the transaction that marks it dead: it must not wait for anything */
  gaveUp?(job: Job<Kind>, error: Error): void;
}

/** A handler for every kind: a missing one does not compile. */
export type JobHandlers = { readonly [Kind in JobKind]: JobHandler<Kind> };

/** Whether an error is worth another attempt. */
export interface Failure {
  readonly retry: boolean;
  readonly retryAfterMs?: number;
  /** a short, stable word for the table and the log; never personal data */
  readonly code: string;
  /** what it says about the receiver (default `unknown`) */
  readonly receiver?: ReceiverWord;
  /** it only waited: what it was interrupted in may interrupt it again */
  readonly waits?: boolean;
}

export interface RunnerOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly handlers: JobHandlers;
  readonly classify: (error: unknown) => Failure;
  /** told of every failed attempt, once that is written; `dead` when it was the last */
  readonly onFailure: (job: Job, failure: Failure, error: Error, dead: boolean) => void;
  /** called in the transaction that gives a job up, for what is to be written with it */
  readonly onGivenUp?: (job: Job) => void;
  /** told when the runner itself fails, e.g. the database refuses; it goes on */
  readonly onTrouble: (error: Error) => void;
  readonly random?: () => number;
  /** jobs at a time in all; a receiver that has none running always gets one */
  readonly total?: number;
  /** what a receiver takes; default 4 jobs at a time, at any pace */
  readonly limitsOf?: (receiver: string) => ReceiverLimits;
  /** told when a receiver is closed because it does not answer, and when it is open again */
  readonly onReceiver?: (change: ReceiverChange) => void;
  /** longest a job may take before it is aborted and its lease ends */
  readonly leaseMs?: number;
  /** how often to look for jobs that other processes made */
  readonly pollMs?: number;
  /** for tests: see `runtime/failpoint.ts` */
  readonly failpoint?: Failpoint;
}

export interface Runner {
  start(): void;
  /** looks for due jobs now: to be called after a commit that made some */
  wake(): void;
  /** resolves when the job of this key has next been tried, or at once when it is not waiting to be */
  tried(key: string): Promise<void>;
  /** resolves when nothing is running and nothing is due */
  idle(): Promise<void>;
  /** takes no more jobs, lets the running ones end within the limit, then aborts them */
  stop(limitMs: number): Promise<void>;
}

/** How a handler ended. */
type End = { readonly outcome: JobOutcome } | { readonly error: Error; readonly failure: Failure };

/**
 * Times in a row that a job may be what ran when the process ended; then it is taken for the reason and given up. The
 * pauses in between come to more than eight minutes, so that a machine that keeps dying for another reason does not
 * bring that upon whatever happens to run.
 */
const mostInterruptions = 10;
const interruptedPlan: RetryPlan = { attempts: mostInterruptions, firstMs: 2_000, longestMs: 600_000 };

/** Every so manieth job of a receiver is one that nobody waits for, so that those are not put off for ever. */
const backgroundTurn = 4;

/** Builds a runner; nothing happens before `start`. */
export function createRunner(options: RunnerOptions): Runner {
  const { db, clock, handlers } = options;
  const holder = `${process.pid}.${clock.now().toString(36)}.${Math.random().toString(36).slice(2)}`;
  const random = options.random ?? Math.random;
  const leaseMs = options.leaseMs ?? 120_000;
  const pollMs = options.pollMs ?? 1_000;
  const receivers = createReceivers({
    clock,
    random,
    total: options.total ?? 64,
    limitsOf: options.limitsOf ?? (receiver => ({ account: receiver, concurrent: 4 })),
    onChange: change => options.onReceiver?.(change),
  });
  const running = new Map<number, { job: Job; abort: AbortController }>();
  let active = false;
  let pumping = false;
  let resumed = false;
  let turn = 0;
  let cancelTimer = () => {};
  let onEmpty = () => {};
  /** jobs whose settlement the database refused: only the end of their lease sets them free */
  let unsettled = 0;
  let watchers: (() => void)[] = [];
  const awaited = createAwaited();

  function pump(): void {
    if (!active || pumping) return;
    pumping = true;
    let waiting: readonly Backlog[] = [];
    try {
      // before anything is claimed, and when the database refuses, at the next look
      if (!resumed) resume();
      resumed = true;
      if (unsettled > 0) unsettled -= freeLeases(db, clock.now(), leaseMs, [...running.keys()]);
      waiting = backlogs(db);
      const claimed = claimAll(waiting);
      for (const job of claimed) {
        options.failpoint?.('job.claimed');
        void execute(job);
      }
      if (claimed.length > 0) waiting = backlogs(db);
    } catch (error) {
      options.onTrouble(asError(error));
    } finally {
      pumping = false;
      schedule(waiting);
      settleWatchers();
    }
  }

  /** Claims whatever may begin now, in one commit. */
  function claimAll(waiting: readonly Backlog[]): Job[] {
    const now = clock.now();
    const due = waiting.filter(backlog => isDue(backlog, now) && receivers.hasRoom(backlog.receiver, false));
    const wanted = awaited.entries();
    if (due.length === 0 && wanted.length === 0) return [];
    const claimed: Job[] = [];
    const take = (which: { key: string } | { receiver: string; background: boolean }): boolean => {
      const job = claimJob(db, { holder, now, leaseMs, ...which });
      if (!job) return false;
      receivers.begin(job.receiver, job.id);
      claimed.push(job);
      return true;
    };
    try {
      db.transaction(() => {
        for (const { key, receiver } of wanted)
          if (receivers.hasRoom(receiver, true) && !take({ key }) && findWaiting(db, key) === undefined)
            awaited.end(key);
        // one for each in turn, so that nobody's long queue fills all places
        for (let queue = due; queue.length > 0; )
          queue = queue.filter(({ receiver }) => {
            if (!receivers.hasRoom(receiver, false)) return false;
            turn += 1;
            const background = turn % backgroundTurn === 0;
            return take({ receiver, background }) || take({ receiver, background: !background });
          });
      });
      return claimed;
    } catch (error) {
      for (const { receiver, id } of claimed) receivers.end(receiver, id);
      throw error;
    }
  }

  function schedule(waiting: readonly Backlog[]): void {
    cancelTimer();
    if (!active) return;
    const now = clock.now();
    let next = now + pollMs;
    for (const backlog of waiting) {
      const opensAt = isDue(backlog, now) ? receivers.opensAt(backlog.receiver) : null;
      for (const at of [backlog.awaitedAt, backlog.backgroundAt, opensAt])
        if (at !== null && at > now) next = Math.min(next, at);
    }
    cancelTimer = clock.after(next - now, pump);
  }

  async function execute(job: Job): Promise<void> {
    const abort = new AbortController();
    running.set(job.id, { job, abort });
    const cancelLimit = clock.after(leaseMs * 0.9, () => abort.abort(new Error('job took too long')));
    try {
      const end = await endOf(job, abort.signal);
      noteEnd(job, end);
      await settle(() => ('error' in end ? fail(job, end) : succeed(job, end.outcome)));
    } finally {
      cancelLimit();
      running.delete(job.id);
      receivers.end(job.receiver, job.id);
      awaited.end(job.key);
      if (running.size === 0) onEmpty();
      pump();
    }
  }

  async function endOf(job: Job, signal: AbortSignal): Promise<End> {
    try {
      const handler = handlers[job.kind] as JobHandler<JobKind>;
      const outcome = await handler.run(job, signal);
      options.failpoint?.('job.handled');
      return { outcome };
    } catch (thrown) {
      const error = asError(thrown);
      return { error, failure: options.classify(error) };
    }
  }

  function noteEnd(job: Job, end: End): void {
    const {
      receiver: word = 'well',
      code = '',
      retryAfterMs,
    } = 'error' in end ? { receiver: 'unknown' as const, ...end.failure } : {};
    const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
    try {
      receivers.note(job.receiver, { word, jobId: job.id, code, ...asked });
    } catch (error) {
      options.onTrouble(asError(error));
    }
  }

  /**
   * The work is done and should not be done twice: a settlement that a full disk refuses is tried until it is not. One
   * that fails otherwise leaves the lease to run out; the job is then done again, as after a crash.
   */
  async function settle(work: () => void): Promise<void> {
    for (;;) {
      try {
        work();
        return;
      } catch (error) {
        options.onTrouble(asError(error));
        if (active && refusalOf(error) !== null) await new Promise<void>(next => clock.after(pollMs, next));
        else {
          unsettled += 1;
          return;
        }
      }
    }
  }

  function succeed(job: Job, outcome: JobOutcome): void {
    const now = clock.now();
    if (!outcome) finishJob(db, job, holder, now);
    else if ('forget' in outcome) forgetJob(db, job, holder, now);
    else {
      const { lookAgainAt: runAt, background } = outcome;
      postponeJob(db, job, holder, { now, runAt, error: null, counts: false, background });
    }
  }

  function fail(job: Job, { error, failure }: { error: Error; failure: Failure }): void {
    const plan = handlers[job.kind].plan ?? standardPlan;
    const { code, retryAfterMs, waits } = failure;
    if (!failure.retry || job.attempts >= plan.attempts) {
      giveUp(job, failure, error, holder);
      return;
    }
    const now = clock.now();
    const runAt = now + retryDelay(plan, job.attempts, random(), retryAfterMs);
    postponeJob(db, job, holder, { now, runAt, error: code, counts: true, waits });
    options.onFailure(job, failure, error, false);
  }

  function giveUp(job: Job, failure: Failure, error: Error, by: string | null): void {
    if (bury(job, failure, error, by)) options.onFailure(job, failure, error, true);
  }

  /** Burying and what follows from it are one commit; a fault in what follows does not keep the job alive. */
  function bury(job: Job, { code }: Failure, error: Error, by: string | null): boolean {
    const handler = handlers[job.kind] as JobHandler<JobKind>;
    const buryAnd = (act: () => void) =>
      db.transaction(() => {
        const buried = buryJob(db, job, by, clock.now(), code);
        if (buried) act();
        return buried;
      });
    try {
      return buryAnd(() => {
        handler.gaveUp?.(job, error);
        options.onGivenUp?.(job);
      });
    } catch (trouble) {
      // nothing was buried, and what follows from it is not to be lost: it is settled later
      if (refusalOf(trouble) !== null) throw trouble;
      options.onTrouble(asError(trouble));
      return buryAnd(() => options.onGivenUp?.(job));
    }
  }

  /** What a dead process left: done again, more and more hesitantly, because one of these jobs may be what killed it. */
  function resume(): void {
    const now = clock.now();
    for (const job of interruptedJobs(db, holder)) {
      const { interruptions } = job;
      // at least half of each pause: chance does not shorten them to nothing
      const share = (1 + random()) / 2;
      const delay = interruptions === 1 ? 0 : retryDelay(interruptedPlan, interruptions - 1, share);
      if (interruptions <= mostInterruptions) resumeJob(db, job, now + delay);
      else
        giveUp(job, { retry: false, code: 'interrupted' }, new Error('the process ended while it ran'), null);
    }
  }

  function isIdle(): boolean {
    if (running.size > 0) return false;
    const now = clock.now();
    return !backlogs(db).some(backlog => isDue(backlog, now) && receivers.hasRoom(backlog.receiver, false));
  }

  function settleWatchers(): void {
    if (watchers.length === 0 || !isIdle()) return;
    const ready = watchers;
    watchers = [];
    for (const resolve of ready) resolve();
  }

  return {
    start() {
      active = true;
      pump();
    },
    wake: () => pump(),
    tried(key) {
      const receiver = findWaiting(db, key);
      if (receiver === undefined) return Promise.resolve();
      hastenJob(db, key, clock.now());
      const tried = awaited.wait(key, receiver);
      pump();
      return tried;
    },
    idle() {
      return new Promise(resolve => {
        watchers.push(resolve);
        pump();
        settleWatchers();
      });
    },
    async stop(limitMs) {
      active = false;
      cancelTimer();
      awaited.endAllBut(new Set([...running.values()].map(({ job }) => job.key)));
      if (running.size === 0) return;
      await new Promise<void>(resolve => {
        const cancel = clock.after(limitMs, () => {
          for (const { abort } of running.values()) abort.abort(new Error('shutting down'));
          resolve();
        });
        onEmpty = () => {
          cancel();
          resolve();
        };
      });
    },
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
