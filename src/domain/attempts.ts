import type { Standing } from './phase.js';

/**
 * What asking for a check through Ory comes to: `existing` the newest attempt answers, `closed` it is decided for good,
 * `used_up` this person had all attempts of a day, `new` one is made.
 */
export type AttemptRule = 'new' | 'existing' | 'closed' | 'used_up';

const rules: Readonly<Record<Standing, Exclude<AttemptRule, 'used_up'>>> = {
  created: 'existing',
  submitted: 'existing',
  awaiting: 'existing',
  registered: 'closed',
  rejected: 'closed',
  retry: 'new',
  expired: 'new',
  failed: 'new',
  none: 'new',
};

/** Decides whether a person gets a new attempt. `today`: attempts begun within the last day. */
export function mayAttempt(standing: Standing, today: number, perDay: number): AttemptRule {
  const rule = rules[standing];
  return rule === 'new' && today >= perDay ? 'used_up' : rule;
}
