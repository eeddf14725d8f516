import type { JobKind } from '../../src/domain/job.js';
import type { JobHandler, JobHandlers } from '../../src/jobs/runner.js';

/** A place between two steps of the gateway's work at which it is to die. */
export interface CrashPoint {
  /** the kind of job; any when absent */
  readonly kind?: JobKind;
  /** before the handler does anything, or after all it does but before the job is marked done */
  readonly when: 'before' | 'after';
  /** how many matching jobs run undisturbed before (default 0) */
  readonly skip?: number;
}

/** Where handlers hang when told to. */
export interface CrashPoints {
  around(handlers: JobHandlers): JobHandlers;
  /** has the next matching job hang for ever */
  arm(point: CrashPoint): void;
  /** resolves as soon as a handler hangs */
  hung(): Promise<void>;
  /** whether a handler hangs now */
  readonly hanging: boolean;
  /** how often one did so far */
  readonly deaths: number;
  /** how many handlers have begun, by kind, in order */
  readonly begun: readonly JobKind[];
}

/** For `ComposeOptions.aroundHandlers`: one object serves all lives of a world. */
export function createCrashPoints(): CrashPoints {
  let armed: { point: CrashPoint; left: number } | undefined;
  let hanging = false;
  let deaths = 0;
  let onHung: (() => void)[] = [];
  const begun: JobKind[] = [];

  function isHere(kind: JobKind, when: CrashPoint['when']): boolean {
    if (!armed || armed.point.when !== when || (armed.point.kind ?? kind) !== kind) return false;
    armed.left -= 1;
    return armed.left < 0;
  }

  function hang(): Promise<never> {
    armed = undefined;
    hanging = true;
    deaths += 1;
    for (const act of onHung) act();
    onHung = [];
    return new Promise(() => {});
  }

  function wrap<Kind extends JobKind>(kind: Kind, handler: JobHandler<Kind>): JobHandler<Kind> {
    return {
      ...handler,
      async run(job, signal) {
        begun.push(kind);
        if (isHere(kind, 'before')) return await hang();
        const outcome = await handler.run(job, signal);
        if (isHere(kind, 'after')) return await hang();
        return outcome;
      },
    };
  }

  return {
    around(handlers) {
      hanging = false;
      const wrapped = Object.entries(handlers).map(([kind, handler]) => [
        kind,
        wrap(kind as JobKind, handler as JobHandler<JobKind>),
      ]);
      return Object.fromEntries(wrapped) as JobHandlers;
    },
    arm(point) {
      armed = { point, left: point.skip ?? 0 };
    },
    hung: () =>
      hanging
        ? Promise.resolve()
        : new Promise(resolve => {
            onHung.push(resolve);
          }),
    get hanging() {
      return hanging;
    },
    get deaths() {
      return deaths;
    },
    begun,
  };
}
