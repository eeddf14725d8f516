/** The gateway's side of the thread that looks after the files. */
import { Worker } from 'node:worker_threads';
import type { KeeperAnswer, KeeperQuestion, KeeperThreadData } from './keeper-messages.js';

export interface Keeper {
  /** checks both files from end to end, while everything else goes on; resolves to the files that are damaged */
  checkIntegrity(): Promise<readonly string[]>;
  /** copies both logs back and empties them; false when somebody was in the way: ask again later */
  emptyLogs(): Promise<boolean>;
  /** the settings of the thread's connections, as read back from them */
  pragmas(): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Starts the thread over files that are migrated already. */
export function startKeeper(data: KeeperThreadData): Keeper {
  const worker = new Worker(new URL('./keeper-thread.js', import.meta.url), { workerData: data });
  // without it the logs are copied back by whoever finds them out of hand
  worker.on('error', () => {});
  let asked = 0;
  const ask = (about: KeeperQuestion['about']) =>
    new Promise<KeeperAnswer>(resolve => {
      asked += 1;
      const question: KeeperQuestion = { number: asked, about };
      const listen = (answer: KeeperAnswer) => {
        if (answer.number !== question.number) return;
        worker.off('message', listen);
        resolve(answer);
      };
      worker.on('message', listen);
      worker.postMessage(question);
    });
  return {
    async checkIntegrity() {
      const answer = await ask('integrity');
      return 'integrity' in answer ? answer.integrity.faults : [];
    },
    async emptyLogs() {
      const answer = await ask('logs');
      return 'logs' in answer && answer.logs.emptied;
    },
    async pragmas() {
      const answer = await ask('pragmas');
      return 'pragmas' in answer ? answer.pragmas : [];
    },
    async close() {
      const ended = new Promise(resolve => worker.once('exit', resolve));
      worker.postMessage('close');
      await ended;
    },
  };
}
