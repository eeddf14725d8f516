/**
 * Runs jobs: claims what is due, one at a time for each lane, a few at a time for each receiver, and settles what comes
 * of it. Knows no kind of job. One runner works on a database at a time (see `store/lock.ts`), so at its start every
 * lease is a dead process's.
 */
import type { JobKind } from '../domain/job.js';
import type { Clock } from '../runtime/clock.js';
import type { Failpoint } from '../runtime/failpoint.js';
import type { Db } from '../store/db.js';
import {
  buryJob,
  claimJob,
  finishJob,
  freeLeases,
  hastenJob,
  isWaiting,
  type Job,
  nextDue,
  postponeJob,
} from '../store/jobs.js';
import { type RetryPlan, retryDelay, standardPlan } from './retry.js';

/** What a handler may answer: nothing when done, or when to look again although nothing failed ("no verdict yet"). */
export type JobOutcome = undefined | { readonly lookAgainAt: number };

/** Does one kind of job. May be repeated after a crash at any line, and must allow for it. */
export interface JobHandler<Kind extends JobKind> {
  run(job: Job<Kind>, signal: AbortSignal): Promise<JobOutcome> | JobOutcome;
  readonly plan?: RetryPlan;
  /** called once when the job is given up, after it was marked dead */
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
}

export interface RunnerOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly handlers: JobHandlers;
  readonly classify: (error: unknown) => Failure;
  /** told of every failed attempt; `dead` when it was the last */
  readonly onFailure: (job: Job, failure: Failure, error: Error, dead: boolean) => void;
  /** told when the runner itself fails, e.g. the database refuses; it goes on */
  readonly onTrouble: (error: Error) => void;
  readonly random?: () => number;
  /** jobs at a time in all, and for one receiver */
  readonly total?: number;
  readonly perReceiver?: number;
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

/** Builds a runner; nothing happens before `start`. */
export function createRunner(options: RunnerOptions): Runner {
  const { db, clock, handlers } = options;
  const holder = `${process.pid}.${clock.now().toString(36)}.${Math.random().toString(36).slice(2)}`;
  const random = options.random ?? Math.random;
  const total = options.total ?? 16;
  const perReceiver = options.perReceiver ?? 4;
  const leaseMs = options.leaseMs ?? 120_000;
  const pollMs = options.pollMs ?? 1_000;
  const running = new Map<number, { job: Job; abort: AbortController }>();
  let active = false;
  let pumping = false;
  let cancelTimer = () => {};
  let onEmpty = () => {};
  /** jobs whose settlement the database refused: only the end of their lease sets them free */
  let unsettled = 0;
  let watchers: (() => void)[] = [];
  const waiting = new Map<string, (() => void)[]>();

  function fullReceivers(): string[] {
    const counts = new Map<string, number>();
    for (const { job } of running.values()) counts.set(job.receiver, (counts.get(job.receiver) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= perReceiver).map(([receiver]) => receiver);
  }

  function pump(): void {
    if (!active || pumping) return;
    pumping = true;
    try {
      if (unsettled > 0) unsettled -= freeLeases(db, clock.now(), { stillRun: [...running.keys()] });
      while (running.size < total) {
        const job = claimJob(db, { holder, now: clock.now(), leaseMs, full: fullReceivers() });
        if (!job) break;
        options.failpoint?.('job.claimed');
        void execute(job);
      }
    } catch (error) {
      options.onTrouble(asError(error));
    } finally {
      pumping = false;
      schedule();
      settleWatchers();
    }
  }

  function schedule(): void {
    cancelTimer();
    if (!active) return;
    const now = clock.now();
    let delay = pollMs;
    try {
      const due = nextDue(db);
      if (due !== null && due > now) delay = Math.min(delay, due - now);
    } catch (error) {
      options.onTrouble(asError(error));
    }
    cancelTimer = clock.after(delay, pump);
  }

  async function execute(job: Job): Promise<void> {
    const abort = new AbortController();
    running.set(job.id, { job, abort });
    const cancelLimit = clock.after(leaseMs * 0.9, () => abort.abort(new Error('job took too long')));
    try {
      const handler = handlers[job.kind] as JobHandler<JobKind>;
      const outcome = await handler.run(job, abort.signal);
      options.failpoint?.('job.handled');
      settle(() =>
        outcome
          ? postponeJob(db, job, holder, { runAt: outcome.lookAgainAt, error: null, counts: false })
          : finishJob(db, job, holder, clock.now()),
      );
    } catch (error) {
      settle(() => fail(job, asError(error)));
    } finally {
      cancelLimit();
      running.delete(job.id);
      for (const resolve of waiting.get(job.key) ?? []) resolve();
      waiting.delete(job.key);
      if (running.size === 0) onEmpty();
      pump();
    }
  }

  /** A settlement the database refuses leaves the lease to run out; the job is then done again, as after a crash. */
  function settle(work: () => void): void {
    try {
      work();
    } catch (error) {
      unsettled += 1;
      options.onTrouble(asError(error));
    }
  }

  function fail(job: Job, error: Error): void {
    const handler = handlers[job.kind] as JobHandler<JobKind>;
    const plan = handler.plan ?? standardPlan;
    const failure = options.classify(error);
    if (failure.retry && job.attempts < plan.attempts) {
      const runAt = clock.now() + retryDelay(plan, job.attempts, random(), failure.retryAfterMs);
      postponeJob(db, job, holder, { runAt, error: failure.code, counts: true });
      options.onFailure(job, failure, error, false);
      return;
    }
    if (!buryJob(db, job, holder, clock.now(), failure.code)) return;
    options.onFailure(job, failure, error, true);
    handler.gaveUp?.(job, error);
  }

  function isIdle(): boolean {
    if (running.size > 0) return false;
    const due = nextDue(db);
    return due === null || due > clock.now();
  }

  function settleWatchers(): void {
    if (watchers.length === 0 || !isIdle()) return;
    const ready = watchers;
    watchers = [];
    for (const resolve of ready) resolve();
  }

  return {
    start() {
      freeLeases(db, clock.now(), { notHeldBy: holder });
      active = true;
      pump();
    },
    wake: () => pump(),
    tried(key) {
      if (!isWaiting(db, key)) return Promise.resolve();
      hastenJob(db, key, clock.now());
      return new Promise(resolve => {
        waiting.set(key, [...(waiting.get(key) ?? []), resolve]);
        pump();
      });
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
