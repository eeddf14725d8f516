import type { TestContext } from 'node:test';
import type { JobKind, NewJob } from '../../src/domain/job.js';
import {
  createRunner,
  type Failure,
  type JobHandler,
  type JobHandlers,
  type Runner,
  type RunnerOptions,
} from '../../src/jobs/runner.js';
import type { Db } from '../../src/store/db.js';
import { addJob } from '../../src/store/jobs.js';
import { openTestStore } from '../store/open-db.js';
import { TestClock } from '../support/clock.js';

/** An error of a receiver that is down. */
export class Down extends Error {
  constructor(readonly retryAfterMs?: number) {
    super('down');
  }
}

export interface Work {
  readonly clock: TestClock;
  readonly db: Db;
  readonly runner: Runner;
  readonly deaths: string[];
  readonly changes: string[];
  add(key: string, more?: Partial<NewJob<'read'>>): void;
  /** lets everything that can happen without the clock happen */
  settle(): Promise<void>;
  pass(ms: number, step?: number): Promise<void>;
}

/** A runner over a real store whose every job is one function. */
export function startWork(
  t: TestContext,
  run: JobHandler<JobKind>['run'],
  over: Partial<RunnerOptions> & { handler?: Partial<JobHandler<JobKind>> } = {},
): Work {
  const clock = over.clock instanceof TestClock ? over.clock : new TestClock(1_000_000);
  const db = over.db ?? openTestStore(t).main;
  const deaths: string[] = [];
  const changes: string[] = [];
  const handler: JobHandler<JobKind> = { run, ...over.handler };
  const classify = (error: unknown): Failure =>
    error instanceof Down
      ? {
          retry: true,
          code: 'down',
          receiver: error.retryAfterMs === undefined ? 'ill' : 'busy',
          ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
        }
      : { retry: true, code: (error as Error).message };
  const runner = createRunner({
    clock,
    db,
    handlers: new Proxy({}, { get: () => handler }) as JobHandlers,
    classify,
    onFailure: (job, failure, _error, dead) => {
      if (dead) deaths.push(`${job.key} ${failure.code}`);
    },
    onReceiver: ({ account, to }) => changes.push(`${account} ${to}`),
    onTrouble: error => {
      throw error;
    },
    random: () => 0.5,
    ...over,
  });
  t.after(() => {
    const stopped = runner.stop(0);
    clock.advance(0);
    return stopped;
  });
  const settle = () => runner.idle();
  return {
    clock,
    db,
    runner,
    deaths,
    changes,
    add: (key, more = {}) =>
      addJob(
        db,
        {
          kind: 'read',
          key,
          lane: key,
          receiver: 'onfido:1',
          payload: { registrationId: 'r', checkId: key },
          runAt: clock.now(),
          ...more,
        },
        clock.now(),
        'again',
      ),
    settle,
    async pass(ms, step = 1000) {
      for (let left = ms; left > 0; left -= step) {
        clock.advance(Math.min(step, left));
        await settle();
      }
    },
  };
}
