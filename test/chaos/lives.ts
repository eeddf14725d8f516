/** The gateway's lives, one after the other, each a process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FailpointName } from '../../src/runtime/failpoint.js';
import type { Orders, Word } from './orders.js';

const entry = fileURLToPath(new URL('./gateway-process.js', import.meta.url));

/** How a life ended. */
export interface Death {
  /** the failpoint it ended at, if it was that */
  readonly at: FailpointName | null;
  /** it ended neither by us nor at a failpoint */
  readonly unexpected: boolean;
}

export interface Life {
  /** resolves to its addresses, or null when it ended before it listened */
  readonly ready: Promise<{ readonly public: string; readonly private: string } | null>;
  readonly dead: Promise<Death>;
  kill(): Promise<Death>;
  /** ends it as SIGTERM does */
  close(): Promise<void>;
}

export interface LivesOptions {
  /** where the gateway's own log goes */
  readonly log: string;
  /** further environment, made anew for each life */
  readonly environment?: () => Record<string, string>;
  /** keep the next life loaded and waiting; not where its environment may not be made beforehand */
  readonly standby: boolean;
}

export interface Lives {
  begin(orders: Orders): Life;
  close(): Promise<void>;
}

export function createLives(options: LivesOptions): Lives {
  let spare: ChildProcess | undefined;
  let current: Life | undefined;

  function spawn(): ChildProcess {
    const log = openSync(options.log, 'a');
    const child = fork(entry, [], {
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: [],
      detached: true,
      env: { PATH: process.env.PATH ?? '', UV_USE_IO_URING: '0', ...options.environment?.() },
    });
    closeSync(log);
    // a word to one that died meanwhile is no fault of anybody's
    child.on('error', () => {});
    return child;
  }

  return {
    begin(orders) {
      const child = spare ?? spawn();
      current = liveWith(child, orders);
      spare = undefined;
      void current.ready.then(() => {
        if (options.standby) spare ??= spawn();
      });
      return current;
    },
    async close() {
      await current?.kill();
      const last = spare;
      spare = undefined;
      if (last?.kill('SIGKILL')) await once(last, 'exit');
    },
  };
}

function liveWith(child: ChildProcess, orders: Orders): Life {
  let killed = false;
  const { epitaph } = orders.ending ?? {};
  if (epitaph !== undefined) rmSync(epitaph, { force: true });
  const dead = (async (): Promise<Death> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    endGroup(child);
    if (epitaph === undefined || !existsSync(epitaph)) return { at: null, unexpected: !killed };
    return { at: readFileSync(epitaph, 'utf8') as FailpointName, unexpected: false };
  })();
  const ready = new Promise<{ public: string; private: string } | null>((resolve, reject) => {
    child.on('message', (word: Word) => {
      if (word.kind === 'ready') resolve(word);
      if (word.kind === 'failed') reject(new Error(`the gateway does not start: ${word.error}`));
    });
    void dead.then(() => resolve(null));
  });
  // orders wait in the channel until it has loaded
  child.send(orders, () => {});
  return {
    ready,
    dead,
    async kill() {
      killed = true;
      child.kill('SIGKILL');
      return await dead;
    },
    async close() {
      killed = true;
      child.send('close', () => {});
      await dead;
    },
  };
}

/** What ends a gateway for good, as a power cut does, ends whatever it started. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody of it is left
  }
}
