import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { startListener } from './build-listener.js';

function routes(app: FastifyInstance): void {
  app.get('/often/:id', async () => 'often');
  app.get('/seldom', async () => 'seldom');
}

test('in a flood the rest of a second’s requests of a kind share a line; other kinds keep theirs', async context => {
  const { app, captured } = await startListener(context, routes);
  for (let i = 0; i < 50; i++) await app.inject(`/often/${i}`);
  await app.inject('/seldom');
  await app.inject('/nothing');
  await app.close();
  const entries = captured.entries().filter(({ level }) => level === 'info');
  const lines = (route: string) =>
    entries.filter(entry => entry.message === 'request' && entry.route === route);
  const more = entries.filter(entry => entry.message === 'more requests of this kind');
  assert.equal(lines('/seldom').length, 1);
  assert.equal(lines('(none)').length, 1);
  const counted = more.reduce((sum, { requests }) => sum + Number(requests), 0);
  assert.equal(lines('/often/:id').length + counted, 50);
  assert.ok(counted >= 10, `${counted} were counted instead of logged`);
  for (const { method, route, status } of more)
    assert.deepEqual([method, route, status], ['GET', '/often/:id', 200]);
});
