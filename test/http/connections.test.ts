import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { limits, startListener, testTls } from './build-listener.js';
import { exchange, open, parseAnswer, readAll } from './raw-client.js';

const close = 'Host: kyc.example.net\r\nConnection: close\r\n\r\n';
const two = { limits: { ...limits, connections: 2 } };

function routes(app: FastifyInstance): void {
  app.get('/', async () => 'here');
  app.post('/', async request => request.body);
}

const json = '{"name":"Jana"}';

/** Opens a connection and begins a request on it, whose body is still to come. */
async function begin(app: FastifyInstance, secure: boolean): Promise<Socket> {
  const socket = await open(app, secure);
  const begun = new Promise(resolve => app.server.once('request', resolve));
  socket.write(
    `POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n${close}`,
  );
  await begun;
  return socket;
}

/** Sends a request on a connection that stays open, and waits for its answer. */
async function ask(socket: Socket): Promise<string> {
  const answered = new Promise<string>(resolve => socket.once('data', bytes => resolve(bytes.toString())));
  socket.write('GET / HTTP/1.1\r\nHost: kyc.example.net\r\n\r\n');
  return await answered;
}

describe('at the limit of connections', () => {
  for (const secure of [false, true]) {
    const over = secure ? 'over TLS' : 'over plain http';

    test(`a newcomer is served, and the connection idle longest leaves, ${over}`, async context => {
      const tls = secure ? { tls: await testTls() } : {};
      const { app, captured } = await startListener(context, routes, { ...two, ...tls });
      const [first, second] = [await open(app, secure), await open(app, secure)];
      assert.match(await ask(second), / 200 /);
      assert.match(await ask(first), / 200 /);
      const left = readAll(second);
      for (let newcomer = 0; newcomer < 3; newcomer += 1) {
        const answer = await exchange(app, secure, `GET / HTTP/1.1\r\n${close}`);
        assert.deepEqual([answer.status, answer.body], [200, 'here']);
      }
      assert.equal(await left, '');
      assert.match(await ask(first), / 200 /);
      first.destroy();
      assert.equal(captured.messages().filter(message => message.includes('limits.connections')).length, 1);
    });
  }

  test('those who never say what they want shut nobody out', async context => {
    const { app } = await startListener(context, routes, { ...two, tls: await testTls() });
    const mute = await Promise.all(Array.from({ length: 20 }, () => open(app, false)));
    const answer = await exchange(app, true, `GET / HTTP/1.1\r\n${close}`);
    assert.equal(answer.status, 200);
    for (const socket of mute) socket.destroy();
  });

  for (const secure of [false, true]) {
    const over = secure ? 'over TLS' : 'over plain http';

    test(`those who never finish asking shut nobody out: the one that began first leaves, ${over}`, async context => {
      const tls = secure ? { tls: await testTls() } : {};
      const { app } = await startListener(context, routes, { ...two, ...tls });
      const stalled = [await begin(app, secure), await begin(app, secure)];
      const ends = stalled.map(readAll);
      const answer = await exchange(app, secure, `GET / HTTP/1.1\r\n${close}`);
      assert.deepEqual([answer.status, answer.body], [200, 'here']);
      assert.equal(await ends[0], '');
      stalled[1]?.write(json);
      assert.equal(parseAnswer((await ends[1]) ?? '').body, json);
    });

    test(`a body that is arriving is not cut off for those who ask for nothing, ${over}`, async context => {
      const tls = secure ? { tls: await testTls() } : {};
      const { app } = await startListener(context, routes, { ...two, ...tls });
      const arriving = await begin(app, secure);
      const answer = readAll(arriving);
      const idle: Socket[] = [];
      for (let newcomer = 0; newcomer < 5; newcomer += 1) idle.push(await open(app, secure));
      arriving.write(json);
      assert.equal(parseAnswer(await answer).body, json);
      for (const socket of idle) socket.destroy();
    });
  }

  for (const secure of [false, true])
    test(`whoever is being served is left alone, and a newcomer is refused instead, ${secure ? 'over TLS' : 'over plain http'}`, async context => {
      const releases: (() => void)[] = [];
      const slow = (app: FastifyInstance) => {
        app.get('/', () => new Promise(resolve => releases.push(() => resolve('at last'))));
      };
      const tls = secure ? { tls: await testTls() } : {};
      const { app } = await startListener(context, slow, { ...two, ...tls });
      const busy = [await open(app, secure), await open(app, secure)];
      const answers = busy.map(readAll);
      for (const socket of busy) {
        const begun = new Promise(resolve => app.server.once('request', resolve));
        socket.write(`GET / HTTP/1.1\r\n${close}`);
        await begun;
      }
      assert.equal(await readAll(await open(app, false)), '');
      for (const release of releases) release();
      for (const answer of await Promise.all(answers)) assert.equal(parseAnswer(answer).body, 'at last');
    });
});
