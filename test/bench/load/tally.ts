import { createHistogram, record } from '../statistics.js';
import type { TurnReport } from './orders.js';

/** Counts the answers of one turn. */
export interface Tally {
  /** @param begun when the request was sent, or was due, on `performance.now()`'s scale */
  answered(begun: number, status: number): void;
  failed(): void;
  begin(): void;
  end(): void;
  report(): TurnReport;
}

export function createTally(alsoAnswers: readonly number[] = []): Tally {
  const latencies = createHistogram();
  const statuses: Record<number, number> = {};
  let measuring = false;
  let begunAt = 0;
  let measuredMs = 0;
  let measured = 0;
  let failures = 0;
  let cpu = process.cpuUsage();
  return {
    answered(begun, status) {
      if (status === 0) {
        failures += 1;
        return;
      }
      statuses[status] = (statuses[status] ?? 0) + 1;
      const counts = (status >= 200 && status <= 299) || alsoAnswers.includes(status);
      if (!measuring || !counts) return;
      measured += 1;
      record(latencies, performance.now() - begun);
    },
    failed() {
      failures += 1;
    },
    begin() {
      measuring = true;
      begunAt = performance.now();
      cpu = process.cpuUsage();
    },
    end() {
      measuring = false;
      measuredMs = performance.now() - begunAt;
      cpu = process.cpuUsage(cpu);
    },
    report() {
      const busy = (cpu.user + cpu.system) / 1000 / measuredMs;
      return { latencies, measured, measuredMs, statuses, failures, busy };
    },
  };
}
