/**
 * The thread that looks after the files: copies the logs back into them, so that no commit has to, on connections of its
 * own.
 */
import { statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type Db, openDb } from '../db.js';
import type { KeeperAnswer, KeeperQuestion, KeeperThreadData, KeptFile } from './keeper-messages.js';

/** Rarely, because each look costs two syncs; the log grows meanwhile, by fifty megabytes in the worst of floods. */
const usualLookMs = 4_000;
const { files, lookMs = usualLookMs } = workerData as KeeperThreadData;
const connections = new Map(files.map(each => [each, openDb({ file: each.file, leavesCheckpoints: true })]));

/** A smaller log is not worth the sync. */
const worthwhileBytes = 1024 * 1024;

const timer = setInterval(() => {
  for (const [kept, db] of connections) checkpoint(kept, db);
}, lookMs);

function checkpoint({ file, writtenByThread }: KeptFile, db: Db): void {
  try {
    if (statSync(`${file}-wal`).size < worthwhileBytes) return;
    if (writtenByThread) db.beginLogAnew();
    else db.raw.pragma('wal_checkpoint(PASSIVE)');
  } catch {
    // a log that is gone needs no copying, a disk that is full will be tried again in a second
  }
}

function emptyLogs(): boolean {
  try {
    return [...connections.values()].map(db => db.emptyLog()).every(emptied => emptied);
  } catch {
    return false;
  }
}

function answerTo({ number, about }: KeeperQuestion): KeeperAnswer {
  switch (about) {
    case 'logs':
      return { number, logs: { emptied: emptyLogs() } };
    case 'pragmas':
      return { number, pragmas: [...connections.values()].map(db => db.pragmas()) };
  }
}

parentPort?.on('message', (asked: KeeperQuestion | 'close') => {
  if (asked !== 'close') {
    parentPort?.postMessage(answerTo(asked));
    return;
  }
  clearInterval(timer);
  for (const db of connections.values()) db.close();
  parentPort?.close();
});

parentPort?.postMessage('begun');
