/**
 * Whether a receiver is worth asking. After some different jobs failed in a row it is closed for a while, that grows and
 * is jittered; then one job is let through to see. Jobs that wait meanwhile use up none of their attempts.
 */

/** What a job's end says about its receiver. `busy`: it asks to be left alone for a while. */
export type ReceiverWord = 'well' | 'ill' | 'busy' | 'unknown';

/** A receiver that gets no jobs. Times in epoch milliseconds. */
export interface Closing {
  readonly since: number;
  readonly until: number;
}

export interface Breaker {
  /** null: open */
  closing(): Closing | null;
  /** notes how a job ended. Returns what changed by it, if anything did. */
  note(ended: {
    readonly word: ReceiverWord;
    readonly jobId: number;
    readonly now: number;
    readonly random: number;
    readonly retryAfterMs?: number | undefined;
  }): 'closed' | 'still_closed' | 'opened' | null;
}

/** Different jobs that must fail in a row; one that keeps failing by itself has its own backoff. */
export const failuresToClose = 5;
const firstMs = 5_000;
const longestMs = 300_000;
/** No pause is longer, whatever a receiver asks for. */
const longestPauseMs = 900_000;

/** Whether its pause is over; also when that seems longer than any, because the machine's clock was set back since. */
export function isOver({ until }: Closing, now: number): boolean {
  return now >= until || until - now > longestPauseMs;
}

/** Builds one, open. */
export function createBreaker(): Breaker {
  const failed = new Set<number>();
  let closing: Closing | null = null;
  let level = 0;

  function close(now: number, random: number, retryAfterMs: number): void {
    const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(level, 10));
    const pause = Math.max(Math.round(ceiling * (0.5 + random / 2)), Math.min(retryAfterMs, longestPauseMs));
    level += 1;
    closing = { since: closing?.since ?? now, until: now + pause };
  }

  function open(): void {
    closing = null;
    level = 0;
    failed.clear();
  }

  return {
    closing: () => closing,
    note({ word, jobId, now, random, retryAfterMs = 0 }) {
      if (word === 'unknown') return null;
      if (word === 'well') {
        const was = closing;
        open();
        return was ? 'opened' : null;
      }
      failed.add(jobId);
      // jobs that were under way when it closed say nothing new
      if (closing && !isOver(closing, now)) return null;
      if (word === 'ill' && !closing && failed.size < failuresToClose) return null;
      const was = closing;
      close(now, random, retryAfterMs);
      return was ? 'still_closed' : 'closed';
    },
  };
}
