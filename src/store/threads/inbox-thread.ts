/**
 * The inbox's thread: the only writer of the inbox's file. It seals and commits what arrived together, one sync for all
 * of it, while the gateway goes on verifying what comes next. That is why it is a thread: a commit waits for the disk,
 * and whoever waits on the gateway's own thread serves nobody meanwhile. Measured by `npm run bench`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createKeyring } from '../../runtime/keyring.js';
import { openDb } from '../db.js';
import {
  bodyContext,
  contentKeyOf,
  keepDeliveries,
  type NewDelivery,
  settleDelivery,
} from '../deliveries.js';
import { type InboxAnswer, type InboxRequest, type InboxThreadData, numbersEach } from './inbox-messages.js';
import { rememberRecent } from './recent-deliveries.js';

const { file, masterKey } = workerData as InboxThreadData;
const keyring = createKeyring(Buffer.from(masterKey));
const db = openDb({ file, leavesCheckpoints: true });
const recent = rememberRecent(db);

function toDeliveries({ sources, parts, bytes }: InboxRequest): NewDelivery[] {
  const deliveries: NewDelivery[] = [];
  let offset = bytes.byteOffset;
  for (let at = 0; at < parts.length; at += numbersEach) {
    const [source = 0, receivedAt = 0, length = 0] = parts.subarray(at, at + numbersEach);
    const { organization = '', provider = '' } = sources[source] ?? {};
    const raw = Buffer.from(bytes.buffer, offset, length);
    const contentKey = contentKeyOf(organization, raw);
    const bodySealed = keyring.sealOwn(raw, bodyContext(contentKey));
    deliveries.push({ contentKey, organization, provider, receivedAt, bodySealed });
    offset += length;
  }
  return deliveries;
}

function commit(request: InboxRequest): InboxAnswer {
  try {
    const deliveries = toDeliveries(request);
    const added = db.transaction(() => {
      for (const { id, ...settled } of request.settle) settleDelivery(db, id, settled);
      return keepDeliveries(db, deliveries, recent.find);
    });
    recent.remember(added);
    return { ok: true };
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    return { ok: false, code: typeof code === 'string' ? code : 'unknown' };
  }
}

parentPort?.on('message', (request: InboxRequest | 'close' | 'pragmas' | 'probe') => {
  if (request === 'close') {
    db.close();
    parentPort?.close();
  } else if (request === 'pragmas') parentPort?.postMessage({ pragmas: db.pragmas() });
  else if (request === 'probe') parentPort?.postMessage({ probe: db.probe() });
  else parentPort?.postMessage(commit(request));
});
