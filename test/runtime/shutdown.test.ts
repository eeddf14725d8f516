import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/runtime/log.js';
import { createClosers } from '../../src/runtime/shutdown.js';
import { captureLog } from './captured-log.js';

test('what was opened last is closed first, one at a time', async () => {
  const closers = createClosers(silentLog);
  const said: string[] = [];
  for (const what of ['store', 'jobs', 'listener'])
    closers.add(what, async () => {
      said.push(`${what} begins`);
      await new Promise(resolve => setImmediate(resolve));
      said.push(`${what} ends`);
    });
  assert.equal(await closers.closeAll(5000), true);
  assert.deepEqual(
    said,
    ['listener', 'jobs', 'store'].flatMap(what => [`${what} begins`, `${what} ends`]),
  );
});

test('a failing close is logged with its name and does not keep the others open', async () => {
  const captured = captureLog();
  const closers = createClosers(captured.log);
  let closed = 0;
  closers.add('store', () => {
    closed += 1;
  });
  closers.add('jobs', () => Promise.reject(new Error('late')));
  closers.add('watcher', () => {
    throw new Error('sync');
  });
  assert.equal(await closers.closeAll(5000), true);
  assert.equal(closed, 1);
  assert.deepEqual(
    captured.entries().map(entry => [entry.level, entry.message, entry.closing]),
    [
      ['error', 'closing failed', 'watcher'],
      ['error', 'closing failed', 'jobs'],
    ],
  );
});

test('a close that hangs is given up at the limit, by name', async () => {
  const captured = captureLog();
  const closers = createClosers(captured.log);
  closers.add('hanging', () => new Promise(() => {}));
  assert.equal(await closers.closeAll(20), false);
  assert.deepEqual([captured.entries()[0]?.closing, captured.entries().length], ['hanging', 1]);
});

test('asking twice closes once', async () => {
  const closers = createClosers(silentLog);
  let closed = 0;
  closers.add('store', () => {
    closed += 1;
  });
  assert.deepEqual(await Promise.all([closers.closeAll(5000), closers.closeAll(5000)]), [true, true]);
  assert.equal(closed, 1);
});

test('what is opened while closing is closed too', async () => {
  const closers = createClosers(silentLog);
  const closed: string[] = [];
  closers.add('first', () => {
    closers.add('late', () => void closed.push('late'));
    closed.push('first');
  });
  assert.equal(await closers.closeAll(5000), true);
  assert.deepEqual(closed, ['first', 'late']);
});
