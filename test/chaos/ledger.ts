import type { Plan } from './plan.js';

/** Everything the gateway answered with 2xx: what it may no longer forget. */
export interface Ledger {
  readonly plans: Plan[];
  /** ids of registrations told to kiosks, by the plan's number */
  readonly registrations: Map<number, Set<string>>;
  /** plans whose customer was let in */
  readonly started: Set<number>;
  /** runs handed to customers, by the plan's number */
  readonly runs: Map<number, Set<string>>;
  /** attempts whose end of capture was taken note of: `number:attempt` */
  readonly submitted: Set<string>;
  /** deliveries of our own making */
  readonly deliveries: { readonly organization: string; readonly action: string; readonly body: string }[];
  /** answers nobody should get, and customers who could not go on */
  readonly troubles: string[];
}

export function createLedger(): Ledger {
  return {
    plans: [],
    registrations: new Map(),
    started: new Set(),
    runs: new Map(),
    submitted: new Set(),
    deliveries: [],
    troubles: [],
  };
}

/** Adds to a set that may not be there yet. */
export function note<Key>(sets: Map<Key, Set<string>>, key: Key, value: string): void {
  const known = sets.get(key);
  if (known) known.add(value);
  else sets.set(key, new Set([value]));
}
