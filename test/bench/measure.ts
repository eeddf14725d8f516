import type { ChildProcess } from 'node:child_process';
import type { Note, Siege, Turn, TurnReport } from './load/orders.js';
import { type RunningServer, startGenerator } from './servers/process.js';

/** One server's turn. */
export interface Sample {
  readonly perSecond: number;
  /** the server's processor time for each answer, microseconds */
  readonly cpuUs: number;
  readonly residentMb: number;
  /** syncs for each 2xx; absent where nobody counts them */
  readonly syncs?: number;
  readonly report: TurnReport;
}

/** Drives load at servers. One turn at a time. */
export interface Generator {
  turn(server: RunningServer, turn: Omit<Turn, 'kind'>, countSyncs?: () => number): Promise<Sample>;
  /** resolves when it stands; it lasts until `end` */
  besiege(siege: Omit<Siege, 'kind'>): Promise<void>;
  end(): void;
}

/** Starts a load generator's process. */
export function createGenerator(): Generator {
  const child = startGenerator();
  return {
    async turn(server, turn, countSyncs) {
      const notes = listen(child);
      child.send({ kind: 'turn', ...turn } satisfies Turn);
      await notes.next('begin');
      const [cpuBefore, syncsBefore] = [server.cpuMs(), countSyncs?.() ?? 0];
      await notes.next('end');
      const [cpuAfter, syncsAfter] = [server.cpuMs(), countSyncs?.() ?? 0];
      const residentMb = server.residentMb();
      const { report } = await notes.next('report');
      return {
        perSecond: (report.measured * 1000) / report.measuredMs,
        cpuUs: ((cpuAfter - cpuBefore) * 1000) / report.measured,
        residentMb,
        ...(countSyncs ? { syncs: (syncsAfter - syncsBefore) / report.measured } : {}),
        report,
      };
    },
    async besiege(siege) {
      const notes = listen(child);
      child.send({ kind: 'siege', ...siege } satisfies Siege);
      await notes.next('held');
    },
    end: () => void child.kill('SIGKILL'),
  };
}

/** Answers of the whole turn that were 2xx: as many rows must have been made. */
export function answered2xx(report: TurnReport): number {
  return Object.entries(report.statuses)
    .filter(([status]) => status.startsWith('2'))
    .reduce((sum, [, count]) => sum + count, 0);
}

function listen(child: ChildProcess) {
  return {
    next<Kind extends Note['kind']>(kind: Kind): Promise<Extract<Note, { kind: Kind }>> {
      return new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the load generator ended'));
        const onMessage = (note: Note) => {
          if (note.kind !== kind) return;
          child.off('message', onMessage);
          child.off('exit', ended);
          resolve(note as Extract<Note, { kind: Kind }>);
        };
        child.on('message', onMessage);
        child.once('exit', ended);
      });
    },
  };
}
