/**
 * The operator's own rules: an ES module loaded at start whose default export is asked about every customer whose check
 * is clear. It can only hold a customer back for a person to look at; it can register nobody.
 */
import { pathToFileURL } from 'node:url';
import type { PersonalData } from '../domain/findings.js';
import { ageOn } from '../domain/policy.js';

/** What the module's function is given: a frozen copy. Fields that were not read are absent. */
export interface PolicyInput {
  readonly organization: string;
  /** plain date, UTC */
  readonly today: string;
  readonly age?: number;
  readonly person: PersonalData;
}

/** A loaded module. */
export interface PolicyModule {
  /** why this customer waits, as `policy.module…` codes; any fault of the module is one. Never throws. */
  holds(customer: { organization: string; person: PersonalData | null; today: string }): readonly string[];
}

/** The module cannot be used; the message names the file and the remedy. */
export class PolicyModuleError extends Error {
  override readonly name = 'PolicyModuleError';
}

/**
 * Loads a module. Its default export takes a {@link PolicyInput} and returns `true` to let the customer be registered,
 * or a reason (a word of `a-z`, digits and `_`) to hold them. It must answer at once; a promise is a fault.
 *
 * @throws {PolicyModuleError}
 */
export async function loadPolicyModule(file: string, onFault: (error: Error) => void): Promise<PolicyModule> {
  let decide: unknown;
  try {
    const loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
    decide = loaded.default;
  } catch (cause) {
    throw new PolicyModuleError(`the policy module ${file} cannot be loaded: mend it or take it out`, {
      cause,
    });
  }
  if (typeof decide !== 'function')
    throw new PolicyModuleError(`the policy module ${file} has no default export that is a function`);
  const ask = decide as (input: PolicyInput) => unknown;
  return {
    holds(customer) {
      try {
        const answer = ask(inputOf(customer));
        if (answer === true) return [];
        if (typeof answer === 'string' && /^[a-z][a-z0-9_]{0,40}$/.test(answer))
          return [`policy.module.${answer}`];
        onFault(new Error('the policy module answered neither true nor a reason'));
      } catch (error) {
        onFault(
          error instanceof Error ? error : new Error('the policy module threw something that is no error'),
        );
      }
      return ['policy.module_fault'];
    },
  };
}

function inputOf(customer: {
  organization: string;
  person: PersonalData | null;
  today: string;
}): PolicyInput {
  const person = Object.freeze({ ...customer.person });
  const age = person.birthDate === undefined ? null : ageOn(person.birthDate, customer.today);
  return Object.freeze({
    organization: customer.organization,
    today: customer.today,
    person,
    ...(age === null ? {} : { age }),
  });
}
