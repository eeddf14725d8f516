/**
 * The inbox's thread: the only writer of the inbox's file while the gateway runs. It seals and commits what arrived
 * together, one sync for all of it, while the gateway goes on verifying what comes next. That is why it is a thread: a
 * commit waits for the disk, and whoever waits on the gateway's own thread serves nobody meanwhile. Measured by
 * `npm run bench`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createKeyring } from '../../runtime/keyring.js';
import { refusalOf } from '../../runtime/refusal.js';
import { keepArrival, unpackArrivals } from '../arrivals.js';
import { openDb } from '../db.js';
import { settleDelivery } from '../deliveries.js';
import { rememberRecent } from '../recent-deliveries.js';
import type {
  InboxAnswer,
  InboxRefusal,
  InboxRequest,
  InboxThreadData,
  InboxValues,
} from './inbox-messages.js';

const { file, masterKey } = workerData as InboxThreadData;
const keyring = createKeyring(Buffer.from(masterKey));
const db = openDb({ file, leavesCheckpoints: true });
const recent = rememberRecent(db);

function commit({ arrival, settle }: InboxRequest<'commit'>): null {
  db.transaction(() => {
    for (const { id, ...settled } of settle) settleDelivery(db, id, settled);
    if (arrival.parts.length > 0) keepArrival(db, keyring, arrival);
  });
  return null;
}

function unpack({ atLeast }: InboxRequest<'unpack'>): InboxValues['unpack'] {
  const { left } = unpackArrivals(db, keyring, atLeast, recent);
  return { left };
}

function carryOut(request: InboxRequest): InboxValues[keyof InboxValues] {
  switch (request.kind) {
    case 'commit':
      return commit(request);
    case 'unpack':
      return unpack(request);
    case 'pragmas':
      return db.pragmas();
    case 'probe':
      return db.probe();
  }
}

function answerTo(request: InboxRequest): InboxAnswer {
  try {
    return { ok: true, value: carryOut(request) };
  } catch (error) {
    return refusalFrom(error instanceof Error ? error : new Error(String(error)), request);
  }
}

function refusalFrom(error: Error, request: InboxRequest): InboxRefusal {
  const code: unknown = Reflect.get(error, 'code');
  const keeps = request.kind === 'commit' && request.arrival.parts.length > 0;
  return {
    ok: false,
    code: typeof code === 'string' ? code : 'unknown',
    refusesDeliveries: keeps || refusalOf(error) !== null,
    fault: copyOf(error),
  };
}

/** One that can be sent: of SQLite's own errors only the code would arrive. */
function copyOf({ message, stack }: Error): Error {
  return Object.assign(new Error(message), { stack });
}

parentPort?.on('message', (request: InboxRequest | 'close') => {
  if (request === 'close') {
    db.close();
    parentPort?.close();
  } else parentPort?.postMessage(answerTo(request));
});
