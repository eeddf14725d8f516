import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { verifySignature } from '../../../src/providers/persona/signature.js';

const current = 'wbhsec_test_primary_0001';
const previous = 'wbhsec_test_previous_0000';
const t = 1768472430;
const at = t * 1000;

const b1 = Buffer.from(
  '{"data":{"type":"event","id":"evt_TESTtest0001","attributes":{"name":"inquiry.approved","payload":{"data":{"type":"inquiry","id":"inq_TESTtest0001","attributes":{"status":"approved","reference-id":"9f425a8d-7efc-4768-8f23-7647a74fdf13"}}},"created-at":"2026-01-15T10:20:30.100Z"}}}',
);
const b2 = Buffer.from('{"data":{"attributes":{"name":"inquiry.declined","score":1.0,"city":"München"}}}\n');

const byCurrent = `t=${t},v1=12d56ab577c305468c415ab349949c830848e58b163799a89b9784c3673fad8b`;
const byPrevious = `t=${t},v1=e95b43a5c493498eee802574881e04502957ab9a206d5e986eebbbb866c7c6a5`;
const rotation =
  't=1768472440,v1=414d7f53f0cda6a424d90d5c3e6c0223e5728c0bde6aec53de417912aa8ac043 t=1768472441,v1=9711a032a4951abd93ca5ae2ff1a04dd4d8ceefa295ff8a50fa5f62e8659d904';
const bare = '6ac2964c2a0a05e5b9be194f1d6df650c4d35cb18892863514b7bbf628ff1f29';

interface Call {
  readonly header?: string | string[];
  readonly bareHeader?: string;
  readonly secrets?: readonly string[];
  readonly raw?: Buffer;
  readonly now?: number;
}

function verify({ header, bareHeader, secrets = [current], raw = b1, now = at }: Call) {
  const headers = { 'persona-signature': header, 'x-persona-signature': bareHeader };
  return verifySignature({ raw, headers }, secrets, now);
}

test('the bodies are the ones the vectors were made of', () => {
  assert.deepEqual([b1.length, b2.length], [281, 82]);
});

test('the vectors are genuine under their secret, and forged under the other', () => {
  assert.equal(verify({ header: byCurrent }), 'genuine');
  assert.equal(verify({ header: byPrevious, secrets: [previous] }), 'genuine');
  assert.equal(verify({ header: byPrevious }), 'forged');
  assert.equal(verify({ header: byCurrent, secrets: [previous] }), 'forged');
  assert.equal(verify({ header: byPrevious, secrets: [current, previous] }), 'genuine');
});

test('during a rotation either secret is enough, with one time for both groups or one for each', () => {
  for (const secret of [current, previous]) {
    assert.equal(verify({ header: `${byCurrent} ${byPrevious}`, secrets: [secret] }), 'genuine');
    assert.equal(verify({ header: rotation, secrets: [secret] }), 'genuine');
  }
});

test('a second group may lean on the first one’s time, as in Persona’s own samples', () => {
  const [, digest = ''] = byPrevious.split(',');
  assert.equal(verify({ header: `${byCurrent} ${digest}`, secrets: [previous] }), 'genuine');
  assert.equal(verify({ header: `${byCurrent} t=${t + 9},${digest}`, secrets: [previous] }), 'genuine');
});

test('the bytes are what is signed, not what they mean', () => {
  const header = `t=${t + 1},v1=cc4585af2f9784855a775722ac83e1d7108f0b1bff6cf94b89e3971678ffafb8`;
  const again = `t=${t + 1},v1=d18316f3a923690e154bd27d85605fe451bb1d68ce0b31026418e936600e76f3`;
  assert.equal(verify({ header, raw: b2 }), 'genuine');
  assert.equal(verify({ header: again, raw: b2 }), 'forged');
  assert.equal(verify({ header, raw: Buffer.from(b2.toString().trimEnd()) }), 'forged');
});

test('a time is good for five minutes, and one minute ahead of our clock', () => {
  assert.equal(verify({ header: byCurrent, now: at + 300_000 }), 'genuine');
  assert.equal(verify({ header: byCurrent, now: at + 300_001 }), 'forged');
  assert.equal(verify({ header: byCurrent, now: at - 60_000 }), 'genuine');
  assert.equal(verify({ header: byCurrent, now: at - 60_001 }), 'forged');
});

test('what is not such a header is forged, and nothing throws', () => {
  const [, digest = ''] = byCurrent.split(',');
  const wrong = digest.replace(/.$/, last => (last === '0' ? '1' : '0'));
  const headers = [
    `t=${t},${digest.replace('v1', 'v0')}`,
    digest,
    `t=,${digest}`,
    `t=${t}x,${digest}`,
    `t=-${t},${digest}`,
    `t=${t},${digest.slice(0, -1)}`,
    `t=${t},${digest}0`,
    `t=${t},${wrong.toUpperCase()}`,
    `t=${t},${wrong.toUpperCase().replace('V1', 'v1')}`,
    `${byCurrent},${byPrevious}`.replaceAll(digest, wrong),
    byCurrent.replace(digest, wrong),
    '',
    ' ',
    ',',
    '=',
    `${byCurrent}${' '.repeat(2100)}`,
    `${'t=1,v1=2 '.repeat(8)}${byCurrent}`,
  ];
  for (const header of headers) assert.equal(verify({ header }), 'forged', header);
  assert.equal(verify({ header: [byCurrent] }), 'forged');
  assert.equal(verify({}), 'forged');
  assert.equal(verify({ header: byCurrent, raw: b2 }), 'forged');
});

test('the bare form counts only where the documented header is absent', () => {
  assert.equal(verify({ bareHeader: bare }), 'genuine');
  assert.equal(verify({ bareHeader: bare, now: at + 9_999_999 }), 'genuine');
  assert.equal(verify({ bareHeader: bare, secrets: [previous] }), 'forged');
  assert.equal(verify({ bareHeader: bare, header: 't=1,v1=0' }), 'forged');
  assert.equal(verify({ bareHeader: byCurrent }), 'genuine');
  assert.equal(verify({ bareHeader: byCurrent, now: at + 300_001 }), 'forged');
  assert.equal(verify({ bareHeader: `sha256=${bare}` }), 'forged');
  assert.equal(verify({ header: bare }), 'forged');
});

test('without a secret nothing can be told, and an empty one is none', () => {
  assert.equal(verify({ header: byCurrent, secrets: [] }), 'unprepared');
  const byNothing = createHmac('sha256', '').update(`${t}.`).update(b1).digest('hex');
  assert.equal(verify({ header: `t=${t},v1=${byNothing}`, secrets: [''] }), 'unprepared');
  assert.equal(verify({ header: `t=${t},v1=${byNothing}`, secrets: ['', current] }), 'forged');
  assert.equal(verify({ header: 'junk', secrets: [] }), 'forged');
});
