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

test('addresses that name nothing for the framework share a line in a flood too', async context => {
  const { app, captured } = await startListener(context, routes);
  const kinds = [
    { method: 'GET', status: 400, url: '/%zz' },
    { method: 'GET', status: 404, url: `/often/${'x'.repeat(300)}` },
  ] as const;
  for (const { method, status, url } of kinds)
    for (let i = 0; i < 200; i++) assert.equal((await app.inject({ method, url })).statusCode, status);
  await app.close();
  const entries = captured
    .entries()
    .filter(({ level, route }) => level === 'info' && route === '(malformed)');
  for (const { status } of kinds) {
    const ofKind = entries.filter(entry => entry.status === status);
    const lines = ofKind.filter(({ message }) => message === 'request').length;
    const more = ofKind.filter(({ message }) => message === 'more requests of this kind');
    const counted = more.reduce((sum, { requests }) => sum + Number(requests), 0);
    assert.equal(lines + counted, 200);
    assert.ok(counted > 0, 'some were counted instead of logged');
  }
});
