/** Readings that no provider gave: what a check comes to when nothing final can be had about it. */
import type { Reading } from './registration.js';

const unreadableCode = 'check.unreadable';
const silentCode = 'check.silent';

/** All attempts to ask about the check failed. */
export function unreadable(asOf: number): Reading {
  return saidByUs(asOf, unreadableCode, 'The provider could not be read until all attempts were used up.');
}

/** The provider was asked for as long as it is asked, and never had a verdict. */
export function silent(asOf: number): Reading {
  return saidByUs(asOf, silentCode, 'The provider gave no verdict in all the time it was asked for one.');
}

/** Whether the provider itself said what is in a reading. */
export function isAnswer(reading: Reading | null): boolean {
  const codes = reading?.reasonCodes ?? [];
  return reading !== null && !codes.includes(unreadableCode) && !codes.includes(silentCode);
}

function saidByUs(asOf: number, code: string, reason: string): Reading {
  return { asOf, kind: 'final', result: 'UNKNOWN', reason, reasonCodes: [code], alert: true };
}
