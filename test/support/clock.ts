import type { Clock } from '../../src/runtime/clock.js';

/** A clock that stands still until a test moves it; due timers fire in order while it moves. */
export class TestClock implements Clock {
  #now: number;
  #next = 0;
  readonly #timers = new Map<number, { at: number; act: () => void }>();

  constructor(start: string | number = '2026-03-04T10:00:00Z') {
    this.#now = typeof start === 'number' ? start : Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, act: () => void): () => void {
    const id = this.#next++;
    this.#timers.set(id, { at: this.#now + Math.max(0, delayMs), act });
    return () => this.#timers.delete(id);
  }

  /** Moves the time forward and fires what becomes due, each at its own moment. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers]
        .filter(([, timer]) => timer.at <= end)
        .sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].act();
    }
    this.#now = end;
  }

  /** Somebody sets the clock back: what is waited for takes as long as before. */
  setBack(ms: number): void {
    this.#now -= ms;
    for (const timer of this.#timers.values()) timer.at -= ms;
  }
}
