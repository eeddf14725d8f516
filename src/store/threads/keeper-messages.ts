/** A database it looks after. */
export interface KeptFile {
  readonly file: string;
  /** its writer is a thread, which may be kept waiting for a moment: only then is its log begun anew */
  readonly writtenByThread: boolean;
}

/** What the keeper's thread is started with. */
export interface KeeperThreadData {
  readonly files: readonly KeptFile[];
  /** how often it looks at the logs, for tests */
  readonly lookMs?: number;
}

/** What it is asked, under a number that its answer carries too: several may wait for an answer of one kind. */
export interface KeeperQuestion {
  readonly number: number;
  readonly about: 'logs' | 'pragmas';
}

/** What it answers. Unasked it says `begun` once its connections are open. */
export type KeeperAnswer = { readonly number: number } & (
  | { readonly logs: { readonly emptied: boolean } }
  | { readonly pragmas: readonly Record<string, unknown>[] }
);
