import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FastifyInstance } from 'fastify';
import { limits, startListener, testTls } from './build-listener.js';
import { exchange, open, parseAnswer, readAll } from './raw-client.js';

const mebibyte = 1024 * 1024;
const large = { limits: { ...limits, bodyBytes: 16 * mebibyte, requestMs: 60_000 } };
const close = 'Host: kyc.example.net\r\nConnection: close\r\n';

/** Takes bodies of any type as they are. */
function routes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/', async request => String((request.body as Buffer).length));
}

/** Begins a request with these headers and with what there is of its body. */
async function begin(app: FastifyInstance, secure: boolean, headers: string, part: string): Promise<Socket> {
  const socket = await open(app, secure);
  const begun = new Promise(resolve => app.server.once('request', resolve));
  socket.write(`POST / HTTP/1.1\r\n${close}${headers}\r\n\r\n`);
  await begun;
  socket.write(part);
  return socket;
}

describe('bodies that are being received', () => {
  for (const secure of [false, true])
    test(`hold 64 MiB at most: the one that began first leaves, the others are taken, ${secure ? 'over TLS' : 'over plain http'}`, async context => {
      const tls = secure ? { tls: await testTls() } : {};
      const { app, captured } = await startListener(context, routes, { ...large, ...tls });
      const part = 'x'.repeat(15 * mebibyte);
      const length = `Content-Length: ${part.length + 1}`;
      const sockets: Socket[] = [];
      for (let i = 0; i < 5; i += 1) sockets.push(await begin(app, secure, length, part));
      const [first, ...others] = sockets.map(readAll);
      assert.equal(await first, '');
      const small = await exchange(app, secure, `POST / HTTP/1.1\r\n${close}Content-Length: 4\r\n\r\ngood`);
      assert.equal(small.body, '4');
      for (const socket of sockets.slice(1)) socket.write('x');
      for (const answer of await Promise.all(others))
        assert.equal(parseAnswer(answer).body, String(part.length + 1));
      const told = captured.entries().filter(({ level }) => level !== 'info' && level !== 'debug');
      assert.deepEqual(
        told.map(({ level, message }) => [level, String(message).includes('64 MiB')]),
        [['warn', true]],
      );
    });

  test('count by what they cost, which for one that comes byte by byte is mostly its pieces', async context => {
    const { app } = await startListener(context, routes, large);
    const pieces = '1\r\nx\r\n'.repeat(200_000);
    const socket = await begin(app, false, 'Transfer-Encoding: chunked', pieces);
    assert.equal(await readAll(socket), '');
  });

  test('leave nothing behind when they were answered before they came', async context => {
    const asked: WeakRef<object>[] = [];
    const { app } = await startListener(
      context,
      server => {
        routes(server);
        server.addHook('onRequest', async ({ raw }) => void asked.push(new WeakRef(raw)));
      },
      large,
    );
    for (let i = 0; i < 20; i += 1) {
      const socket = await open(app, false);
      const answer = readAll(socket);
      socket.write(`POST / HTTP/1.1\r\n${close}Content-Length: ${17 * mebibyte}\r\n\r\nbegun`);
      assert.equal(parseAnswer(await answer).status, 413);
    }
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const left = () => asked.filter(ref => ref.deref() !== undefined).length;
    // the last of them may still be held by what goes on
    for (let turns = 0; left() > 2 && turns < 50; turns += 1) {
      await turn();
      collect();
    }
    assert.equal(asked.length, 20);
    assert.ok(left() <= 2, `${left()} are still there`);
  });

  test('count no longer once they are here', async context => {
    const { app } = await startListener(context, routes, large);
    const socket = await open(app, false);
    const body = 'x'.repeat(15 * mebibyte);
    for (let i = 0; i < 6; i += 1) {
      const answered = new Promise<string>(resolve =>
        socket.once('data', bytes => resolve(bytes.toString())),
      );
      socket.write(
        `POST / HTTP/1.1\r\nHost: kyc.example.net\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      assert.match(await answered, / 200 /);
    }
    socket.destroy();
  });
});
