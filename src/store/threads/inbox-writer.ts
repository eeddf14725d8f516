/** The gateway's side of the inbox's thread. */
import type { Failpoint } from '../../runtime/failpoint.js';
import { refusalOf } from '../../runtime/refusal.js';
import type { Arrival, DeliverySource } from '../arrivals.js';
import type {
  InboxAnswer,
  InboxKind,
  InboxRefusal,
  InboxRequest,
  InboxThreadData,
  InboxValues,
  Settlement,
} from './inbox-messages.js';
import { startLastingThread } from './lasting-thread.js';

/** A genuine delivery, verified but not yet read. */
export interface GenuineDelivery {
  readonly organization: string;
  readonly provider: string;
  readonly raw: Buffer;
  readonly receivedAt: number;
}

/** What was asked for was not committed; nothing of it is kept. */
export class InboxError extends Error {
  override readonly name = 'InboxError';
  /** SQLite's, or says why it was not tried */
  readonly code: string;
  /** whether deliveries are answered 503 for the same reason; `onHealth` is then told of it, too */
  readonly refusesDeliveries: boolean;

  constructor({ code, refusesDeliveries, fault }: InboxRefusal) {
    super(`the inbox did not commit: ${code}`, fault && { cause: fault });
    this.code = code;
    this.refusesDeliveries = refusesDeliveries;
  }
}

/** What a delivery's sender is answered by. Must not throw: the others of the same commit are answered after it. */
export type KeepAnswer = (refusal: InboxError | null) => void;

/** Commits to the inbox. Whatever arrives while a commit is under way goes into the next one together. */
export interface InboxWriter {
  /**
   * Answers after the commit: with null, or with why nothing was committed (that at once, where it was not tried). Told
   * by a callback, because it is what every delivery waits for.
   */
  keep(delivery: GenuineDelivery, answer: KeepAnswer): void;
  /** resolves after the commit. @throws {InboxError} */
  settle(settlements: readonly Settlement[]): Promise<void>;
  /**
   * Gives at least so many of the deliveries kept a row of their own, the oldest first, if there are so many. Tells
   * whether more are left. @throws {InboxError}
   */
  unpack(atLeast: number): Promise<InboxValues['unpack']>;
  /**
   * Calls back with each answer of the thread, when it ended or says nothing, and with each delivery that is refused
   * because too much waits: whether what is asked is done, and if not, why.
   */
  onHealth(act: (now: { readonly ok: true } | InboxRefusal) => void): void;
  /** the settings of the thread's connection, as read back from it. @throws {InboxError} */
  pragmas(): Promise<Record<string, unknown>>;
  /** has the thread write something that changes nothing: SQLite's code when it is refused, else null */
  probe(): Promise<string | null>;
  /** commits what waits, then ends the thread */
  close(): Promise<void>;
}

/** What waits beyond this is refused, so that a stuck disk fills no memory. */
export const mostWaitingBytes = 64 * 1024 * 1024;
/** What was kept together is unpacked together: more would have deliveries wait for longer than a commit takes. */
const mostInOneCommit = 200;
/** Longer than a commit waits for a lock, and shorter than a provider waits for an answer. */
const usualPatienceMs = 7_000;
const none: readonly Settlement[] = [];
const threadEnded: InboxRefusal = { ok: false, code: 'inbox_thread_ended', refusesDeliveries: true };
const threadSilent: InboxRefusal = { ok: false, code: 'inbox_silent', refusesDeliveries: true };
const tooMuchWaiting: InboxRefusal = { ok: false, code: 'too_much_waiting', refusesDeliveries: true };
const closing: InboxRefusal = { ok: false, code: 'closing', refusesDeliveries: false };

interface Waiting {
  readonly delivery: GenuineDelivery | null;
  readonly settlements: readonly Settlement[];
  readonly answer: KeepAnswer;
}

/**
 * Starts the thread over an inbox that is open and migrated already. Whoever waits for longer than `patienceMs`, because
 * the disk takes a sync and does not end it, is refused, and so is everybody until the thread answers again. What it was
 * asked it may then have done all the same.
 */
