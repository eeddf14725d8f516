/** Offers requests at a fixed rate, whatever becomes of the earlier ones, from a thread of its own. */
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:https';
import { parentPort, workerData } from 'node:worker_threads';
import type { FloodData, FloodResult } from './flood.js';

const { origin, ca, path, token, perSecond, seconds, connections } = workerData as FloodData;
const { hostname, port } = new URL(origin);
const agent = new Agent({ keepAlive: true, maxSockets: connections, ca, servername: 'kyc.example.net' });

const result = {
  offered: 0,
  answers: {} as Record<string, number>,
  unanswered: 0,
  refusedWithoutRetryAfter: 0,
};
const latencies: number[] = [];

/** A genuine delivery, unlike any other; or, without a token, one whose signature is nobody's. */
function offer(): Promise<void> {
  const body = JSON.stringify({
    payload: { resource_type: 'report', action: 'report.completed', object: { id: randomUUID() } },
  });
  const signature = token === null ? '0'.repeat(64) : createHmac('sha256', token).update(body).digest('hex');
  const headers = {
    host: 'kyc.example.net',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-sha2-signature': signature,
  };
  result.offered += 1;
  const begun = performance.now();
  return new Promise(resolve => {
    const sent = request({ agent, method: 'POST', hostname, port, path, headers, timeout: 60_000 });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', () => {
      result.unanswered += 1;
      resolve();
    });
    sent.once('response', response => {
      response.resume();
      const status = String(response.statusCode);
      result.answers[status] = (result.answers[status] ?? 0) + 1;
      if (status === '503' && response.headers['retry-after'] === undefined)
        result.refusedWithoutRetryAfter += 1;
      latencies.push(performance.now() - begun);
      response.once('close', resolve);
    });
    sent.end(body);
  });
}

const begun = performance.now();
const open = new Set<Promise<void>>();
const timer = setInterval(() => {
  const passed = Math.min(seconds, (performance.now() - begun) / 1000);
  while (result.offered < passed * perSecond) {
    const one = offer();
    open.add(one);
    void one.then(() => open.delete(one));
  }
  if (passed >= seconds) void finish();
}, 5);

async function finish(): Promise<void> {
  clearInterval(timer);
  await Promise.all(open);
  agent.destroy();
  latencies.sort((one, other) => one - other);
  const told: FloodResult = {
    ...result,
    tookMs: performance.now() - begun,
    p50: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
  };
  parentPort?.postMessage(told);
}
