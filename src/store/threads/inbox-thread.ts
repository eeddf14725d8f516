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
import type { InboxAnswer, InboxRequest, InboxThreadData, KeptPart } from './inbox-messages.js';
import { rememberRecent } from './recent-deliveries.js';

const { file, masterKey } = workerData as InboxThreadData;
const keyring = createKeyring(Buffer.from(masterKey));
const db = openDb({ file, leavesCheckpoints: true });
const recent = rememberRecent(db);

function toDelivery(bytes: Uint8Array, part: KeptPart): NewDelivery {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + part.offset, part.length);
  const contentKey = contentKeyOf(part.organization, raw);
  const { organization, provider, receivedAt } = part;
  return {
    contentKey,
    organization,
    provider,
    receivedAt,
    bodySealed: keyring.sealOwn(raw, bodyContext(contentKey)),
  };
}

function commit(request: InboxRequest): InboxAnswer {
  try {
    const deliveries = request.keep.map(part => toDelivery(request.bytes, part));
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
