/** Who waits for jobs now, by the jobs' keys. */
export interface Awaited {
  /** resolves when the job of this key has been tried, or will not be */
  wait(key: string, receiver: string): Promise<void>;
  /** whoever waits for it looks for themselves at what became of it */
  end(key: string): void;
  endAllBut(keys: ReadonlySet<string>): void;
  /** what is waited for, and at which receiver */
  entries(): readonly { readonly key: string; readonly receiver: string }[];
}

/** Builds it; nobody waits. */
export function createAwaited(): Awaited {
  const waiting = new Map<string, { receiver: string; resolves: (() => void)[] }>();

  function end(key: string): void {
    for (const resolve of waiting.get(key)?.resolves ?? []) resolve();
    waiting.delete(key);
  }

  return {
    wait(key, receiver) {
      return new Promise(resolve => {
        const known = waiting.get(key)?.resolves ?? [];
        waiting.set(key, { receiver, resolves: [...known, resolve] });
      });
    },
    end,
    endAllBut(keys) {
      for (const key of waiting.keys()) if (!keys.has(key)) end(key);
    },
    entries: () => [...waiting].map(([key, { receiver }]) => ({ key, receiver })),
  };
}
