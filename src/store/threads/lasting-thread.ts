/** A thread in whose place another is started when it ends by itself. */
import { Worker } from 'node:worker_threads';

export interface LastingThread {
  /** false from an end until another was started: nobody would answer a question */
  isThere(): boolean;
  ask(question: unknown, handedOver?: readonly ArrayBuffer[]): void;
  /** has the thread end once it answered what it was asked; resolves when there is none any more */
  close(): Promise<void>;
}

export interface LastingThreadOptions<Answer> {
  /** it ends when it is sent `close` */
  readonly script: URL;
  readonly data: unknown;
  readonly onAnswer: (answer: Answer) => void;
  /** it ended by itself, and answers nothing of what it was asked */
  readonly onEnd: (fault: Error) => void;
  /** another was started in its place */
  readonly onReturn?: () => void;
}

const restartMs = 500;

/** Starts the thread. */
export function startLastingThread<Answer>(options: LastingThreadOptions<Answer>): LastingThread {
  let ended = false;
  let closing = false;
  let worker = start();

  function start(): Worker {
    const fresh = new Worker(options.script, { workerData: options.data });
    let fault: Error | undefined;
    fresh.on('message', options.onAnswer);
    fresh.on('error', (thrown: unknown) => {
      fault = asError(thrown);
    });
    fresh.on('exit', code => {
      ended = true;
      if (closing) return;
      options.onEnd(fault ?? new Error(`the thread ended with ${code}`));
      setTimeout(startAnother, restartMs).unref();
    });
    return fresh;
  }

  function startAnother(): void {
    if (closing) return;
    worker = start();
    ended = false;
    options.onReturn?.();
  }

  return {
    isThere: () => !ended,
    ask: (question, handedOver = []) => worker.postMessage(question, handedOver),
    async close() {
      closing = true;
      if (ended) return;
      const exit = new Promise(resolve => worker.once('exit', resolve));
      worker.postMessage('close');
      await exit;
    },
  };
}

/** Of SQLite's errors only the code leaves a thread. */
function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const code: unknown = Reflect.get(Object(thrown), 'code');
  return Object.assign(new Error(`the thread ended with ${code ?? thrown}`), { code });
}
