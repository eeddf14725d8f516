/** Registrations and events as the tests of decisions need them. */

import { type Decision, decide } from '../../src/domain/decide.js';
import type { Event } from '../../src/domain/events.js';
import type { Identity } from '../../src/domain/identity.js';
import type { Policy } from '../../src/domain/policy.js';
import type { Check, Reading, Registration } from '../../src/domain/registration.js';
import type { Result } from '../../src/domain/results.js';

export const policy: Policy = {
  autoRegistration: true,
  resubmissions: 0,
  linkMs: 5_400_000,
  silenceMs: 600_000,
};
export const now = Date.parse('2026-03-04T10:00:00Z');

export function identity(over: Partial<Identity> = {}): Identity {
  return { id: 'idn_1', status: 'pending', since: now, source: null, ...over };
}

export function check(attempt: number, over: Partial<Check> = {}): Check {
  return {
    id: `chk_1-${attempt}`,
    attempt,
    checkRef: null,
    submitted: false,
    latest: null,
    lastFinal: null,
    ...over,
  };
}

export function registration(over: Partial<Registration> = {}): Registration {
  return {
    id: 'reg_1',
    seq: 7,
    status: 'created',
    expiresAt: now + policy.linkMs,
    linkSent: false,
    openedBySms: false,
    openedByKiosk: false,
    phoneVerified: false,
    externalSite: false,
    notifies: true,
    deadlinePassed: null,
    failed: false,
    earlierDeclined: false,
    person: null,
    checks: [check(1)],
    result: null,
    reason: null,
    reasonCodes: [],
    told: null,
    revision: 0,
    ...over,
  };
}

export function final(result: Result, asOf = now, over: Partial<Reading> = {}): Reading {
  return {
    asOf,
    kind: 'final',
    result,
    reason: `because ${result}`,
    reasonCodes: [`code.${result}`],
    ...over,
  };
}

export function read(reading: Reading, attempt = 1): Event {
  return { kind: 'read', checkId: `chk_1-${attempt}`, reading };
}

/** Where a list of events leads, and all effects on the way. */
export function after(
  events: readonly Event[],
  start: { identity?: Identity; registration?: Registration; policy?: Policy } = {},
): Decision & { all: Decision['effects'] } {
  let last: Decision = {
    changed: false,
    identity: start.identity ?? identity(),
    registration: start.registration ?? registration(),
    effects: [],
  };
  const all: Decision['effects'][number][] = [];
  for (const [place, event] of events.entries()) {
    last = decide(last.identity, last.registration, event, start.policy ?? policy, now + place);
    all.push(...last.effects);
  }
  return { ...last, all };
}
