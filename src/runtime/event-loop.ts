/** Tells whether this process can no longer keep up: timers then fire much later than they should. */
export interface EventLoopWatch {
  overloaded(): boolean;
  stop(): void;
}

const tickMs = 250;

/** Watches the event loop; real time, since that is what callers wait for. `limitMs`: lateness that counts as overload. */
export function watchEventLoop(limitMs: number): EventLoopWatch {
  let last = performance.now();
  let late = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    late = now - last - tickMs;
    last = now;
  }, tickMs);
  timer.unref();
  return {
    overloaded: () => late > limitMs,
    stop: () => clearInterval(timer),
  };
}
