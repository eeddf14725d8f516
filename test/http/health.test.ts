import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealth } from '../../src/http/health.js';
import { silentLog } from '../../src/runtime/log.js';
import { captureLog } from '../runtime/captured-log.js';
import { startListener } from './build-listener.js';
import { exchange } from './raw-client.js';

const close = 'Host: a\r\nConnection: close\r\n\r\n';

test('being alive depends on nothing, being ready on every part', async context => {
  const health = createHealth(silentLog);
  let storeReady = true;
  health.register('store', () =>
    storeReady
      ? { ok: true }
      : { ok: false, code: 'disk_full', message: 'free some space in the data folder' },
  );
  health.register('webhook', async () => ({ ok: true }));
  const { app } = await startListener(context, health.addRoutes, { name: 'private' });
  const get = async (path: string) => {
    const answer = await exchange(app, false, `GET ${path} HTTP/1.1\r\n${close}`);
    return [answer.status, JSON.parse(answer.body)];
  };
  assert.deepEqual(await get('/healthz'), [200, { alive: true }]);
  assert.deepEqual(await get('/readyz'), [200, { ready: true, problems: [] }]);
  storeReady = false;
  const problem = { part: 'store', code: 'disk_full', message: 'free some space in the data folder' };
  assert.deepEqual(await get('/readyz'), [503, { ready: false, problems: [problem] }]);
  assert.deepEqual(await get('/healthz'), [200, { alive: true }]);
});

test('a part that cannot be asked is not ready, and the reason stays in the log', async context => {
  const captured = captureLog();
  const health = createHealth(captured.log);
  health.register('broken', () => {
    throw new Error('database is locked');
  });
  const { app } = await startListener(context, health.addRoutes, { name: 'private' });
  const answer = await exchange(app, false, `GET /readyz HTTP/1.1\r\n${close}`);
  assert.equal(answer.status, 503);
  assert.equal(JSON.parse(answer.body).problems[0].code, 'probe_failed');
  assert.doesNotMatch(answer.body, /locked/);
  assert.match(captured.text(), /locked/);
});

test('a part registered twice is a mistake in the making', () => {
  const health = createHealth(silentLog);
  health.register('store', () => ({ ok: true }));
  assert.throws(() => health.register('store', () => ({ ok: true })), /"store" is registered twice/);
});
