import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createResponseReader } from './response-reader.js';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx: y\r\n\r\nok';
const busy = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n';

function read(chunks: readonly string[]): number[] {
  const statuses: number[] = [];
  const feed = createResponseReader(status => statuses.push(status));
  for (const chunk of chunks) feed(Buffer.from(chunk));
  return statuses;
}

test('answers are told apart however the bytes are cut', () => {
  const whole = ok + busy + ok;
  assert.deepEqual(read([whole]), [200, 503, 200]);
  for (let at = 1; at < whole.length; at++)
    assert.deepEqual(read([whole.slice(0, at), whole.slice(at)]), [200, 503, 200], `cut at ${at}`);
  assert.deepEqual(read([...whole]), [200, 503, 200]);
});

test('an answer that is not whole is not told', () => {
  assert.deepEqual(read([ok.slice(0, -1)]), []);
});

test('an answer whose end cannot be known is an error, not a wrong number', () => {
  assert.throws(() => read(['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n']), /length/);
});
