import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReceiverBook } from '../../src/compose/receivers.js';
import type { Config } from '../../src/config/config.js';
import type { Outbound } from '../../src/runtime/outbound.js';
import { TestClock } from '../support/clock.js';

const official = 'https://api.eu.onfido.com/v3.6';

function configOf(organizations: readonly object[], more: object = {}): Config {
  return {
    organizations: organizations.map((provider, index) => ({
      id: String(index + 1),
      provider: { provider: 'onfido', apiBase: official, apiToken: `api_live.${index}`, ...provider },
    })),
    sms: { vendor: 'console' },
    ...more,
  } as unknown as Config;
}

const silent: Outbound = {
  request: async () => ({ status: 200, headers: {}, body: Buffer.alloc(0) }),
  close: async () => {},
};

/** How many requests may begin within a minute, from a full bucket on. */
async function inAMinute(config: Config, receiver: string): Promise<number> {
  const clock = new TestClock(0);
  const book = createReceiverBook(config, clock);
  const { bucket } = book.limitsOf(receiver);
  if (!bucket) return Number.POSITIVE_INFINITY;
  const outbound = book.count(receiver, silent);
  let made = 0;
  for (let ms = 0; ms < 60_000; ms += 50) {
    while (bucket.hasLeft()) {
      await outbound.request({ method: 'GET', url: official });
      made += 1;
    }
    clock.advance(50);
  }
  return made;
}

test('at Onfido a minute stays below its 400 requests, and in the sandbox near its 30', async () => {
  const live = await inAMinute(configOf([{}]), 'onfido:1');
  assert.ok(live > 300 && live <= 360, String(live));
  const sandbox = await inAMinute(configOf([{ apiToken: 'api_sandbox.x' }]), 'onfido:1');
  assert.ok(sandbox > 25 && sandbox <= 30, String(sandbox));
});

test('what the contract says goes before what is usual', async () => {
  const made = await inAMinute(configOf([{ requestsPerMinute: 1000 }]), 'onfido:1');
  assert.ok(made > 1000 && made <= 1200, String(made));
});

test('a stand-in on this machine has no limits of a vendor, unless told', async () => {
  const here = { apiBase: 'http://127.0.0.1:4010/v3.6' };
  assert.equal(await inAMinute(configOf([here]), 'onfido:1'), Number.POSITIVE_INFINITY);
  const told = await inAMinute(configOf([{ ...here, requestsPerMinute: 60 }]), 'onfido:1');
  assert.ok(told <= 72, String(told));
});

test('organizations with one token are one account: they share their requests; others do not', async () => {
  const book = createReceiverBook(
    configOf([{ apiToken: 'same' }, { apiToken: 'same' }, { apiToken: 'other' }]),
    new TestClock(0),
  );
  const [first, second, third] = ['onfido:1', 'onfido:2', 'onfido:3'].map(book.limitsOf);
  assert.equal(first?.account, 'onfido:1, onfido:2');
  assert.equal(first, second);
  assert.equal(third?.account, 'onfido:3');
  assert.notEqual(first?.bucket, third?.bucket);
});

test('Twilio, Kratos and verification sites are receivers of their own', () => {
  const sms = { vendor: 'twilio', twilio: { apiBase: 'https://api.twilio.com' } };
  const kratos = { adminUrl: 'https://x.projects.oryapis.com' };
  const book = createReceiverBook(configOf([{}], { sms, kratos }), new TestClock(0));
  for (const receiver of ['sms', 'kratos', 'site:1', 'site:2'])
    assert.deepEqual([book.limitsOf(receiver).account, book.limitsOf(receiver).concurrent], [receiver, 4]);
  assert.ok(book.limitsOf('sms').bucket && book.limitsOf('kratos').bucket);
});

test('the answers of an organization’s verification site are counted, and nobody else’s with them', async () => {
  const book = createReceiverBook(configOf([{}, {}]), new TestClock(0));
  const answers = () => ['site:1', 'site:2', 'onfido:1'].map(name => book.limitsOf(name).answers?.());
  assert.deepEqual(answers(), [0, 0, 0]);
  await book.count('site:1', silent).request({ method: 'POST', url: 'https://site.example.net' });
  assert.deepEqual(answers(), [1, 0, 0]);
});
