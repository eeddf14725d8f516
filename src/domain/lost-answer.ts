/**
 * What must not be there twice is not asked for again while a vendor may still be at work on an earlier call whose answer
 * was lost: looking whether it exists proves nothing before that is over.
 */

/**
 * When something whose making had no answer may be asked for again; null: now.
 *
 * @param since when the call was made or its answer given up, epoch milliseconds; null when there was none
 * @param lostAnswerMs how long a vendor may be at work on a call that nobody listens to any more
 */
export function repeatableAt(since: number | null, now: number, lostAnswerMs: number): number | null {
  // a date far ahead is from before the clock was set back, and says nothing
  return since !== null && Math.abs(now - since) < lostAnswerMs ? since + lostAnswerMs : null;
}
