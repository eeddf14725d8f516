import { Worker } from 'node:worker_threads';
import { deliveryPath, type Target, token } from './target.js';

/** What the thread is started with. */
export interface FloodData {
  readonly origin: string;
  readonly ca: string;
  readonly path: string;
  /** null: signatures are forged */
  readonly token: string | null;
  readonly perSecond: number;
  readonly seconds: number;
  readonly connections: number;
}

/** What became of what was offered. */
export interface FloodResult {
  readonly offered: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly unanswered: number;
  readonly refusedWithoutRetryAfter: number;
  readonly tookMs: number;
  /** milliseconds from the request to the answer's head */
  readonly p50: number;
  readonly p99: number;
}

/** Floods the target's deliveries, at so many a second, without waiting for answers. */
export function flood(
  target: Target,
  wish: {
    readonly perSecond: number;
    readonly seconds: number;
    readonly connections?: number;
    readonly forged?: boolean;
  },
): Promise<FloodResult> {
  const workerData: FloodData = {
    origin: target.gateway.addresses.public,
    ca: target.ca,
    path: deliveryPath,
    token: wish.forged ? null : token,
    perSecond: wish.perSecond,
    seconds: wish.seconds,
    connections: wish.connections ?? 64,
  };
  const worker = new Worker(new URL('./flood-thread.js', import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', (result: FloodResult) => {
      resolve(result);
      void worker.terminate();
    });
    worker.once('error', reject);
  });
}
