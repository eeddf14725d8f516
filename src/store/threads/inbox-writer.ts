/** The gateway's side of the inbox's thread. */
import { Worker } from 'node:worker_threads';
import type { Failpoint } from '../../runtime/failpoint.js';
import {
  type DeliverySource,
  type InboxAnswer,
  type InboxRequest,
  type InboxThreadData,
  numbersEach,
  type Settlement,
} from './inbox-messages.js';

/** A genuine delivery, verified but not yet read. */
export interface GenuineDelivery {
  readonly organization: string;
  readonly provider: string;
  readonly raw: Buffer;
  readonly receivedAt: number;
}

/** What was asked for was not committed; nothing of it is kept. `code` is SQLite's, or says why it was not tried. */
export class InboxError extends Error {
  override readonly name = 'InboxError';
  constructor(readonly code: string) {
    super(`the inbox did not commit: ${code}`);
  }
}

/** Commits to the inbox. Whatever arrives while a commit is under way goes into the next one together. */
export interface InboxWriter {
  /** resolves after the commit. @throws {InboxError} */
  keep(delivery: GenuineDelivery): Promise<void>;
  /** resolves after the commit. @throws {InboxError} */
  settle(settlements: readonly Settlement[]): Promise<void>;
  /** calls back with each answer of the thread: whether commits succeed now, and SQLite's code if not */
  onHealth(act: (now: InboxAnswer) => void): void;
  /** the settings of the thread's connection, as read back from it */
  pragmas(): Promise<Record<string, unknown>>;
  /** has the thread write something that changes nothing: SQLite's code when it is refused, else null */
  probe(): Promise<string | null>;
  /** commits what waits, then ends the thread */
  close(): Promise<void>;
}

/** What waits beyond this is refused, so that a stuck disk fills no memory. */
export const mostWaitingBytes = 64 * 1024 * 1024;
const mostInOneCommit = 2_000;
const restartMs = 500;

interface Waiting {
  readonly delivery: GenuineDelivery | null;
  readonly settlements: readonly Settlement[];
  readonly resolve: () => void;
  readonly reject: (error: InboxError) => void;
}

/** Starts the thread over an inbox that is open and migrated already. */
export function startInboxWriter(data: InboxThreadData, failpoint?: Failpoint): InboxWriter {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let underWay: Waiting[] | null = null;
  let scheduled = false;
  let refusing = false;
  let closing = false;
  let onHealth = (_now: InboxAnswer) => {};
  let ended = false;
  let onQuiet = () => {};
  let onPragmas = (_values: Record<string, unknown>) => {};
  let onProbe = (_code: string | null) => {};
  let worker = start();

  function start(): Worker {
    const fresh = new Worker(new URL('./inbox-thread.js', import.meta.url), { workerData: data });
    fresh.on(
      'message',
      (answer: InboxAnswer | { pragmas: Record<string, unknown> } | { probe: string | null }) => {
        if ('pragmas' in answer) onPragmas(answer.pragmas);
        else if ('probe' in answer) onProbe(answer.probe);
        else finish(answer);
      },
    );
    fresh.on('error', () => {});
    fresh.on('exit', () => {
      if (closing) return;
      ended = true;
      finish({ ok: false, code: 'inbox_thread_ended' });
      onProbe('inbox_thread_ended');
      setTimeout(() => {
        if (closing) return;
        worker = start();
        ended = false;
        schedule();
      }, restartMs).unref();
    });
    return fresh;
  }

  function schedule(): void {
    if (scheduled || underWay || waiting.length === 0) return;
    scheduled = true;
    // whatever else this turn of the event loop brings goes into the same commit
    setImmediate(send);
  }

  function send(): void {
    scheduled = false;
    // a thread that ended answers nothing: what waits is for its successor
    if (underWay || ended || waiting.length === 0) return;
    underWay = waiting.slice(0, mostInOneCommit);
    waiting = waiting.slice(mostInOneCommit);
    const request = toRequest(underWay);
    waitingBytes -= request.bytes.byteLength;
    failpoint?.('inbox.before_commit');
    worker.postMessage(request, [request.bytes.buffer as ArrayBuffer]);
  }

  function finish(answer: InboxAnswer): void {
    const batch = underWay ?? [];
    underWay = null;
    if (answer.ok) failpoint?.('inbox.after_commit');
    onHealth(answer);
    for (const { resolve, reject } of batch) answer.ok ? resolve() : reject(new InboxError(answer.code));
    if (waiting.length === 0) onQuiet();
    else schedule();
  }

  function add(delivery: GenuineDelivery | null, settlements: readonly Settlement[]): Promise<void> {
    const bytes = delivery ? delivery.raw.length : 0;
    if (refusing) return Promise.reject(new InboxError('closing'));
    if (waitingBytes + bytes > mostWaitingBytes) return Promise.reject(new InboxError('too_much_waiting'));
    waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      waiting.push({ delivery, settlements, resolve, reject });
      schedule();
    });
  }

  return {
    keep: delivery => add(delivery, []),
    settle: settlements => (settlements.length === 0 ? Promise.resolve() : add(null, settlements)),
    onHealth: act => {
      onHealth = act;
    },
    pragmas() {
      return new Promise(resolve => {
        onPragmas = resolve;
        worker.postMessage('pragmas');
      });
    },
    probe() {
      if (ended) return Promise.resolve('inbox_thread_ended');
      return new Promise(resolve => {
        onProbe = resolve;
        worker.postMessage('probe');
      });
    },
    async close() {
      refusing = true;
      if (underWay || waiting.length > 0) await new Promise<void>(resolve => (onQuiet = resolve));
      closing = true;
      if (ended) return;
      const exit = new Promise(resolve => worker.once('exit', resolve));
      worker.postMessage('close');
      await exit;
    },
  };
}

/** One buffer for all bodies: handed over to the thread, not copied once more. */
function toRequest(batch: readonly Waiting[]): InboxRequest {
  const deliveries = batch.flatMap(({ delivery }) => (delivery ? [delivery] : []));
  const bytes = new Uint8Array(deliveries.reduce((sum, { raw }) => sum + raw.length, 0));
  const parts = new Float64Array(deliveries.length * numbersEach);
  const sources: DeliverySource[] = [];
  let offset = 0;
  deliveries.forEach((delivery, place) => {
    const { raw } = delivery;
    bytes.set(raw, offset);
    offset += raw.length;
    parts[place * numbersEach] = placeOf(delivery, sources);
    parts[place * numbersEach + 1] = delivery.receivedAt;
    parts[place * numbersEach + 2] = raw.length;
  });
  return { sources, parts, bytes, settle: batch.flatMap(({ settlements }) => settlements) };
}

/** Its place among the sources; it is added when it is not there yet. */
function placeOf({ organization, provider }: DeliverySource, sources: DeliverySource[]): number {
  const known = sources.findIndex(each => each.organization === organization && each.provider === provider);
  return known >= 0 ? known : sources.push({ organization, provider }) - 1;
}
