import type { FailpointName } from '../../src/runtime/failpoint.js';

/** What one life of the gateway is told when it begins. */
export interface Orders {
  /** where a configuration folder is, and the secrets that go with it */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** how far its clock is ahead of the machine's */
  readonly aheadMs: number;
  readonly times: { readonly uploadsMs: number; readonly silenceMs: number; readonly lostAnswerMs: number };
  /** where it ends by itself: the place, how often it passes by before, and the file that then says so */
  readonly ending?: { readonly at: FailpointName; readonly skip: number; readonly epitaph: string };
}

/** What it says. `warm`: everything is loaded, orders are awaited. */
export type Word =
  | { readonly kind: 'warm' }
  | { readonly kind: 'ready'; readonly public: string; readonly private: string }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'closed' };
