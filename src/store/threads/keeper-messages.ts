/** What the keeper's thread is started with. */
export interface KeeperThreadData {
  readonly files: readonly string[];
}

/** What it tells. `faults` names files that SQLite finds damaged. */
export type KeeperMessage =
  | { readonly integrity: { readonly faults: readonly string[] } }
  | { readonly logs: { readonly emptied: boolean } }
  | { readonly pragmas: readonly Record<string, unknown>[] };
