import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { registerIntake } from '../../src/intake/routes.js';
import { createOrganizations, type ServedOrganization } from '../../src/providers/organizations.js';
import { systemClock } from '../../src/runtime/clock.js';
import type { KeepAnswer } from '../../src/store/threads/inbox-writer.js';
import { startListener } from '../http/build-listener.js';

const organization = {
  settings: { id: '1' },
  provider: { name: 'onfido', verify: () => 'genuine' },
} as unknown as ServedOrganization;

test('a delivery whose answer fails costs the others of its commit nothing, and is told', {
  timeout: 30_000,
}, async context => {
  const waiting: KeepAnswer[] = [];
  let answered = 0;
  const { app, captured } = await startListener(context, listener => {
    void listener.register(async scope =>
      registerIntake(scope, {
        organizations: createOrganizations([organization]),
        clock: systemClock,
        inbox: {
          keep(_delivery, answer) {
            waiting.push(answer);
            if (waiting.length === 3) for (const each of waiting) each(null);
          },
        },
        onKept() {
          answered += 1;
          if (answered === 1) throw new Error('no handing on');
        },
        deliveryBytes: 1000,
        deliveriesPerSecond: 0,
      }),
    );
  });
  const said = await Promise.all([1, 2, 3].map(() => deliver((app.server.address() as AddressInfo).port)));
  assert.deepEqual(said.sort(), ['', 'HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
  const failures = captured.entries().filter(({ level }) => level === 'error');
  assert.equal(failures.length, 1);
  assert.match(JSON.stringify(failures), /no handing on/);
});

/** The first line of the answer; empty when there is none. */
async function deliver(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'POST /serverapi/apiv1/identity-check/onfidowh/1 HTTP/1.1\r\nhost: kyc.example.net\r\nconnection: close\r\n' +
      'content-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
  );
  let text = '';
  socket.on('data', data => (text += data));
  socket.on('error', () => {});
  await once(socket, 'close');
  return text.split('\r\n', 1)[0] ?? '';
}
