/** More than is admitted, connections that want nothing, and forgeries: what is good goes on being taken. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { flood } from './flood.js';
import { hookSecret, startTarget, type Target } from './target.js';

/** Where a flood is offered by a machine that is slow itself, its connections take their time. */
const patient = { headersTime: '60s', requestTime: '60s' };

async function withTarget(
  limits: Readonly<Record<string, unknown>>,
  work: (target: Target) => Promise<void>,
) {
  const target = await startTarget(limits);
  try {
    await work(target);
    assert.deepEqual(target.errors, []);
  } finally {
    await target.close();
  }
}

test('beyond what is admitted deliveries are refused with 503 and Retry-After; every 2xx is kept, all are answered, Kratos as ever', async () => {
  await withTarget({ deliveriesPerSecond: 200, ...patient }, async target => {
    const flooding = flood(target, { perSecond: 2_000, seconds: 5 });
    while (target.kept() === 0) await pause(20);
    for (let nth = 0; nth < 10; nth++) await Promise.all([askHooks(target), pause(300)]);
    const result = await flooding;
    const taken = result.answers[200] ?? 0;
    assert.deepEqual(Object.keys(result.answers).sort(), ['200', '503'], JSON.stringify(result));
    assert.equal(result.unanswered, 0);
    assert.equal(result.refusedWithoutRetryAfter, 0);
    assert.equal(taken + (result.answers[503] ?? 0), result.offered);
    assert.equal(target.kept(), taken);
    assert.ok(taken >= 200 && taken <= 200 * (1 + result.tookMs / 1000), JSON.stringify(result));
    assert.equal((await target.private('GET', '/readyz')).status, 200);
  });
});

/** Somebody signs up and logs in: both hooks answer about them, and neither tells Kratos to come again later. */
async function askHooks(target: Target): Promise<void> {
  const headers = { 'x-webhook-secret': hookSecret };
  const body = { identity_id: randomUUID() };
  const [begun, login] = await Promise.all([
    target.private('POST', '/onfido/initiate', { headers, body }),
    target.private('POST', '/onfido/validate', { headers, body }),
  ]);
  assert.ok(begun.status === 200 || begun.status === 202, begun.text);
  assert.match(begun.text, /"verification_url":"https:/);
  // a box that is behind by seconds cannot tell, and says that
  if (login.status !== 200) assert.match(`${login.status} ${login.text}`, /^403 .*"id":9410009/);
  for (const answer of [begun, login]) assert.equal(answer.headers['retry-after'], undefined);
}

test('a flood of forgeries leaves no trace, and a good delivery in the middle of it is taken', async () => {
  await withTarget(patient, async target => {
    const flooding = flood(target, { perSecond: 1_000, seconds: 4, forged: true });
    for (let i = 0; i < 10; i++) assert.equal((await target.deliver()).status, 200);
    const result = await flooding;
    assert.deepEqual(result.answers, { 401: result.offered });
    assert.equal(target.kept(), 10);
  });
});

test('more idle connections than the listener holds shut nobody out', async () => {
  await withTarget({ connections: 40, ...patient }, async target => {
    const { hostname, port } = new URL(target.gateway.addresses.public);
    const at = { host: hostname, port: Number(port) };
    const idle = Array.from({ length: 60 }, (_, i) =>
      i % 2 === 0 ? connect(at) : connectTls({ ...at, servername: 'kyc.example.net', ca: target.ca }),
    );
    for (const socket of idle) socket.on('error', () => {});
    await Promise.all(
      idle.map(socket => new Promise(resolve => socket.once('connect', resolve).once('close', resolve))),
    );
    for (let i = 0; i < 20; i++) assert.equal((await target.deliver()).status, 200);
    for (const socket of idle) socket.destroy();
    assert.equal(target.kept(), 20);
  });
});

test('more requests without their bodies than the listener holds shut nobody out, although they come again', async () => {
  await withTarget({ connections: 40, ...patient }, async target => {
    const { hostname, port } = new URL(target.gateway.addresses.public);
    const text =
      'POST /onfido/callback HTTP/1.1\r\nHost: kyc.example.net\r\nContent-Length: 50000\r\nExpect: 100-continue\r\n\r\n';
    const stalled = new Set<TLSSocket>();
    let over = false;
    /** Resolves when it was told to go on, or ended for somebody else. */
    function stall(): Promise<unknown> {
      const at = { host: hostname, port: Number(port), servername: 'kyc.example.net', ca: target.ca };
      const socket = connectTls(at).on('error', () => {});
      stalled.add(socket);
      socket.write(text);
      socket.once('close', () => {
        stalled.delete(socket);
        if (!over) void stall();
      });
      return new Promise(resolve => socket.once('data', resolve).once('close', resolve));
    }
    try {
      await Promise.all(Array.from({ length: 60 }, stall));
      for (let i = 0; i < 20; i++) assert.equal((await target.deliver()).status, 200);
      assert.equal(target.kept(), 20);
    } finally {
      over = true;
      for (const socket of stalled) socket.destroy();
    }
  });
});

test('requests that never get on with it are hung up on, and good ones are answered meanwhile', async () => {
  await withTarget({ headersTime: '1s', requestTime: '2s' }, async target => {
    const { hostname, port } = new URL(target.gateway.addresses.public);
    const slow: TLSSocket[] = [];
    const ends = Array.from({ length: 30 }, (_, i) => {
      const socket = connectTls({
        host: hostname,
        port: Number(port),
        servername: 'kyc.example.net',
        ca: target.ca,
      });
      slow.push(socket);
      const text =
        i % 2 === 0
          ? 'GET / HTTP/1.1\r\nHost: kyc.example.net\r\nX: '
          : 'POST /onfido/callback HTTP/1.1\r\nHost: kyc.example.net\r\nContent-Length: 50000\r\n\r\n';
      socket.on('secureConnect', () => socket.write(text));
      socket.on('error', () => {});
      const drip = setInterval(() => socket.writable && socket.write('a'), 100);
      return new Promise<void>(resolve =>
        socket.once('close', () => {
          clearInterval(drip);
          resolve();
        }),
      );
    });
    for (const socket of slow) socket.resume();
    for (let i = 0; i < 10; i++) assert.equal((await target.deliver()).status, 200);
    await Promise.all(ends);
    assert.equal((await target.deliver()).status, 200);
  });
});

test('hooks that Kratos waits for never carry Retry-After, whatever is wrong with them', async () => {
  await withTarget({}, async target => {
    const bodies = ['', '{', '[]', '{"identity_id":1}', '{"__proto__":{}}', 'x'.repeat(100_000)];
    for (const hook of ['/onfido/initiate', '/onfido/validate'])
      for (const body of bodies)
        for (const secret of [hookSecret, 'wrong']) {
          const headers = { 'x-webhook-secret': secret, 'content-type': 'application/json' };
          const answer = await target.private('POST', hook, { headers, body });
          assert.equal(answer.headers['retry-after'], undefined);
          assert.ok(answer.status < 500, `${hook} ${body.slice(0, 20)}: ${answer.status}`);
        }
  });
});
