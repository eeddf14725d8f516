/** One mistake, said so that the operator can mend it without reading anything else. Never holds a value that was read. */
export interface Problem {
  /** where it stands, as the operator names it: `config/gatehouse.yaml:12`, `environment PORT` */
  readonly source: string;
  /** the setting, e.g. `organizations[0].onfido.region`; empty when the whole source is meant */
  readonly key: string;
  /** what is wrong, e.g. `is not one of EU, US, CA` */
  readonly problem: string;
  /** what to write or do instead */
  readonly remedy: string;
}

/** A way into the settings: `['organizations', 0, 'id']`. */
export type Path = readonly (string | number)[];

/** The path as the operator reads it: `organizations[0].id`. */
export function pathText(path: Path): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`))
    .join('');
}

/** One line: source, key, what is wrong, what to write instead. */
export function formatProblem(problem: Problem): string {
  const subject = problem.key === '' ? problem.source : `${problem.source}: ${problem.key}`;
  return `${subject}: ${problem.problem}; ${problem.remedy}`;
}

/** The configuration cannot be used. Carries every problem found, so that one round of mending is enough. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
  }

  /** The lines, without the class's name: what a command prints. */
  override toString(): string {
    return this.message;
  }
}

/** Thrown by the reader of one value; becomes a {@link Problem} where its place is known. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${problem}; ${remedy}`);
  }
}

/** Collects problems while reading goes on. */
export interface Ledger {
  readonly problems: Problem[];
  /** what `act` gives, or `undefined` after noting its {@link Refusal} under this source and key */
  attempt<T>(source: string, key: string, act: () => T): T | undefined;
}

/** An empty ledger. */
export function createLedger(): Ledger {
  const problems: Problem[] = [];
  return {
    problems,
    attempt(source, key, act) {
      try {
        return act();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        problems.push({ source, key, problem: error.problem, remedy: error.remedy });
        return undefined;
      }
    },
  };
}