export function startInboxWriter(
  data: InboxThreadData,
  failpoint?: Failpoint,
  patienceMs = usualPatienceMs,
): InboxWriter {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let underWay: Waiting[] | null = null;
  let scheduled = false;
  let refusing = false;
  let onHealth = (_now: { readonly ok: true } | InboxRefusal) => {};
  let onQuiet = () => {};
  let silent = false;
  /** who waits for the thread's next answers */
  let asking: ((answer: InboxAnswer) => void)[] = [];
  let answered = 0;
  let onSilence = () => {};
  const patience = setTimeout(lookForAnswers, patienceMs).unref();
  const thread = startLastingThread<InboxAnswer>({
    script: new URL('./inbox-thread.js', import.meta.url),
    data,
    onAnswer(answer) {
      silent = false;
      answered += 1;
      patience.refresh();
      onHealth(answer);
      asking.shift()?.(answer);
    },
    onEnd(fault) {
      silent = false;
      const unanswered = asking;
      asking = [];
      const ended = { ...threadEnded, code: refusalOf(fault) ?? threadEnded.code, fault };
      onHealth(ended);
      for (const act of unanswered) act(ended);
    },
    onReturn: schedule,
  });

  /** The gateway's own thread may have stood still: then the answer lies there already, and is met in this turn. */
  function lookForAnswers(): void {
    const before = answered;
    setImmediate(() => {
      if (answered === before && asking.length > 0 && !silent) losePatience();
    });
  }

  function losePatience(): void {
    silent = true;
    const unanswered = asking;
    // the answers come in order, if they come
    asking = unanswered.map(() => () => {});
    onHealth(threadSilent);
    for (const act of unanswered) act(threadSilent);
    onSilence();
  }

  /** A thread that ended, or says nothing, is answered for. */
  function ask<Kind extends InboxKind>(
    request: InboxRequest<Kind>,
    act: (answer: InboxAnswer<Kind>) => void,
    handedOver: ArrayBuffer[] = [],
  ): void {
    if (silent || !thread.isThere()) {
      act(silent ? threadSilent : threadEnded);
      return;
    }
    if (asking.length === 0) patience.refresh();
    asking.push(act as (answer: InboxAnswer) => void);
    thread.ask(request, handedOver);
  }

  function answerOf<Kind extends InboxKind>(request: InboxRequest<Kind>): Promise<InboxValues[Kind]> {
    return new Promise((resolve, reject) =>
      ask(request, answer => (answer.ok ? resolve(answer.value) : reject(new InboxError(answer)))),
    );
  }

  function schedule(): void {
    if (scheduled || underWay || waiting.length === 0) return;
    scheduled = true;
    // whatever else this turn of the event loop brings goes into the same commit
    setImmediate(send);
  }

  function send(): void {
    scheduled = false;
    // what waits is for the next thread
    if (underWay || !thread.isThere() || waiting.length === 0) return;
    underWay = waiting.slice(0, mostInOneCommit);
    waiting = waiting.slice(mostInOneCommit);
    const arrival = toArrival(underWay);
    const settle = underWay.flatMap(({ settlements }) => settlements);
    waitingBytes -= arrival.bytes.byteLength;
    failpoint?.('inbox.before_commit');
    ask({ kind: 'commit', arrival, settle }, finish, [arrival.bytes.buffer as ArrayBuffer]);
  }

  function finish(answer: InboxAnswer<'commit'>): void {
    const batch = underWay ?? [];
    underWay = null;
    if (answer.ok) failpoint?.('inbox.after_commit');
    // the thread gets its next first: it commits while the answers to these are written
    send();
    for (const each of batch) each.answer(answer.ok ? null : new InboxError(answer));
    if (!underWay && waiting.length === 0) onQuiet();
  }

  function add(
    delivery: GenuineDelivery | null,
    settlements: readonly Settlement[],
    answer: KeepAnswer,
  ): void {
    const bytes = delivery ? delivery.raw.length : 0;
    if (refusing) answer(new InboxError(closing));
    else if (waitingBytes + bytes > mostWaitingBytes) {
      onHealth(tooMuchWaiting);
      answer(new InboxError(tooMuchWaiting));
    } else {
      waitingBytes += bytes;
      waiting.push({ delivery, settlements, answer });
      schedule();
    }
  }

  function settle(settlements: readonly Settlement[]): Promise<void> {
    return new Promise((resolve, reject) =>
      add(null, settlements, refusal => (refusal ? reject(refusal) : resolve())),
    );
  }

  return {
    keep: (delivery, answer) => add(delivery, none, answer),
    settle: settlements => (settlements.length === 0 ? Promise.resolve() : settle(settlements)),
    unpack: atLeast => answerOf({ kind: 'unpack', atLeast }),
    onHealth: act => {
      onHealth = act;
    },
    pragmas: () => answerOf({ kind: 'pragmas' }),
    probe() {
      return new Promise(resolve =>
        ask({ kind: 'probe' }, answer => resolve(answer.ok ? answer.value : answer.code)),
      );
    },
    async close() {
      refusing = true;
      if (underWay || waiting.length > 0) await new Promise<void>(resolve => (onQuiet = resolve));
      const closed = thread.close();
      // whoever does not answer is not waited for
      if (!silent) await Promise.race([closed, new Promise<void>(resolve => (onSilence = resolve))]);
      clearTimeout(patience);
    },
  };
}

/** One buffer for all bodies: handed over to the thread, not copied once more. */
function toArrival(batch: readonly Waiting[]): Arrival {
  const sources: DeliverySource[] = [];
  const parts: number[] = [];
  let length = 0;
  for (const { delivery } of batch) {
    if (!delivery) continue;
    parts.push(placeOf(delivery, sources), delivery.receivedAt, delivery.raw.length);
    length += delivery.raw.length;
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const { delivery } of batch) {
    if (!delivery) continue;
    bytes.set(delivery.raw, offset);
    offset += delivery.raw.length;
  }
  return { sources, parts, bytes };
}

/** Its place among the sources; it is added when it is not there yet. */
function placeOf({ organization, provider }: DeliverySource, sources: DeliverySource[]): number {
  const known = sources.findIndex(each => each.organization === organization && each.provider === provider);
  return known >= 0 ? known : sources.push({ organization, provider }) - 1;
}
