import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { type Listening, listen } from '../../src/compose/listen.js';

function open(t: TestContext): FastifyInstance {
  const app = fastify();
  t.after(() => app.close());
  return app;
}

function at(app: FastifyInstance, name: Listening['name'], host: string, port: number): Listening {
  return { app, name, at: { host, port }, tls: false };
}

test('port 0 becomes a real one in the address', async t => {
  const address = await listen(at(open(t), 'private', '127.0.0.1', 0));
  assert.match(address, /^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  const secure = await listen({ ...at(open(t), 'public', '::1', 0), tls: true });
  assert.match(secure, /^https:\/\/\[::1\]:[1-9]\d+$/);
});

test('a port that is taken is named with the setting that changes it', async t => {
  const port = Number(new URL(await listen(at(open(t), 'public', '127.0.0.1', 0))).port);
  await assert.rejects(listen(at(open(t), 'public', '127.0.0.1', port)), {
    message: `the public listener: port ${port} of 127.0.0.1 is taken; end what listens there, or set listeners.public.port to another one`,
  });
  await assert.rejects(
    listen(at(open(t), 'private', '127.0.0.1', port)),
    /set listeners\.private\.port \(or PORT\)/,
  );
});

test('an address of another box is named with its setting', async t => {
  await assert.rejects(
    listen(at(open(t), 'public', '192.0.2.1', 0)),
    /192\.0\.2\.1 is no address of this box; set listeners\.public\.host/,
  );
});

/** As the system refuses an ordinary user, which tests may not be. */
function refusing(code: string): FastifyInstance {
  const error = Object.assign(new Error(`listen ${code}`), { code });
  return { listen: () => Promise.reject(error) } as unknown as FastifyInstance;
}

test('a low port without the right to it comes with its remedy', async () => {
  await assert.rejects(
    listen(at(refusing('EACCES'), 'public', '0.0.0.0', 443)),
    /may not listen on port 443; start with the unit of `gatehouse print systemd`/,
  );
});

test('what is not known stays as it is', async () => {
  await assert.rejects(listen(at(refusing('EMFILE'), 'public', '0.0.0.0', 443)), {
    message: 'listen EMFILE',
  });
});
