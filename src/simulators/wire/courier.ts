import { post } from './post.js';
import type { Schedule } from './schedule.js';

/** What a vendor wants to tell a customer's URL. */
export interface Outgoing {
  /** the event's word, for picking faults and for reading the record */
  readonly action: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** headers made anew for each attempt, such as a signature with the time in it */
  readonly headersAt?: (attempt: number) => Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is to be told, and since when. */
interface Due extends Outgoing {
  readonly since: number;
}

/** One attempt to deliver. */
export interface Delivery extends Outgoing {
  readonly attempt: number;
  /** when there was something to tell, epoch milliseconds on the simulator's clock */
  readonly since: number;
  /** when it was tried, on the same clock */
  readonly at: number;
  /** the receiver's status; `null` when there was none */
  readonly status: number | null;
  /** why there was no status; `lost` when a fault swallowed it */
  readonly error?: string;
}

/** What may go wrong between the vendor and the receiver. */
export interface DeliveryFault {
  /**
   * `lost`: never sent, never repeated. `duplicated`: sent twice. `delayed`: sent after `ms`. `reordered`: held back
   * until the next delivery was attempted, or for `ms` (default 5 s) when none comes.
   */
  readonly kind: 'lost' | 'duplicated' | 'delayed' | 'reordered';
  /** only deliveries with this action; any when absent */
  readonly action?: string;
  readonly times?: number;
  readonly ms?: number;
}

export interface CourierOptions {
  readonly schedule: Schedule;
  /** waits before the repetitions of what was not answered with 2xx; empty: it is never repeated */
  readonly retryDelays: readonly number[];
  /** PEM trusted for receivers; a function where it is only known later */
  readonly ca?: string | (() => string | undefined) | undefined;
  /** where a registered URL is really reached; the name in it still decides `Host` and the expected certificate */
  readonly rewriteUrl?: ((url: string) => string) | undefined;
  /** how long the receiver may take (default 10 s) */
  readonly timeoutMs?: number;
}

/** Carries callbacks out, one at a time to each URL, in the order given unless a fault says otherwise. */
export interface Courier {
  readonly attempts: readonly Delivery[];
  send(outgoing: Outgoing): void;
  fail(fault: DeliveryFault): void;
  clearFaults(): void;
  /** resolves when nothing is on its way; what waits for the clock does not count */
  settled(): Promise<void>;
  close(): void;
}

const kinds = ['lost', 'duplicated', 'delayed', 'reordered'];

/** Reads a fault sent to `/_control/delivery-faults`; throws with the reason when it is none. */
export function readDeliveryFault(body: unknown): DeliveryFault {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (!kinds.includes(String(given.kind))) throw new TypeError(`kind must be one of ${kinds.join(', ')}`);
  return given as unknown as DeliveryFault;
}

function createFaults() {
  let entries: { fault: DeliveryFault; left: number }[] = [];
  return {
    add: (fault: DeliveryFault) => void entries.push({ fault, left: fault.times ?? 1 }),
    clear() {
      entries = [];
    },
    take(action: string): DeliveryFault | undefined {
      const entry = entries.find(
        ({ fault, left }) => left > 0 && (fault.action === undefined || fault.action === action),
      );
      if (entry) entry.left -= 1;
      return entry?.fault;
    },
  };
}

/** A courier with nothing to carry yet. */
export function createCourier(options: CourierOptions): Courier {
  const { schedule } = options;
  const attempts: Delivery[] = [];
  const faults = createFaults();
  const lanes = new Map<string, Promise<void>>();
  const closing = new AbortController();
  let held: Due[] = [];
  let underWay = 0;
  let waiting: (() => void)[] = [];

  async function attempt({ headersAt, ...rest }: Due, number: number): Promise<void> {
    const at = schedule.now();
    const outgoing = { ...rest, headers: { ...rest.headers, ...headersAt?.(number) } };
    let outcome: { status: number | null; error?: string };
    try {
      const target = options.rewriteUrl?.(outgoing.url) ?? outgoing.url;
      const ca = typeof options.ca === 'function' ? options.ca() : options.ca;
      const call = { ca, timeoutMs: options.timeoutMs ?? 10_000, signal: closing.signal, target };
      outcome = { status: await post({ ...outgoing, ...call }) };
    } catch (error) {
      outcome = { status: null, error: error instanceof Error ? error.message : String(error) };
    }
    attempts.push({ ...outgoing, attempt: number, at, ...outcome });
    const again = headersAt ? { ...rest, headersAt } : rest;
    if (outcome.status === null || outcome.status < 200 || outcome.status > 299) repeat(again, number);
  }

  function repeat(outgoing: Due, number: number): void {
    const delay = options.retryDelays[number - 1];
    if (delay === undefined || closing.signal.aborted) return;
    schedule.after(delay, () => enqueue(outgoing, number + 1));
  }

  function enqueue(outgoing: Due, number: number, overtaken: readonly Due[] = []): void {
    underWay += 1;
    const before = lanes.get(outgoing.url) ?? Promise.resolve();
    const mine = before.then(() => attempt(outgoing, number)).then(() => done(overtaken));
    lanes.set(outgoing.url, mine);
  }

  function done(overtaken: readonly Due[]): void {
    for (const outgoing of overtaken) enqueue(outgoing, 1);
    underWay -= 1;
    if (underWay > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  function hold(outgoing: Due, ms: number): void {
    held.push(outgoing);
    schedule.after(ms, () => {
      if (!held.includes(outgoing)) return;
      held = held.filter(other => other !== outgoing);
      enqueue(outgoing, 1);
    });
  }

  function send(given: Outgoing): void {
    if (closing.signal.aborted) return;
    const outgoing: Due = { ...given, since: schedule.now() };
    const fault = faults.take(outgoing.action);
    if (fault?.kind === 'lost') {
      attempts.push({ ...outgoing, attempt: 1, at: schedule.now(), status: null, error: 'lost' });
    } else if (fault?.kind === 'delayed') {
      schedule.after(fault.ms ?? 60_000, () => enqueue(outgoing, 1));
    } else if (fault?.kind === 'reordered') {
      hold(outgoing, fault.ms ?? 5_000);
    } else {
      enqueue(outgoing, 1, held.splice(0));
      if (fault?.kind === 'duplicated') enqueue(outgoing, 1);
    }
  }

  return {
    attempts,
    send,
    fail: faults.add,
    clearFaults: faults.clear,
    settled: () => (underWay === 0 ? Promise.resolve() : new Promise(resolve => waiting.push(resolve))),
    close: () => closing.abort(),
  };
}
