/**
 * The least that keeps anything: the bare server, whose thread writes what came together behind what it wrote before, in
 * one call and with one sync, before it is answered. No database, no look at the delivery. What a delivery waits for here
 * it waits for on this machine's disk and cores, whatever is built on them.
 *
 * Arguments: the folder with `cert.pem` and `key.pem`, and the file to write.
 */
import { fsyncSync, openSync, writeSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { FastifyReply } from 'fastify';
import { createBareApp } from './bare-app.js';
import { sayReady } from './say-ready.js';

/** Written over again and again, since a file that grows has slower syncs. */
const fileBytes = 8 * 1024 * 1024;

function writeAndSync(file: string): void {
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, Buffer.alloc(fileBytes));
  fsyncSync(descriptor);
  let place = 0;
  parentPort?.on('message', (bytes: Uint8Array) => {
    if (place + bytes.length > fileBytes) place = 0;
    place += writeSync(descriptor, bytes, 0, bytes.length, place);
    fsyncSync(descriptor);
    parentPort?.postMessage(null);
  });
}

interface Waiting {
  readonly body: Buffer;
  readonly reply: FastifyReply;
}

async function serve(folder: string, file: string): Promise<void> {
  const thread = new Worker(new URL(import.meta.url), { workerData: file });
  let waiting: Waiting[] = [];
  let underWay: Waiting[] = [];
  const send = () => {
    if (underWay.length > 0 || waiting.length === 0) return;
    underWay = waiting;
    waiting = [];
    thread.postMessage(Buffer.concat(underWay.map(({ body }) => body)));
  };
  thread.on('message', () => {
    const kept = underWay;
    underWay = [];
    send();
    for (const { reply } of kept) void reply.send('ok');
  });
  const app = createBareApp(folder);
  app.post<{ Body: Buffer }>('/*', ({ body }, reply) => {
    waiting.push({ body, reply });
    setImmediate(send);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  sayReady(app.server);
}

const [folder = '', file = ''] = process.argv.slice(2);
if (isMainThread) await serve(folder, file);
else writeAndSync(workerData as string);
