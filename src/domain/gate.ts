/** What Ory's login gate says: a table, and the few facts that go before it. Pure; reads nothing, changes nothing. */
import type { Standing } from './phase.js';

/** `declined`: only a final decline blocks. `approved`: everything but an approval does. */
export type GateRule = 'declined' | 'approved';

/** Ids of the messages that login pages show or translate; stable, and outside the ranges Kratos uses. */
export const gateMessageIds = {
  pending: 9_410_001,
  in_review: 9_410_002,
  declined: 9_410_003,
  unverified: 9_410_004,
  cannot_tell: 9_410_009,
} as const;

export type GateMessage = keyof typeof gateMessageIds;

/** What is known of the person who wants in. */
export interface GateFacts {
  /** at the provider that the hook names */
  readonly standing: Standing;
  /** at every other provider, served still or not */
  readonly elsewhere: readonly Standing[];
  /** erased after a final decline: all that is left is that the person stays out */
  readonly blocked: boolean;
  /** an older setup wrote a decline onto the identity */
  readonly legacyDecline: boolean;
}

/** Whether the login may go on; `resume`: a link on which the customer can still do something may be given. */
export type GateAnswer =
  | { readonly open: true }
  | { readonly open: false; readonly message: GateMessage; readonly resume: boolean };

const answers: Readonly<Record<Standing, GateAnswer>> = {
  registered: { open: true },
  created: { open: false, message: 'pending', resume: true },
  submitted: { open: false, message: 'pending', resume: true },
  awaiting: { open: false, message: 'in_review', resume: false },
  rejected: { open: false, message: 'declined', resume: false },
  retry: { open: false, message: 'declined', resume: true },
  expired: { open: false, message: 'unverified', resume: true },
  failed: { open: false, message: 'unverified', resume: true },
  none: { open: false, message: 'unverified', resume: true },
};

/** Asks the gate. */
export function askGate(rule: GateRule, facts: GateFacts): GateAnswer {
  const declined = [facts.standing, ...facts.elsewhere].includes('rejected');
  if (declined || facts.blocked || facts.legacyDecline) return answers.rejected;
  return rule === 'declined' ? answers.registered : answers[facts.standing];
}

/** Words with which older setups wrote a decline as a flat key. Others say nothing: such a key never opens the gate. */
const declines = new Set(['rejected', 'declined', 'failed', 'denied']);

/** Whether an older setup's flat status is a decline. */
export function isLegacyDecline(status: unknown): boolean {
  return typeof status === 'string' && declines.has(status.trim().toLowerCase());
}
