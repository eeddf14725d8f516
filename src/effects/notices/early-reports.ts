import type { NoticeStatus } from '../../store/notices.js';

/** A vendor's word on a message, as kept with its notice. */
export interface NoticeReport {
  readonly status: NoticeStatus;
  readonly errorCode?: string;
}

/** Reports about messages whose sending has not been answered yet: the vendor's callback may overtake its answer. */
export interface EarlyReports {
  keep(ref: string, report: NoticeReport): void;
  take(ref: string): NoticeReport | undefined;
}

const most = 1000;

/** In memory and bounded: after a crash the vendor is asked for the message anyway, and tells its status. */
export function createEarlyReports(): EarlyReports {
  const reports = new Map<string, NoticeReport>();
  return {
    keep(ref, report) {
      reports.set(ref, report);
      const [oldest] = reports.keys();
      if (reports.size > most && oldest !== undefined) reports.delete(oldest);
    },
    take(ref) {
      const report = reports.get(ref);
      reports.delete(ref);
      return report;
    },
  };
}
