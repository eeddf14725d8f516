/** Resolves when the process is told to end, or when `end` is called. */
export interface Ending {
  readonly ended: Promise<void>;
  end(): void;
  /** lets the signals do again what they did before */
  forget(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** From now on a signal ends nothing by itself. */
export function untilSignal(): Ending {
  let end = () => {};
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  for (const signal of signals) process.on(signal, end);
  return {
    ended,
    end,
    forget() {
      for (const signal of signals) process.off(signal, end);
    },
  };
}
