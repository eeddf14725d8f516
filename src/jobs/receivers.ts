/**
 * How many jobs may begin for each receiver now. Each has its own places, its own pace and its own health, so that one
 * that is slow, dead or strict delays nobody else. Receivers that share an account share pace and health too.
 */
import type { Clock } from '../runtime/clock.js';
import type { TokenBucket } from '../runtime/token-bucket.js';
import { type Breaker, type Closing, createBreaker, isOver, type ReceiverWord } from './breaker.js';

/** What a receiver takes. */
export interface ReceiverLimits {
  /** receivers with the same account are one to the other side */
  readonly account: string;
  /** jobs at a time */
  readonly concurrent: number;
  /** counts requests; without it the pace is not limited */
  readonly bucket?: TokenBucket;
  /** answers that came so far; without it every job that ended well counts as one */
  readonly answers?: () => number;
}

/** A change of a receiver's health, told once. */
export interface ReceiverChange {
  readonly account: string;
  /** `closed` for the first time, `still_closed` after a probe failed, or `opened` */
  readonly to: 'closed' | 'still_closed' | 'opened';
  /** since when it is closed, or was until now */
  readonly closing: Closing;
  /** what the last job failed with */
  readonly code: string;
}

export interface Receivers {
  /** whether one more job may begin; `awaited`: somebody waits for it */
  hasRoom(receiver: string, awaited: boolean): boolean;
  /** when time alone makes room, epoch milliseconds; null when it does not */
  opensAt(receiver: string): number | null;
  begin(receiver: string, jobId: number): void;
  end(receiver: string, jobId: number): void;
  /** notes what a job's end says about its receiver */
  note(
    receiver: string,
    ended: { word: ReceiverWord; jobId: number; code: string; retryAfterMs?: number },
  ): void;
}

export interface ReceiversOptions {
  readonly clock: Clock;
  readonly limitsOf: (receiver: string) => ReceiverLimits;
  /** jobs at a time in all; a receiver that has none always gets one */
  readonly total: number;
  readonly random: () => number;
  readonly onChange: (change: ReceiverChange) => void;
}

/** Places kept for jobs somebody waits for, beside those of the receiver. */
const awaitedPlaces = 4;

interface Account {
  readonly limits: ReceiverLimits;
  readonly breaker: Breaker;
  /** the jobs that run, and how often it had been closed when each began */
  readonly running: Map<number, number>;
  closings: number;
  /** answers when the last job began alone, or ended well */
  answers: number;
}

/** Builds it; everybody is open. */
export function createReceivers(options: ReceiversOptions): Receivers {
  const { clock } = options;
  const accounts = new Map<string, Account>();
  let runningInAll = 0;

  function accountOf(receiver: string): Account {
    const limits = options.limitsOf(receiver);
    const known = accounts.get(limits.account);
    if (known) return known;
    const account = { limits, breaker: createBreaker(), running: new Map(), closings: 0, answers: 0 };
    accounts.set(limits.account, account);
    return account;
  }

  function hasRoom(receiver: string, awaited: boolean): boolean {
    const { limits, breaker } = accountOf(receiver);
    const running = accountOf(receiver).running.size;
    const closing = breaker.closing();
    // one at a time to see how it is; the first may be one that somebody waits for
    if (closing) return running === 0 && (awaited || isOver(closing, clock.now()));
    if (awaited) return running < limits.concurrent + awaitedPlaces;
    if (running >= limits.concurrent || (limits.bucket && !limits.bucket.hasLeft())) return false;
    return running === 0 || runningInAll < options.total;
  }

  return {
    hasRoom,
    opensAt(receiver) {
      const { limits, breaker } = accountOf(receiver);
      const running = accountOf(receiver).running.size;
      const closing = breaker.closing();
      if (closing) return running === 0 ? closing.until : null;
      if (running >= limits.concurrent || !limits.bucket) return null;
      return limits.bucket.readyAt();
    },
    begin(receiver, jobId) {
      const account = accountOf(receiver);
      if (account.running.size === 0) account.answers = account.limits.answers?.() ?? 0;
      account.running.set(jobId, account.closings);
      runningInAll += 1;
    },
    end(receiver, jobId) {
      accountOf(receiver).running.delete(jobId);
      runningInAll -= 1;
    },
    note(receiver, { code, ...ended }) {
      const account = accountOf(receiver);
      const { limits, breaker } = account;
      const before = breaker.closing();
      // what began before it was closed says nothing of whether it may be asked again
      const isOfBefore = before !== null && account.running.get(ended.jobId) !== account.closings;
      const isWord = ended.word !== 'well' || (hasAnswered(account) && !isOfBefore);
      const word = isWord ? ended.word : 'unknown';
      const to = breaker.note({ ...ended, word, now: clock.now(), random: options.random() });
      if (to === 'closed' || to === 'still_closed') account.closings += 1;
      const closing = breaker.closing() ?? before;
      if (to && closing) options.onChange({ account: limits.account, to, closing, code });
    },
  };
}

/** A job may end well without a word to anybody, e.g. a deadline of a link that nobody used. */
function hasAnswered(account: Account): boolean {
  const { answers } = account.limits;
  if (!answers) return true;
  const before = account.answers;
  account.answers = answers();
  return account.answers > before;
}
