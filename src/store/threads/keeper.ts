/** The gateway's side of the thread that looks after the files. */
import { checkIntegrity, type Integrity } from './integrity.js';
import type { KeeperAnswer, KeeperQuestion, KeeperThreadData } from './keeper-messages.js';
import { startLastingThread } from './lasting-thread.js';

export interface Keeper {
  /** checks both files from end to end, while everything else goes on; finds nothing when it is closed meanwhile */
  checkIntegrity(): Promise<Integrity>;
  /** copies both logs back and empties them; false when somebody was in the way, or the thread ended: ask again later */
  emptyLogs(): Promise<boolean>;
  /** the settings of the thread's connections, as read back from them; none when it ended */
  pragmas(): Promise<readonly Record<string, unknown>[]>;
  /** calls back with why the thread ended, and with null when it (or another in its place) has begun its work */
  onHealth(act: (fault: Error | null) => void): void;
  close(): Promise<void>;
}

/** Starts the thread over files that are migrated already. */
export function startKeeper(data: KeeperThreadData): Keeper {
  const closing = new AbortController();
  const asking = new Map<number, (answer: KeeperAnswer | null) => void>();
  let asked = 0;
  let onHealth = (_fault: Error | null) => {};
  const thread = startLastingThread<KeeperAnswer | 'begun'>({
    script: new URL('./keeper-thread.js', import.meta.url),
    data,
    onAnswer(answer) {
      if (answer === 'begun') onHealth(null);
      else {
        asking.get(answer.number)?.(answer);
        asking.delete(answer.number);
      }
    },
    // until there is another, the logs are copied back by whoever finds them out of hand
    onEnd(fault) {
      const unanswered = [...asking.values()];
      asking.clear();
      onHealth(fault);
      for (const act of unanswered) act(null);
    },
  });

  /** A thread that ended answers nothing, so it is answered for: null. */
  function ask(about: KeeperQuestion['about']): Promise<KeeperAnswer | null> {
    if (!thread.isThere()) return Promise.resolve(null);
    return new Promise(resolve => {
      asked += 1;
      asking.set(asked, resolve);
      thread.ask({ number: asked, about });
    });
  }

  return {
    checkIntegrity() {
      const files = data.files.map(({ file }) => file);
      return checkIntegrity(files, closing.signal);
    },
    async emptyLogs() {
      const answer = await ask('logs');
      return answer !== null && 'logs' in answer && answer.logs.emptied;
    },
    async pragmas() {
      const answer = await ask('pragmas');
      return answer !== null && 'pragmas' in answer ? answer.pragmas : [];
    },
    onHealth(act) {
      onHealth = act;
    },
    async close() {
      closing.abort();
      await thread.close();
    },
  };
}
