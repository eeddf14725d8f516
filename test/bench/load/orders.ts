/** What the benchmark and its load generator, a process of its own, say to each other. */
import type { Histogram } from '../statistics.js';

/** Where requests go, always on loopback. */
export interface LoadTarget {
  readonly port: number;
  readonly tls: boolean;
}

/** What is asked. Deliveries are all different; the other requests are sent again and again, in order. */
export type Asked =
  | { readonly kind: 'deliveries'; readonly path: string; readonly token: string; readonly forged?: boolean }
  | { readonly kind: 'requests'; readonly texts: readonly string[] };

/** How it is asked. */
export type Pace =
  /** on each connection the next request follows the answer */
  | { readonly kind: 'closed'; readonly connections: number }
  /** the same, but every request opens a connection of its own, with a full handshake, as providers do */
  | { readonly kind: 'fresh'; readonly connections: number }
  /** a fixed number a second whether or not answers come; latency is counted from when each request was due */
  | { readonly kind: 'open'; readonly connections: number; readonly perSecond: number };

/** One turn: load for a while, of which the beginning does not count. */
export interface Turn {
  readonly kind: 'turn';
  readonly target: LoadTarget;
  readonly asked: Asked;
  readonly pace: Pace;
  /** statuses beside 2xx that are answers and not refusals */
  readonly alsoAnswers?: readonly number[];
  readonly warmUpMs: number;
  readonly measuredMs: number;
}

/** Connections that take room and ask for nothing; those the server closes are opened again. */
export interface Siege {
  readonly kind: 'siege';
  readonly target: LoadTarget;
  /** `idle` never sends anything after the handshake; `lingering` asks once and stays; `slow` sends its headers a byte at a time */
  readonly how: 'idle' | 'lingering' | 'slow';
  readonly connections: number;
}

export type Order = Turn | Siege | { readonly kind: 'end' };

/** `begin` and `end` of the measured part; `held` when a siege stands. */
export type Note =
  | { readonly kind: 'begin' | 'end' | 'held' }
  | { readonly kind: 'report'; readonly report: TurnReport };

export interface TurnReport {
  /** of what was answered 2xx (or `alsoAnswers`) in the measured part */
  readonly latencies: Histogram;
  /** how many those are */
  readonly measured: number;
  readonly measuredMs: number;
  /** answers of the whole turn, by status */
  readonly statuses: Readonly<Record<number, number>>;
  /** connections that failed, and requests left without an answer */
  readonly failures: number;
  /** share of one core that the generator itself used */
  readonly busy: number;
}
